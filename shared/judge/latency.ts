/**
 * Slow answers, judged like errors: the same comparison with numbers of its own, since hosts differ by
 * themselves and new ones warm up for longer. Only where the two can be compared: a whole service that
 * grows slow says nothing about a release.
 */
import type { Counts } from './minute.ts';
import { capOf } from './shape.ts';
import { type TwoArmsNull, twoArms } from './two-arms.ts';

/** Hosts that differ by a tenth, and minutes that do, were measured to stay below this. */
const NULL: TwoArmsNull = { ratio: 2, margin: 0.01, phi: 4 };
const RATIOS: readonly number[] = [3, 6, 16, 1e9];
/** Caches fill, code is compiled: for two minutes slowness is no news. */
export const SLOW_FROM_SECONDS = 120;
const CAP_BUCKETS = 2;

export function slowCap(threshold: number): number {
  return capOf(threshold, CAP_BUCKETS, 0);
}

/** Fills in what a minute adds whose errors are its slow answers. */
export function fillSlow(into: Float64Array, counts: Counts, cap: number): void {
  for (let j = 0; j < into.length; j++) {
    into[j] = Math.min(cap, twoArms(counts, NULL, RATIOS[j] ?? 1e9));
  }
}
