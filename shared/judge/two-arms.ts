/**
 * One minute, two revisions: how much more likely the counts are if the new one fails `rho` times as
 * often than if it is healthy. Healthy means, in every minute and whatever the old one's rate p0 is:
 *
 *   p1 ≤ ratio·p0 + margin
 *
 * With b = (ratio·newN + oldN) / (rho·newN + oldN) and ab = (rho/ratio)·b, so that 0 < b < 1 < ab,
 *
 *   two = [ newE·ln(ab) + oldE·ln(b) − newN·margin·(ab − 1) ] / phi
 *
 * and e^two has expectation at most 1 while the new one is healthy: by 1 + x ≤ e^x, the sum of exponents
 * is at most newN·(p1 − ratio·p0 − margin)·(ab − 1), since newN·ratio·(ab − 1) = oldN·(1 − b). That holds
 * for any p0 and another one each minute: a drift, the time of day, or an outage of both revisions move no
 * evidence. It is the ratio form of Turner, Ly and Grünwald's safe two-sample tests (arXiv 2106.02693) with
 * a margin; by Ville's inequality (1939) its product over minutes may be looked at as often as one likes.
 * With phi ≥ 1 it holds for errors in independent clusters of at most phi: x^(c/phi) ≤ 1 + (c/phi)(x − 1).
 */
import type { Counts, History } from './minute.ts';

/** How many times as often it may fail: four alternatives, mixed. The last stands for "any number". */
export const RATIOS: readonly number[] = [2, 5, 20, 1e9];

const NEWEST = 10;
/** A tenth: then twenty times as often is far from possible. */
const GRAVE = 0.1;
const FAILS_MAX = 0.5;
const DEVIATIONS = 3;

/**
 * Which alternatives are asked for. Any of them makes an honest test, but what fails 30 % cannot fail five
 * times as much, and half as much again lies below twice. So where a release comes into an outage, the first
 * two are drawn into what is possible, from `ratio` up to the ratio at which everything fails,
 *
 *   rho_j = min( usual_j, ratio·((1/p)/ratio)^(j/4) ),  j = 1, 2
 *
 * with p what the old one surely failed in its ten newest minutes before the release, at most a half. The
 * others are for the time after the outage, and the third is five times then: of small faults it sees more
 * than twenty times does. All four are known before the first new request and stay, so the comparison keeps
 * its bound, whatever either fails later.
 */
export function ratiosFor(history: History, phi: number, ratio: number): readonly number[] {
  const fails = surelyFails(history.slice(-NEWEST), phi);
  if (fails < GRAVE) return RATIOS;
  const room = 1 / Math.min(FAILS_MAX, fails) / ratio;
  return [Math.min(2, ratio * room ** 0.25), Math.min(5, ratio * room ** 0.5), 5, 1e9];
}

/** A few errors of few requests are no outage. */
function surelyFails(newest: History, phi: number): number {
  const requests = newest.reduce((sum, [one]) => sum + one, 0);
  const errors = newest.reduce((sum, [, one]) => sum + one, 0);
  return requests === 0 ? 0 : (errors - DEVIATIONS * Math.sqrt(phi * errors)) / requests;
}

export interface TwoArmsNull {
  readonly ratio: number;
  readonly margin: number;
  readonly phi: number;
}

export function twoArms(counts: Counts, { ratio, margin, phi }: TwoArmsNull, rho: number): number {
  const { oldN, oldE, newN, newE } = counts;
  if (oldN === 0 || newN === 0) return 0;
  const b = (ratio * newN + oldN) / (rho * newN + oldN);
  const ab = (rho / ratio) * b;
  return (newE * Math.log(ab) + oldE * Math.log(b) - newN * margin * (ab - 1)) / phi;
}
