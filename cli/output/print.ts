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
  process.stdout.write(`${shownSafely(text)}\n`);
}

/** For people only: what a program reads stands on stdout. */
export function note(text: string): void {
  process.stderr.write(`${shownSafely(text)}\n`);
}

export function json(value: unknown): void {
  // JSON escapes the older control characters only.
  const escaped = (hidden: string) => `\\u${hidden.charCodeAt(0).toString(16).padStart(4, '0')}`;
  process.stdout.write(`${JSON.stringify(value).replaceAll(HIDDEN, escaped)}\n`);
}

/** Control characters beside the line's end, and what turns text around. */
const HIDDEN = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
/** Those that picocolors writes; concealed text is none of them. */
const OUR_COLORS = new RegExp(
  `${String.fromCharCode(27)}\\[(?:[0-4]|2[234]|[34][0-79]|9[0-7])m`,
  'g',
);

/** Whoever wrote what stands in a record must not drive the terminal of who reads it. */
export function shownSafely(text: string): string {
  if (!colors.isColorSupported) return text.replaceAll(HIDDEN, ' ');
  const ours = text.match(OUR_COLORS) ?? [];
  return text
    .split(OUR_COLORS)
    .map((part, i) => `${part.replaceAll(HIDDEN, ' ')}${ours[i] ?? ''}`)
    .join('');
}

/** `12:05`, minutes and seconds; from an hour on `1:12:05`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number: number) => String(number).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  const hours = minutes < 60 ? '' : `${Math.floor(minutes / 60)}:`;
  return `${hours}${two(minutes % 60)}:${two(whole % 60)}`;
}

/** Columns of the terminal; piped output may be as wide as it likes. */
export function width(): number {
  const said = process.stdout.columns ?? Number(process.env.COLUMNS);
  return Number.isInteger(said) && said > 0 ? said : Number.POSITIVE_INFINITY;
}
