/** Output: coloured on a terminal, plain when piped. */
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/**
 * Picocolors itself colours in CI too, where the output is piped. The option is looked for here, since
 * commands load this before anybody has read their options. https://no-color.org
 */
export const colors: Colors = picocolors.createColors(
  process.stdout.isTTY === true &&
    (process.env.NO_COLOR ?? '') === '' &&
    !process.argv.includes('--no-color'),
);

export function line(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** For people only: what a program reads stands on stdout. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
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

/** Columns of the terminal; piped output may be as wide as it likes. */
export function width(): number {
  const said = process.stdout.columns ?? Number(process.env.COLUMNS);
  return Number.isInteger(said) && said > 0 ? said : Number.POSITIVE_INFINITY;
}
