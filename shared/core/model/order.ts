/** Which of two images is newer. The keys are made outside (tags need a parser); here they compare. */
import type { ImageDigest, Moment } from './image.ts';

export interface Order {
  /**
   * The rule that made `rank`; keys of two rules do not compare by rank. The commits of each branch
   * are an order of their own: `commit refs/heads/main`.
   */
  readonly by: 'push-time' | 'semver' | 'number' | `commit ${string}`;
  /**
   * Compared from left to right; numbers come before strings, a missing part before a present one.
   * push-time: []; number: [42]; semver 1.4.0: [1, 4, 0, 1]; semver 1.4.0-rc.2: [1, 4, 0, 0, 'rc', 2];
   * commit: [line, position].
   */
  readonly rank: readonly (number | string)[];
  /** ECR's `imagePushedAt`. */
  readonly pushedAt: Moment;
  readonly digest: ImageDigest;
}

/**
 * Below 0: `a` is older than `b`; above 0: newer; 0: the same image.
 * Two pushes of one moment are ordered by digest, so that arrival never decides.
 */
export function compareOrder(a: Order, b: Order): number {
  if (a.digest === b.digest) return 0;
  const rank = byRank(a, b);
  if (rank !== 0) return rank;
  if (a.pushedAt !== b.pushedAt) return a.pushedAt - b.pushedAt;
  return a.digest < b.digest ? -1 : 1;
}

/** Of one image with two tags too: the higher tag is its place. */
export function isHigher(a: Order, b: Order): boolean {
  if (a.digest !== b.digest) return compareOrder(a, b) > 0;
  return (byRank(a, b) || a.pushedAt - b.pushedAt) > 0;
}

/** Ranks of two rules say nothing of each other. */
function byRank(a: Order, b: Order): number {
  return a.by === b.by ? compareRank(a.rank, b.rank) : 0;
}

/** Below 0: `a` comes before `b`. */
export function compareRank(a: Order['rank'], b: Order['rank']): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (x === y) continue;
    if (x === undefined) return -1;
    if (y === undefined) return 1;
    if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
}
