/**
 * Which share of the traffic the judge lets grow. The hook asks it before each step, and the looks ask it to tell
 * people that a share is held.
 */
import type { Moment } from '../../model/image.ts';
import type { Forward } from '../../model/record/phase.ts';
import type { Evidence, Release } from '../../model/record/release.ts';
import { MINUTE, type Rules } from '../../model/rules.ts';
import { isWhole, leastOf, type Place, placeOf } from '../../traffic/steps.ts';

/** So long a share is held for what the judge cannot say; then it is inconclusive. */
export const HELD_MS = 20 * MINUTE;

type Said = NonNullable<Evidence['judged']>;

/** Whether a share may grow after what the judge said of it. */
export function letsThrough(said: Said, place: Place, of: Pick<Release, 'redAtStart'>): boolean {
  switch (said.state) {
    case 'harmless':
      return true;
    case 'waiting':
      return (place !== 'first' && isMeasured(said)) || mayBeTheFix(said, of);
    case 'alike':
      return mayBeTheFix(said, of);
    case 'condemned':
    case 'alone':
    case 'suspicious':
    case 'unmeasured':
    case 'disputed':
      return false;
  }
}

export interface HeldShare {
  readonly share: number;
  readonly said: Said;
  /** How long it is held at most; then it is inconclusive. */
  readonly heldMs: number;
  readonly until: Moment;
}

/** Undefined: no share is held, since it may grow, is the whole, or goes back. */
export function heldShareOf({
  release,
  attempt,
}: Pick<Forward, 'release' | 'attempt'>): HeldShare | undefined {
  const { rules, evidence } = release;
  const step = attempt.course?.steps.at(-1);
  const said = evidence.judged;
  if (rules.judge !== 'act' || rules.strategy === undefined) return undefined;
  if (said === undefined || step === undefined || isWhole(step.share)) return undefined;
  // Those send it back.
  if (said.state === 'condemned' || said.state === 'alone') return undefined;
  if (letsThrough(said, placeOf(rules.strategy, step.share), release)) return undefined;
  const heldMs = leastOf(rules.strategy, step.share) + HELD_MS;
  return { share: step.share, said, heldMs, until: step.seenAt + heldMs };
}

/** It started under a red alarm, and is as bad as what ran before at the worst: that outage does not hold it. */
function mayBeTheFix(
  { isNotWorse }: Said,
  { redAtStart = [] }: Pick<Release, 'redAtStart'>,
): boolean {
  return isNotWorse === true && redAtStart.length > 0;
}

/** Some minute of it was counted, so something is known of it. */
function isMeasured(said: Said | undefined): boolean {
  return said?.from !== undefined;
}

/** Inconclusive: does it go on by one step? Not what was never measured, unless the config says so. */
export function goesOnInconclusive({ afterInconclusive }: Rules, said: Said | undefined): boolean {
  return (afterInconclusive ?? (isMeasured(said) ? 'proceed' : 'hold')) === 'proceed';
}
