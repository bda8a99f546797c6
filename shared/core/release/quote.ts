/** A sentence of ours, and what AWS said to it, word for word: what stands before the quote is enough for a person. */

export type Quoted = 'CloudWatch' | 'ECS';

const SAYS = /; (?:CloudWatch|ECS) says: /;

export function quoting(plain: string, by: Quoted, words: string): string {
  return `${plain}; ${by} says: ${words}`;
}

export function withoutQuote(sentence: string): { readonly plain: string; readonly aws?: string } {
  const found = SAYS.exec(sentence);
  if (found === null) return { plain: sentence };
  const { index } = found;
  return { plain: sentence.slice(0, index), aws: sentence.slice(index + found[0].length) };
}

/** More of our own words: what AWS said stays last. */
export function beforeQuote(sentence: string, more: string): string {
  const { plain } = withoutQuote(sentence);
  return `${plain}${more}${sentence.slice(plain.length)}`;
}

/** Why a person is asked, and then what condemned the release that could not be left. */
const CONDEMNED = '; condemned: ';

export function asking(why: string, condemned: string): string {
  return `${why}${CONDEMNED}${condemned}`;
}

/** Both without AWS's own words. */
export function splitAsking(sentence: string): {
  readonly why: string;
  readonly condemned?: string;
} {
  const { plain } = withoutQuote(sentence);
  const at = plain.indexOf(CONDEMNED);
  if (at === -1) return { why: plain };
  return { why: plain.slice(0, at), condemned: plain.slice(at + CONDEMNED.length) };
}
