/**
 * Evidence over the minutes: a mixture over four alternatives and over the minute in which the fault
 * began, since a fault may begin late and what was good before must not count against finding it.
 *
 *   w(1) = 0.7,  w(s) = 0.3/((s − 1)·s)            Σ w = 1
 *   M_j ← logAdd(M_j, ln w(s)) + inc_j             M_j = −∞ at the beginning
 *   ln E = ln( (1/J) Σ_j e^(M_j) )
 *
 * Whatever the number of minutes, four numbers are kept. A mixture of e-processes is one (Ville, 1939).
 */
import { logAdd, logMean } from './log-space.ts';

export const ALTERNATIVES = 4;
/** Most faults are there from the first request on. */
export const FIRST = 0.7;

/** For each alternative the log of the evidence so far. */
export type Onset = Float64Array;

export function newOnset(): Onset {
  return new Float64Array(ALTERNATIVES).fill(Number.NEGATIVE_INFINITY);
}

/** `s`: which minute of this process it is, from 1. Undefined increments: nothing was measured in it. */
export function advance(onset: Onset, s: number, increments: Float64Array | undefined): void {
  const begins = Math.log(s === 1 ? FIRST : (1 - FIRST) / ((s - 1) * s));
  for (let j = 0; j < onset.length; j++) {
    onset[j] = logAdd(onset[j] ?? 0, begins) + (increments?.[j] ?? 0);
  }
}

export function evidenceOf(onset: Onset): number {
  return logMean(onset);
}
