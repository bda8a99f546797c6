/** After *alone* the traffic is back: what ran before tells, in five minutes, what it was. */
import { describe, expect, test } from 'vitest';
import { aftermath } from '../../shared/judge/aftermath.ts';
import { HISTORY, release } from './release.ts';

/** All at once, and a quarter of the answers were errors; then these, of 3,000 to the old one. */
const FAILED = [0, 0, 3000, 750] as const;
const rows = (errors: readonly number[]) => [
  ...[FAILED, FAILED, FAILED],
  ...errors.map((oldE) => [3000, oldE, 0, 0] as const),
];
const names = { old: 'web:1', new: 'web:2' };
const afterwards = (errors: readonly number[]) =>
  aftermath(HISTORY, release(rows(errors)), 3, { names });

test('it does not suffer in five minutes: the release was worse', () => {
  expect(afterwards([3, 4, 2, 3, 3])).toEqual({
    state: 'worse',
    because:
      'of 15,000 requests to web:1, 15 failed (0.1 %) in 5 minutes after it; of the last 9,000 to web:2 it had been 2,250 (25 %)',
  });
});

test('before five minutes have passed nothing is said, unless it suffers', () => {
  expect(afterwards([3, 3, 3, 3]).state).toBe('waiting');
  expect(afterwards([])).toMatchObject({ state: 'waiting' });
  expect(afterwards([750]).state).toBe('alike');
});

describe('it suffers in one of the five minutes', () => {
  test('an outage did it', () => {
    expect(afterwards([3, 3, 900])).toEqual({
      state: 'alike',
      because:
        'in one minute after it of 3,000 requests to web:1, 900 failed (30 %), and up to 0.2 % was no news: what ran before fails as well',
    });
  });

  test('calm is two minutes in which it does not', () => {
    expect(afterwards([900, 900, 3]).isCalm).toBeUndefined();
    expect(afterwards([900, 900, 3, 3]).isCalm).toBe(true);
    expect(afterwards([900, 3, 3, 3, 3, 3, 900, 3]).isCalm).toBeUndefined();
  });

  test('what begins later is another outage', () => {
    expect(afterwards([3, 3, 3, 3, 3, 900]).state).toBe('worse');
  });
});

describe('an outage that ended near the return', () => {
  /** Three minutes of a quarter, then these, and five in which all is well: the first of them is minute 6. */
  const around = (...between: readonly (readonly [number, number, number, number])[]) => {
    const calm = Array(5).fill([3000, 3, 0, 0]);
    const minutes = release([FAILED, FAILED, FAILED, ...between, ...calm]);
    return aftermath(HISTORY, minutes, 3 + between.length, { names });
  };

  test('after the traffic was back, in the minute of that: what ran before failed as well', () => {
    const seen = around([1000, 250, 2000, 500]);
    expect(seen).toMatchObject({ state: 'alike', isCalm: true });
    const atOnce = release([FAILED, FAILED, FAILED, [1000, 250, 2000, 500]]);
    expect(aftermath(HISTORY, atOnce, 4).isCalm).toBeUndefined();
    expect(seen.because).toContain('of 1,000 requests to web:1, 250 failed (25 %)');
    // And in one until ECS said that it is over.
    expect(around([1000, 0, 2000, 500], [3000, 600, 0, 0]).state).toBe('alike');
  });

  test('five in a hundred of tasks that had no traffic are no news in that minute', () => {
    expect(around([1000, 50, 2000, 500]).state).toBe('worse');
  });

  test('before the traffic went back: the new one was well in its last minute, and nobody is blamed', () => {
    expect(around([0, 0, 3000, 3], [1000, 1, 2000, 2])).toEqual({
      state: 'untold',
      because:
        'of 15,000 requests to web:1, 15 failed (0.1 %) in 5 minutes after it; of the last 8,000 to web:2 it had been 755 (9.4 %); of 2,000 requests to web:2 in its last minute, 2 failed (0.1 %): that was over before the traffic went back',
    });
  });

  test('a minute of few requests that did not fail is no sign of that', () => {
    expect(around([2990, 3, 8, 0]).state).toBe('worse');
  });

  test('exactly as it went back: nothing tells it from the release', () => {
    expect(around([1000, 1, 2000, 500]).state).toBe('worse');
  });
});

test('where it had too few requests to show it, nobody is condemned', () => {
  const few = release([...[FAILED, FAILED, FAILED], ...Array(5).fill([20, 0, 0, 0])]);
  expect(aftermath(HISTORY, few, 3).state).toBe('untold');
  const none = release([...[FAILED, FAILED, FAILED], ...Array(5).fill([0, 0, 0, 0])]);
  expect(aftermath(HISTORY, none, 3).state).toBe('untold');
});

test('what the old one failed before any request reached the new one says nothing of its return', () => {
  const calm = Array(5).fill([3000, 3, 0, 0]);
  expect(aftermath(HISTORY, release([[3000, 900, 0, 0], ...calm]), 1).state).toBe('untold');
});

test('minutes that were never published, or cannot be, tell nothing', () => {
  const minutes = release(rows([3, 3, 3, 3, 3])).map((one, i) =>
    i < 5 ? one : { ...one, known: i === 7, oldE: i === 7 ? Number.NaN : 3 },
  );
  expect(aftermath(HISTORY, minutes, 3).state).toBe('untold');
});
