/** Sentences that fit into what GitHub takes as a description. */

/**
 * Of commit statuses and deployment statuses. (docs.github.com, rest/commits/statuses and
 * rest/deployments/statuses) GitHub counts characters, neither bytes nor UTF-16 units (unverified):
 * what fits in code points fits in either kind of character.
 */
export const DESCRIPTION_MAX = 140;
/** So that there is room for the reason before it. */
const TAIL_MAX = 66;

/** `lead` stands whole, `tail` nearly so, and the reason takes the room between them. */
export function describe(lead: string, reason: string, tail = ''): string {
  const [head, end] = [oneLine(lead), cut(oneLine(tail), TAIL_MAX)];
  const room = DESCRIPTION_MAX - lengthOf(head) - lengthOf(end);
  return cut(head + cut(oneLine(reason), room) + end, DESCRIPTION_MAX);
}

/** At most `max` code points; what was cut off shows. */
export function cut(text: string, max: number): string {
  const points = [...text];
  return points.length <= max ? text : `${points.slice(0, max - 1).join('')}…`;
}

function lengthOf(text: string): number {
  return [...text].length;
}

/** What was cut elsewhere may end in half a character. */
function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(/[\s\p{Cc}]+/gu, ' ');
}
