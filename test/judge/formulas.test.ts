/** The formulas, to two decimals, against numbers that were worked out apart from this code. */
import { describe, expect, test } from 'vitest';
import { againstHistory, mixedAgainst } from '../../shared/judge/against-history.ts';
import { baselineOf } from '../../shared/judge/baseline.ts';
import { harmless } from '../../shared/judge/harmless.ts';
import type { Counts, History } from '../../shared/judge/minute.ts';
import { DEFAULTS, thresholdsOf } from '../../shared/judge/options.ts';
import { capOf } from '../../shared/judge/shape.ts';
import { twoArms } from '../../shared/judge/two-arms.ts';

const counts = (oldN: number, oldE: number, newN: number, newE: number): Counts => ({
  oldN,
  oldE,
  newN,
  newE,
});
const minutes = (of: (i: number) => readonly [number, number]): History =>
  Array.from({ length: 240 }, (_, i) => of(i));

test.each([
  [counts(2850, 3, 150, 37), { ratio: 1.25, margin: 0.001, phi: 1 }, 20, 75.27335477],
  [counts(2850, 3, 150, 37), { ratio: 1.25, margin: 0.001, phi: 1 }, 1e9, 47.62008212],
  [counts(570, 0, 30, 2), { ratio: 1.25, margin: 0.001, phi: 1.5 }, 5, 1.57436043],
  [counts(570, 12, 30, 0), { ratio: 1.25, margin: 0.05, phi: 2 }, 2, -0.62534872],
])('two arms: %j, %j, rho %d is %d', (arms, healthy, rho, expected) => {
  expect(twoArms(arms, healthy, rho)).toBeCloseTo(expected, 7);
});

test.each([
  [150, 37, 0.0024, 1, 0.048, 104.00209412],
  [600, 1, 0.0031, 1.5, 0.0062, -0.77790188],
])(
  'history: of %d requests %d failed, reference %d, phi %d, q %d is %d',
  (n, e, ref, phi, q, expected) => {
    expect(againstHistory(n, e, ref, phi, q)).toBeCloseTo(expected, 7);
  },
);

test.each([
  [counts(2850, 3, 150, 0), 1, 0.1, 6.88884226],
  [counts(570, 1, 30, 2), 1.5, 0.5, -0.40687925],
])('harmless: %j, phi %d, kappa %d is %d', (arms, phi, kappa, expected) => {
  expect(harmless(arms, 0.05, phi, kappa)).toBeCloseTo(expected, 7);
});

test.each([
  [
    'one error in each seventh minute',
    minutes((i) => [600, i % 7 === 0 ? 1 : 0]),
    1.00083403,
    0.00146882,
  ],
  [
    'clusters',
    minutes((i) => [1000, i % 10 === 0 ? 5 : i % 3 === 0 ? 1 : 0]),
    1.80936024,
    0.00230202,
  ],
  ['no error at all', minutes(() => [60, 0]), 1.5, 0.00152083],
])('dispersion and reference of %s', (_, history, phi, ref) => {
  const baseline = baselineOf(history, DEFAULTS);
  expect(baseline.phi).toBeCloseTo(phi, 7);
  expect(baseline.ref).toBeCloseTo(ref, 7);
});

test('one minute adds at most 4.42 to the comparison, and 4.65 to the others', () => {
  const thresholds = thresholdsOf(DEFAULTS);
  expect(capOf(thresholds.two, 3)).toBeCloseTo(4.41863159, 7);
  expect(capOf(thresholds.history, 3)).toBeCloseTo(4.64968068, 7);
});

/** Whatever the old rate is: the largest expectation over the grid is that of a null, at most 1. */
describe('e^two has expectation at most 1 while the new one is healthy', () => {
  const poisson = (mean: number, most: number) => {
    const chances = [Math.exp(-mean)];
    for (let k = 1; k <= most; k++) chances.push(((chances[k - 1] ?? 0) * mean) / k);
    return chances;
  };

  test.each([2, 5, 20, 1e9])('rho %d', (rho) => {
    const healthy = { ratio: 1.25, margin: 0.001, phi: 1 };
    for (const p0 of [0, 0.001, 0.02, 0.2]) {
      const [oldN, newN] = [400, 40];
      const ofOld = poisson(oldN * p0, 200);
      const ofNew = poisson(newN * (1.25 * p0 + 0.001), 120);
      let expectation = 0;
      for (const [oldE, p] of ofOld.entries()) {
        for (const [newE, q] of ofNew.entries()) {
          expectation += p * q * Math.exp(twoArms(counts(oldN, oldE, newN, newE), healthy, rho));
        }
      }
      expect(expectation).toBeLessThan(1 + 1e-9);
      expect(expectation).toBeGreaterThan(0.2);
    }
  });
});

test('of requests that met the new revision alone six of 60, or eight of 200, are 50,000 to 1', () => {
  const sure = Math.log(50_000);
  expect(mixedAgainst(60, 6, 0.003)).toBeGreaterThan(sure);
  expect(mixedAgainst(60, 5, 0.003)).toBeLessThan(sure);
  expect(mixedAgainst(200, 8, 0.003)).toBeGreaterThan(sure);
  expect(mixedAgainst(200, 7, 0.003)).toBeLessThan(sure);
});
