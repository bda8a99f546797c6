/** What one minute may add at most, and how it is read while new tasks warm up. */
import { UNMEASURED } from './dispersion.ts';
import { logAdd } from './log-space.ts';
import type { Counts, Minute } from './minute.ts';
import { ALTERNATIVES, FIRST } from './onset.ts';
import type { JudgeOptions } from './options.ts';

/**
 * The most that one minute may add, so that `capBuckets` minutes are needed: whatever happened in one
 * minute alone, a blip of one bad host for instance, condemns nobody. `room` is for a first minute, and
 * the one after it, that were hedged.
 */
export function capOf(threshold: number, capBuckets: number, room = 2 * Math.LN2): number {
  return (threshold - Math.log(FIRST) + Math.log(ALTERNATIVES) + room) / capBuckets;
}

/**
 * Half of the new answers are errors, and the old one is well: that needs no second look. Twenty errors at
 * least, and where they come in clusters so many more: one client that retries is one witness.
 */
export function isUnmistakable({ oldN, oldE, newN, newE }: Counts, phi: number): boolean {
  const least = ERRORS_MIN * Math.max(1, phi / UNMEASURED);
  return newE >= least && newE >= 0.5 * newN && oldE <= 0.05 * oldN;
}

const ERRORS_MIN = 20;

export function isWarm({ begin }: Minute, { warmupSeconds }: JudgeOptions): boolean {
  return begin < warmupSeconds;
}

/** First the cap, then the hedge: half of it on "a minute of warm-up tells nothing". */
export function shape(increments: Float64Array, cap: number, warm: boolean): void {
  for (let j = 0; j < increments.length; j++) {
    const capped = Math.min(increments[j] ?? 0, cap);
    increments[j] = warm ? logAdd(0, capped) - Math.LN2 : capped;
  }
}
