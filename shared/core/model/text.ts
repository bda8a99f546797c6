/**
 * Sentences that we keep are bounded: what AWS or a person writes may be longer than a record allows.
 * A record with everything at its bound is under 36 KB; `record.test.ts` builds one.
 */

/** Why something is announced, or how a build ended: told to people, then forgotten. */
export const ANNOUNCED_MAX = 600;
/** Why something waits, or what AWS refused: kept while it waits. */
export const REASON_MAX = 300;
/** What somebody else said: AWS's own reason, a person's words. */
export const QUOTE_MAX = 200;
/** Why one task failed: five of them stand in one release. */
export const FAILURE_MAX = 120;

/** At most `max` characters; what was cut off shows. */
export function shorten(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
