/**
 * What a service was sent back from, read off what it ran in turn: for the day on which our own record
 * of it was lost. It knows nothing of why, so what is in doubt counts as sent back, and a person lifts it.
 */
import type { ContainerName } from '../model/image.ts';

/** The digest of each container. */
export type Content = Readonly<Record<ContainerName, string>>;

/** Digests that ran between two times of one and the same content, and do not run now; oldest first. */
export function sentBackFrom(ran: readonly Content[]): readonly string[] {
  const now = new Set(Object.values(ran.at(-1) ?? {}));
  const keys = ran.map(keyOf);
  const between = ran.filter((_, i) => keys.indexOf(keys[i] ?? '') === i && cameBack(keys, i));
  return [...new Set(between.flatMap((content) => Object.values(content)))].filter(
    (digest) => !now.has(digest),
  );
}

/** Something that ran before runs after it again. */
function cameBack(keys: readonly string[], at: number): boolean {
  const before = new Set(keys.slice(0, at).filter((key) => key !== keys[at]));
  return keys.slice(at + 1).some((key) => before.has(key));
}

function keyOf(content: Content): string {
  return JSON.stringify(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
}
