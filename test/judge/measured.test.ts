/** A small fixed sample of `npm run judge:measure`: what docs/judge.md says of 100,000 releases, of a few. */
import { describe, expect, test } from 'vitest';
import {
  JUDGED_LINEAR,
  measureCell,
  minutesToAll,
  STRATEGIES,
} from '../../bench/judge/exposure.ts';
import { countFalseRollbacks, together } from '../../bench/judge/false-rollbacks.ts';
import { FAMILIES } from '../../bench/judge/families.ts';
import { REFERENCE } from '../../bench/judge/reference.ts';
import { falseRollbacksOf, falseRow } from '../../bench/judge/tables.ts';
import { measureWald } from '../../bench/judge/wald.ts';

describe('of 60 healthy releases none is condemned', () => {
  test.each(FAMILIES)('$name', (family) => {
    const { linear, canary } = countFalseRollbacks(family, 60, 1);
    expect([linear.condemned, canary.condemned]).toEqual([0, 0]);
  });
});

test('releases that were drawn from another seed are added to those of the page', () => {
  const counted = {
    releases: 10_000,
    linear: { condemned: 1, alone: 2 },
    canary: { condemned: 3, alone: 1_234 },
  };
  const row = falseRow('drift of both (sd 0.7)', counted);
  expect(row).toBe('| drift of both (sd 0.7) | 10,000 | 1; 2 | 3; 1234 |');
  expect(falseRollbacksOf(row)).toEqual(counted);
  expect(together(falseRollbacksOf(row), counted)).toEqual({
    releases: 20_000,
    linear: { condemned: 2, alone: 4 },
    canary: { condemned: 6, alone: 2_468 },
  });
});

describe('bad answers at LINEAR 5 % are those of the reference, within 15 %', () => {
  const linear = STRATEGIES[JUDGED_LINEAR];

  test.each([
    [600, 0.25],
    [3_000, 0.25],
    [3_000, 1],
  ])('%d a minute, %d errors', (rate, fault) => {
    const [, , bad = []] = REFERENCE.find(([rpm, share]) => rpm === rate && share === fault) ?? [];
    const expected = bad[JUDGED_LINEAR] ?? Number.NaN;
    const cell = linear && measureCell(linear, rate, fault, 120, 1);
    expect(cell?.found).toBe(1);
    expect(Math.abs((cell?.bad ?? 0) / expected - 1)).toBeLessThan(0.15);
  });
});

test('a release that nothing is wrong with has all the traffic after 33 minutes, in steps of 10 % after 27', () => {
  expect(minutesToAll(5, 11, 1)).toBe(33);
  expect(minutesToAll(10, 11, 1)).toBe(26.5);
});

test('the test needs at most 1.4 times the requests that any test would, in the mean', () => {
  const cells = measureWald(6, 1);
  expect(cells).toHaveLength(39);
  const mean = cells.reduce((sum, { over }) => sum + over, 0) / cells.length;
  expect(mean).toBeLessThan(1.4);
  expect(mean).toBeGreaterThan(0.9);
});

test("Wald's bound is the one that was worked out apart from this code", () => {
  const bounds = measureWald(1, 1)
    .filter(({ share, oldRate }) => share === 0.05 && oldRate === 0.001)
    .map(({ bound }) => bound);
  for (const [i, bound] of [4562, 1140, 100, 15, 3.4].entries()) {
    expect(Math.abs((bounds[i] ?? 0) / bound - 1)).toBeLessThan(0.02);
  }
});
