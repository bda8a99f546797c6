/**
 * One minute of evidence that the new revision is harmless. Its null is the opposite of the others': the
 * new one fails at least `mustCatch` more of its requests than the old one. With
 * b = 1 + newN·(1 − kappa)/oldN, for kappa below 1,
 *
 *   safe = [ newE·ln(kappa) + oldE·ln(b) + newN·mustCatch·(1 − kappa) ] / phi
 *
 * No cap, no onset and no hedge: whoever advances a release on it has the other tests still running.
 */
import type { Counts } from './minute.ts';

export const KAPPAS: readonly number[] = [0.1, 0.5];

/**
 * The same null against what fails as often as the old one: at a high rate of both, as in an outage, the others gather
 * nothing. It advances only what started under a red alarm, so it is no part of *harmless*.
 */
export const LEVEL_KAPPAS: readonly number[] = [0.5, 0.8, 0.95];

export function harmless(
  { oldN, oldE, newN, newE }: Counts,
  mustCatch: number,
  phi: number,
  kappa: number,
): number {
  if (oldN === 0 || newN === 0) return 0;
  const b = 1 + (newN * (1 - kappa)) / oldN;
  return (newE * Math.log(kappa) + oldE * Math.log(b) + newN * mustCatch * (1 - kappa)) / phi;
}
