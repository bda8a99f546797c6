/**
 * How many requests of the new revision the test needs, over what any test would need: Wald's bound
 * N* = ln(1/alpha)/g*, where g* is the largest growth of evidence per new request against the same null
 * (ratio, margin, the old rate unknown). Looked at after every request, phi 1, no cap.
 */
import { ALTERNATIVES, advance, evidenceOf, newOnset } from '../../shared/judge/onset.ts';
import { RATIOS, twoArms } from '../../shared/judge/two-arms.ts';
import { Chance } from './chance.ts';

const ALPHA = 1e-4;
const BOUND_MAX = 20_000;
const NULL = { ratio: 1.25, margin: 0.001, phi: 1 };

export interface WaldCell {
  readonly share: number;
  readonly oldRate: number;
  readonly fault: number;
  readonly bound: number;
  /** The mean of the test, over the bound. */
  readonly over: number;
}

export function measureWald(runs: number, seed: number): readonly WaldCell[] {
  const chance = new Chance(seed);
  const cells: WaldCell[] = [];
  for (const share of [0.05, 0.1, 0.5]) {
    for (const oldRate of [0, 0.001, 0.02]) {
      for (const fault of [0.005, 0.01, 0.05, 0.25, 1]) {
        // A fault turns good answers bad.
        const newRate = oldRate + (1 - oldRate) * fault;
        const cell = waldCell(share, oldRate, newRate, runs, chance);
        if (cell !== undefined) cells.push({ ...cell, fault });
      }
    }
  }
  return cells;
}

/** Undefined: hardly to be told from healthy, so that the bound is beyond what is worth drawing. */
function waldCell(
  share: number,
  oldRate: number,
  newRate: number,
  runs: number,
  chance: Chance,
): Omit<WaldCell, 'fault'> | undefined {
  const oldPerNew = (1 - share) / share;
  const bound = -Math.log(ALPHA) / largestGrowth(oldPerNew, oldRate, newRate);
  if (bound > BOUND_MAX) return undefined;
  let requests = 0;
  for (let i = 0; i < runs; i++) {
    requests += requestsToDetection(oldPerNew, oldRate, newRate, chance);
  }
  return { share, oldRate, bound, over: requests / runs / bound };
}

/** Over all alternatives, not only the four of the mixture: a line search in ln(rho). */
function largestGrowth(oldPerNew: number, oldRate: number, newRate: number): number {
  const counts = { oldN: oldPerNew, oldE: oldPerNew * oldRate, newN: 1, newE: newRate };
  let best = 0;
  for (let log = Math.log(NULL.ratio) + 0.001; log < Math.log(1e9); log += 0.001) {
    best = Math.max(best, twoArms(counts, NULL, Math.exp(log)));
  }
  return best;
}

/** New requests until the evidence is 1/alpha, each with its share of old ones beside it. */
function requestsToDetection(
  oldPerNew: number,
  oldRate: number,
  newRate: number,
  chance: Chance,
): number {
  const onset = newOnset();
  const increments = new Float64Array(ALTERNATIVES);
  for (let requests = 1; ; requests++) {
    const oldE = chance.poisson(oldPerNew * oldRate);
    const newE = chance.happens(newRate) ? 1 : 0;
    const counts = { oldN: oldPerNew, oldE, newN: 1, newE };
    for (let j = 0; j < ALTERNATIVES; j++) {
      increments[j] = twoArms(counts, NULL, RATIOS[j] ?? 1e9);
    }
    advance(onset, requests, increments);
    if (evidenceOf(onset) >= -Math.log(ALPHA)) return requests;
  }
}
