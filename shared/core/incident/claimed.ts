/**
 * The course of an image that others built while no target has heard of it: it waits for GitHub's word, or it
 * was not taken, which is its end.
 */
import type { ClaimStanding } from './claim-standing.ts';
import { type Course, type Followed, isMeant, UNKNOWN } from './course.ts';

/**
 * Undefined: nothing of this is followed. Of each image the first standing counts, since what waits came
 * after what was not taken; and one image that was not taken is the end of a release of several.
 */
export function courseOfClaims(
  standings: readonly ClaimStanding[],
  followed: Followed,
): Course | undefined {
  const meant = standings.filter(({ digest, tag, commit }) =>
    isMeant(followed, { digest, tags: [tag], ...(commit && { commit: { sha: commit } }) }),
  );
  const first = meant.filter(
    ({ image }, i) => meant.findIndex((other) => other.image === image) === i,
  );
  const end = first.find(({ state }) => state === 'not-taken');
  if (end !== undefined) {
    const { because, outlook, command } = end;
    const next = `${outlook}; a person may deploy it by hand: ${command}`;
    return { ...UNKNOWN, state: 'refused', because, next };
  }
  const [waits] = first;
  if (waits === undefined) return undefined;
  return { ...UNKNOWN, state: 'waiting', because: waits.because, next: waits.outlook };
}
