/**
 * The part of an image's tag that comes from its branch. Two branches never have the same: where a name
 * has what a tag may not hold, or is too long, a few digits of its hash stand behind it.
 */
import { createHash } from 'node:crypto';

/** A tag has at most 128 characters, and the commit follows. */
const LABEL_MAX = 100;
const HASH_DIGITS = 10;
/** A branch that is named like that has a hash of its own behind it. */
const HASHED = /\.[0-9a-f]{10}$/;

/** A glob of branches without anything that stands for more than itself. */
export const LITERAL = /^[A-Za-z0-9._/-]+$/;

/** Only what a tag may hold is left of the name, so that nothing of it can reach a shell. */
export function refLabel(name: string): string {
  const label = name
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, LABEL_MAX);
  if (label === name && label !== '' && !HASHED.test(label)) return label;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_DIGITS);
  return `${label === '' ? 'ref' : label}.${hash}`;
}
