/**
 * Sentences that we keep are bounded: what AWS or a person writes may be longer than a record allows.
 * A record with everything at its bound is under 36 KB; `record.test.ts` builds one.
 */

/** Why something is announced, or how a build ended: told to people, then forgotten. */
export const ANNOUNCED_MAX = 600;
/** Why something waits, or what AWS refused: kept while it waits. */
export const REASON_MAX = 300;
/** What somebody else said: AWS's own reason, a person's words. */
export const QUOTE_MAX = 240;
/** Why one task failed, and what ECS says to it: five of them stand in one release. */
export const FAILURE_MAX = 240;

/** The rest of a word that would be cut: longer ones are cut where they are. */
const WORD_MAX = 30;

/** At most `max` characters, to the end of a word; what was cut off shows. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  const space = text[max - 1] === ' ' ? -1 : cut.lastIndexOf(' ');
  const end = space > 0 && cut.length - space <= WORD_MAX ? space : cut.length;
  return `${cut.slice(0, end)}…`;
}

/**
 * What others wrote, for terminals and logs: what moves a cursor, sets a clipboard, begins a line or
 * turns text around is a space.
 */
const HIDDEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;

export function plain(text: string): string {
  return text.replaceAll(HIDDEN, ' ');
}
