/**
 * One minute of the new revision, against what the old one ever showed: a likelihood ratio of a rate `q`
 * to `ref`, the highest rate that would be no news (Poisson: Wald, Sequential Analysis, 1947).
 *
 *   one = [ newE·ln(q/ref) − newN·(q − ref) ] / phi
 *
 * Its expectation is at most 1 while the true rate is at most `ref`. It sees more in one error than the
 * comparison does, and an outage of both deceives it: where there is a control it never speaks alone.
 */

import { logMean } from './log-space.ts';

/** How many times `ref` the rate may be: four alternatives, mixed. The last stands for "any rate". */
const MULTIPLES: readonly number[] = [2, 5, 20, 1e9];
const RATE_MAX = 0.5;

export function againstHistory(
  requests: number,
  errors: number,
  ref: number,
  phi: number,
  q: number,
): number {
  if (requests === 0) return 0;
  return (errors * Math.log(q / ref) - requests * (q - ref)) / phi;
}

/**
 * The same of requests that met the new revision alone, with all alternatives mixed: independent, looked
 * at once. At a `ref` of 0.3 % six of sixty errors, or eight of two hundred, are 50,000 to 1.
 */
export function mixedAgainst(requests: number, errors: number, ref: number): number {
  const logs = MULTIPLES.map((_, alternative) =>
    againstHistory(requests, errors, ref, 1, rateFor(ref, alternative, 1)),
  );
  return logMean(new Float64Array(logs));
}

/**
 * The alternatives' rates. Where both revisions share one target group, only `share` of its requests
 * are new ones, so of the group's rate only that share can move.
 */
export function rateFor(ref: number, alternative: number, share: number): number {
  const q = Math.max(ref, Math.min(RATE_MAX, ref * (MULTIPLES[alternative] ?? 1)));
  return ref + share * (q - ref);
}

/** While the new tasks warm up, more is no news. */
export function warmReference(ref: number, moreMargin: number): number {
  return Math.min(RATE_MAX, ref + moreMargin);
}
