/** Sentences that we keep are bounded: what AWS or a person writes may be longer than a record allows. */

/** At most `max` characters; what was cut off shows. */
export function shorten(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
