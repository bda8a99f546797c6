/** The steps of a shift: where a share stands among them, and how long each has at least. */
import { MINUTE, type Strategy } from '../model/rules.ts';

/** Where the judge holds the steps, each has these, at least. */
const FIRST_MS = 5 * MINUTE;
const MIDDLE_MS = MINUTE / 2;
const LAST_MS = 10 * MINUTE;

export type Place = 'first' | 'middle' | 'last';

export function isHeldByJudge(strategy: Strategy): boolean {
  return strategy.kind === 'linear' && strategy.heldByJudge === true;
}

/** A computed share is off by a hair. */
const HAIR = 1e-6;

/** All of the traffic. */
export function isWhole(share: number): boolean {
  return share >= 1 - HAIR;
}

export function placeOf(strategy: Strategy, share: number): Place {
  if (strategy.kind !== 'linear') return 'first';
  if (share <= strategy.stepPercent / 100 + HAIR) return 'first';
  return isBeforeLastStep(strategy, share) ? 'last' : 'middle';
}

/** How long a share is judged, at least. */
export function leastOf(strategy: Strategy, share: number): number {
  if (!isHeldByJudge(strategy)) return 0;
  const place = placeOf(strategy, share);
  return place === 'first' ? FIRST_MS : place === 'last' ? LAST_MS : MIDDLE_MS;
}

/** Whether the next of equal steps brings all of the traffic. */
export function isBeforeLastStep(
  { stepPercent }: Extract<Strategy, { kind: 'linear' }>,
  share: number,
): boolean {
  return isWhole(share + stepPercent / 100);
}
