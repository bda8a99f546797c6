/** Output: coloured on a terminal, plain when piped. */
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Picocolors itself colours in CI too, where the output is piped. https://no-color.org */
export const colors: Colors = picocolors.createColors(
  process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '',
);

export function line(text = ''): void {
  process.stdout.write(`${text}\n`);
}

export function json(value: unknown): void {
  line(JSON.stringify(value));
}

/** `12:05`, minutes and seconds. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}
