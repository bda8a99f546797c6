/** What releases may take of the account's calls: who books first goes first, something is left for rollbacks. */
import { describe, expect, test } from 'vitest';
import { book, type Levels, readLevels, returned, SHARES } from '../../../shared/aws/shares.ts';
import type { CallsWanted } from '../../../shared/ports.ts';

const T0 = Date.parse('2026-11-20T10:00:00Z');

/** The moments that so many who want the same are given, in seconds after the first. */
function turns(count: number, calls: CallsWanted, levels: Levels = {}): readonly number[] {
  const given: number[] = [];
  let now = levels;
  for (let i = 0; i < count; i++) {
    const booking = book(now, calls, T0);
    now = booking.levels;
    given.push((booking.at - T0) / 1000);
  }
  return given;
}

describe('when the next calls may be made', () => {
  test('releases start four a second while the burst lasts, and then nearly one a second', () => {
    const given = turns(1_000, { starts: 1 });
    expect(given.slice(0, 5)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(given[20]).toBeCloseTo(5.2, 1);
    expect(given[21]).toBeCloseTo(6.25, 1);
    // AWS's own bucket allows the last one after 980 seconds.
    expect(given[99]).toBeLessThan(1.2 * 80);
    expect(given[999]).toBeLessThan(1.2 * 980);
  });

  test('the scarcest family decides', () => {
    expect(turns(5, { services: 1, tasks: 2, alarms: 1 })).toEqual([0, 0, 0, 0.25, 0.5]);
  });

  test('what was taken flows back', () => {
    const { levels } = book({}, { alarms: 3 }, T0);
    expect(book(levels, { alarms: 1 }, T0).at).toBe(T0 + 250);
    expect(book(levels, { alarms: 1 }, T0 + 250).at).toBe(T0 + 250);
    expect(book(levels, { alarms: 3 }, T0 + 60_000).at).toBe(T0 + 60_000);
  });

  test('what is given back is given to the next', () => {
    let levels: Levels = {};
    for (let i = 0; i < 40; i++) levels = book(levels, { starts: 1 }, T0).levels;
    const next = book(levels, { starts: 1 }, T0).at;
    expect(book(returned(levels, { starts: 1 }), { starts: 1 }, T0).at).toBeLessThan(next);
  });

  test('a clock that ran a year ahead once keeps nobody waiting for a year', () => {
    const hours = (n: number) => T0 + n * 3_600_000;
    const taken = (until: number) => ({ starts: { fullAt: until, lastAt: until } });
    expect(book(taken(hours(8_760)), { starts: 1 }, T0).at).toBe(T0);
    expect(book(taken(hours(3)), { starts: 1 }, T0).at).toBeGreaterThan(hours(2));
  });

  test('levels that nobody of ours wrote count as nothing taken', () => {
    const starts = { fullAt: T0 + 9_000, lastAt: T0 };
    expect(readLevels(JSON.stringify({ starts }))).toEqual({ starts });
    for (const text of ['', '{', 'null', '7', '{"starts":"x"}', '{"starts":null}', '{"a":{}}']) {
      expect(readLevels(text)).toEqual({});
    }
  });

  test.each([
    ['starts', 20, 1],
    ['services', 100, 20],
    ['rollouts', 50, 20],
    ['tasks', 100, 20],
    ['alarms', 9, 9],
    ['histories', 20, 20],
  ] as const)('of %s something is left for rollbacks', (family, burst, refill) => {
    expect(SHARES[family].burst).toBeLessThan(burst);
    expect(SHARES[family].refill).toBeLessThanOrEqual(refill);
  });
});
