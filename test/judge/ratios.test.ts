/** A release that comes into an outage: what is compared then, and how soon a worse one is found. */
import { expect, test } from 'vitest';
import { judge } from '../../shared/judge/judge.ts';
import type { History } from '../../shared/judge/minute.ts';
import { RATIOS, ratiosFor } from '../../shared/judge/two-arms.ts';
import { HISTORY, release } from './release.ts';

/** 3,000 requests a minute; for the last forty minutes this share of them fails. */
const inOutage = (fails: number, minutes = 40): History =>
  HISTORY.map((pair, i) => (i < 240 - minutes ? pair : [3000, 3000 * fails]));

const rounded = (history: History) =>
  ratiosFor(history, 1, 1.25).map((ratio) => Number(ratio.toFixed(2)));

test.each([
  [0.001, [2, 5, 20, 1e9]],
  [0.1, [2, 5, 20, 1e9]],
  [0.12, [2, 3.31, 5, 1e9]],
  [0.3, [1.61, 2.07, 5, 1e9]],
  [0.5, [1.41, 1.6, 5, 1e9]],
  [1, [1.41, 1.58, 5, 1e9]],
])('where what ran before fails %d, the new one may fail %j times as often', (fails, ratios) => {
  expect(rounded(inOutage(fails))).toEqual(ratios);
});

test('a few errors of few requests, an outage that is over, and no history at all are no outage', () => {
  expect(rounded(HISTORY.map((_, i) => [1, i === 239 ? 1 : 0] as const))).toEqual(RATIOS);
  expect(rounded([...inOutage(0.3), ...HISTORY.slice(0, 10)])).toEqual(RATIOS);
  expect(rounded([])).toEqual(RATIOS);
});

const of = (oldE: number, newE: number) => release(Array(10).fill([2400, oldE, 600, newE]));

test('a fix that fails 47 % where 30 % fail is condemned in its fifth minute', () => {
  const judgement = judge(inOutage(0.3), of(720, 282));
  expect(judgement).toMatchObject({ state: 'condemned', minute: 4 });
  expect(judgement.because).toContain(
    'of 3,000 requests to the new revision, 1,410 failed (47 %); of 12,000 to the old revision in the same minutes, 3,600 (30 %)',
  );
});

test('a fix that fails what the old one fails, or a quarter more of it, is not', () => {
  expect(judge(inOutage(0.3), of(720, 180)).state).toBe('waiting');
  expect(judge(inOutage(0.3), of(720, 225)).state).toBe('waiting');
});

test('when the outage is over, one per cent is found as it always is', () => {
  const minuteOf = (history: History) =>
    judge(history, release(Array(30).fill([2850, 3, 150, 2]))).minute;
  expect(minuteOf(inOutage(0.6))).toBe(minuteOf(HISTORY.with(100, [3000, 1800])));
});
