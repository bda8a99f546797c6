/** A release as the tests of the judge tell it: rows of counts, a minute each. */
import type { History, Minute } from '../../shared/judge/minute.ts';

/** 3,000 requests a minute, three of them errors: phi 1, reference 0.24 %. */
export const HISTORY: History = Array.from({ length: 240 }, () => [3000, 3] as const);

type Row = readonly [oldN: number, oldE: number, newN: number, newE: number];

export function release(rows: readonly Row[], change: Partial<Minute> = {}): readonly Minute[] {
  return rows.map(([oldN, oldE, newN, newE], i) => ({
    begin: -20 + 60 * i,
    known: true,
    control: true,
    oldN,
    oldE,
    newN,
    newE,
    ...change,
  }));
}

/** A quarter of what reaches the new one fails. */
export const BAD: readonly Row[] = [
  [2850, 3, 100, 25],
  [2850, 3, 150, 37],
  [2850, 3, 150, 37],
];
export const GOOD: readonly Row[] = BAD.map(([oldN, oldE, newN]) => [oldN, oldE, newN, 0]);
