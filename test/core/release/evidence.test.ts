/** What speaks against a release: which rises count for a window, and how failed tasks are counted. */
import { describe, expect, test } from 'vitest';
import type { Observation, StoppedTask } from '../../../shared/core/model/observation.ts';
import type { Evidence } from '../../../shared/core/model/record/release.ts';
import {
  blamedContainers,
  countsAgainst,
  NOTHING_AGAINST,
  risesSeen,
  type Window,
  whyCondemned,
  withFailures,
  withRises,
} from '../../../shared/core/release/evidence.ts';
import { at, crashed, red, revision, rise, rules, service } from '../../build.ts';

const WINDOW: Window = { from: at(0), to: at(10), judgedAt: at(13), alarms: ['web-5xx'] };
const { judgedAt: _, ...UNJUDGED } = WINDOW;
const { to: __, ...OPEN } = UNJUDGED;

describe('a rise counts for a window', () => {
  test.each<[what: string, counts: boolean, when: number, window: Window, data?: object]>([
    ['at its beginning', true, 0, WINDOW],
    ['before it', false, -1, WINDOW],
    ['at its end', true, 10, UNJUDGED],
    ['after its end', false, 11, UNJUDGED],
    ['after its end, until it is judged', true, 13, WINDOW],
    ['after it was judged', false, 14, WINDOW],
    ['whenever, while it is open', true, 99, OPEN],
    ['late, for data of before its end', true, 30, WINDOW, { breachStartsAt: at(9) }],
    ['late, for data of after its end', false, 12, WINDOW, { breachStartsAt: at(10) }],
    ['for data of before it', false, 1, WINDOW, { breachEndsAt: at(0) }],
    ['for data that end in it', true, 1, WINDOW, { breachEndsAt: at(0) + 1 }],
  ])('%s: %s', (_name, counts, when, window, data = {}) => {
    expect(countsAgainst(rise(when, data), window)).toBe(counts);
  });

  test('of another alarm it does not', () => {
    expect(countsAgainst(rise(1, { alarm: 'other' }), WINDOW)).toBe(false);
  });
});

describe('rises that are kept', () => {
  const watch = (...rises: Evidence['rises']): Evidence => ({ ...NOTHING_AGAINST, rises });

  test('once each, and none that does not count', () => {
    const given = watch(rise(1));
    expect(withRises(given, [rise(1)], WINDOW)).toBe(given);
    expect(withRises(given, [rise(20)], WINDOW)).toBe(given);
    expect(withRises(given, [rise(2)], WINDOW).rises.map((one) => one.at)).toEqual([at(1), at(2)]);
    expect(withRises(watch(rise(20)), [], WINDOW).rises).toEqual([]);
  });

  test('of two alarms at one moment both', () => {
    const both = { ...WINDOW, alarms: ['web-5xx', 'web-slow'] };
    const slow = rise(1, { alarm: 'web-slow' });
    expect(withRises(watch(rise(1)), [slow], both).rises).toHaveLength(2);
  });

  test('one that is held makes way for one that condemns', () => {
    const held = [1, 2, 3].map((minutes) => rise(minutes));
    const heldRises = held.map(({ alarm, at: when }) => ({ alarm, at: when }));
    const given = { ...watch(...held), heldRises };
    const then = withRises(given, [rise(4)], WINDOW);
    expect(then.rises.map((one) => one.at)).toEqual([at(4), at(1), at(2)]);
    expect(
      whyCondemned(then, WINDOW, rules(), { state: 'found', ...service(2) })?.because,
    ).toContain('rose at 10:04:00 UTC');
  });

  test('of what a look found the oldest comes first, and what was muted is left out', () => {
    const observation = {
      alarms: { 'web-5xx': red(at(5)), quiet: { ...red(at(6)), suppressedBy: 'other' } },
      rises: { 'web-5xx': { state: 'known', rises: [rise(9), rise(3)] } },
    } as unknown as Observation;
    const times = (muted?: readonly number[]) =>
      risesSeen({ ...(muted && { mutedRises: { 'web-5xx': muted } }) }, observation).map(
        (one) => one.at,
      );
    expect(times()).toEqual([at(3), at(5), at(9)]);
    expect(times([at(5) - 999])).toEqual([at(3), at(9)]);
    expect(times([at(5) - 1_000])).toEqual([at(3), at(5), at(9)]);
  });
});

test('one that is held spares no other alarm that rose in that moment', () => {
  const both = { ...WINDOW, alarms: ['web-5xx', 'web-slow'] };
  const given: Evidence = {
    ...NOTHING_AGAINST,
    rises: [rise(4), rise(4, { alarm: 'web-slow' })],
    heldRises: [{ alarm: 'web-5xx', at: at(4) }],
  };
  const verdict = whyCondemned(given, both, rules(), { state: 'found', ...service(2) });
  expect(verdict).toMatchObject({ alarms: ['web-slow'], roseAt: at(4), dataEndAt: at(4) });
});

test('a verdict is dated by the data of its alarm, and told in words before the words of AWS', () => {
  const told = rise(4, {
    breachStartsAt: at(2),
    breachEndsAt: at(3),
    inWords: '6 % of the requests failed',
    reason: 'Threshold Crossed',
  });
  const verdict = whyCondemned({ ...NOTHING_AGAINST, rises: [told] }, WINDOW, rules(), {
    state: 'found',
    ...service(2),
  });
  expect(verdict).toMatchObject({ roseAt: at(2), dataEndAt: at(3) });
  expect(verdict?.because).toBe(
    'alarm web-5xx rose at 10:04:00 UTC: 6 % of the requests failed; CloudWatch says: Threshold Crossed',
  );
});

describe('tasks that failed', () => {
  const of = (stoppedTasks: readonly StoppedTask[], failedTasks?: number) =>
    ({ at: at(7), stoppedTasks, ...(failedTasks && { failedTasks }) }) as unknown as Observation;

  test('are counted once, with when the last one failed', () => {
    const tasks = [crashed('a', 2, { stoppedAt: at(5) }), crashed('b', 2, { stoppedAt: at(4) })];
    const then = withFailures(NOTHING_AGAINST, of(tasks), revision(2));
    expect(then).toMatchObject({ failed: 2, counted: ['a', 'b'], lastFailedAt: at(5) });
    expect(withFailures(then, of(tasks), revision(2))).toBe(then);
    const later = withFailures(then, of([crashed('c', 2)]), revision(2));
    expect(later).toMatchObject({ failed: 3, counted: ['a', 'b', 'c'], lastFailedAt: at(7) });
  });

  test('are known for longer than their sentences are kept', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const all = ids.map((id) => crashed(id, 2, { stoppedAt: at(5) }));
    const then = withFailures(NOTHING_AGAINST, of(all), revision(2));
    expect(then.failures).toHaveLength(5);
    expect(withFailures(then, of(all), revision(2))).toBe(then);
    const late = withFailures(then, of([crashed('g', 2, { stoppedAt: at(4) })]), revision(2));
    expect(late).toMatchObject({ failed: 7, lastFailedAt: at(5) });
  });

  test('of another revision, or without a fault of theirs, are none', () => {
    const others = [crashed('a', 3), crashed('b', 2, { stopCode: 'UserInitiated' })];
    expect(withFailures(NOTHING_AGAINST, of(others), revision(2))).toBe(NOTHING_AGAINST);
  });

  test('as many as ECS counts, though it lists fewer', () => {
    expect(withFailures(NOTHING_AGAINST, of([], 4), revision(2)).failed).toBe(4);
    const then = withFailures(NOTHING_AGAINST, of([crashed('a', 2)], 4), revision(2));
    expect(withFailures(then, of([crashed('a', 2)], 5), revision(2)).failed).toBe(5);
  });

  test('condemn at half of what is wanted, two at least, unless the config says how many', () => {
    const verdict = (failed: number, desired: number, change: object = {}) => {
      const { maxTaskFailures: _max, ...none } = rules();
      const watch = { ...NOTHING_AGAINST, failed };
      const found = { state: 'found', ...service(2, { desired }) } as const;
      return whyCondemned(watch, WINDOW, { ...none, ...change }, found)?.because;
    };
    expect(verdict(1, 1)).toBeUndefined();
    expect(verdict(2, 1)).toBe('2 of its tasks failed, the last one: no reason known');
    expect(verdict(2, 5)).toBeUndefined();
    expect(verdict(3, 5)).toBeDefined();
    expect(verdict(1, 5, { maxTaskFailures: 1 })).toBe('one of its tasks failed: no reason known');
  });

  test('blame a container if every failure names one; whether it never ran at all is said', () => {
    const failures = (...all: readonly (readonly [container: string | undefined, why: string])[]) =>
      blamedContainers({
        ...NOTHING_AGAINST,
        failures: all.map(([container, because], n) => ({
          ...{ task: `${n}`, because },
          ...(container && { container }),
        })),
      });
    expect(failures()).toEqual({});
    expect(failures(['app', 'x'], ['app', 'y'])).toEqual({ containers: ['app'] });
    expect(failures(['app', 'x'], [undefined, 'y'])).toEqual({});
    expect(failures(['app', 'CannotPullContainerError'])).toEqual({
      containers: ['app'],
      wereNotPulled: true,
    });
    expect(failures(['app', 'CannotPullContainerError'], ['app', 'x'])).toEqual({
      containers: ['app'],
    });
  });
});
