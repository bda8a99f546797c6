/** What the last day tells of an alarm: its data, how near they came to its threshold, and enough for a bake. */
import { describe, expect, test } from 'vitest';
import { alarmDayChecks } from '../../cli/doctor/alarm-day.ts';
import type { AlarmDay } from '../../shared/aws/alarm-days.ts';
import { definePipeline, ecsService } from '../../shared/config/config.ts';

const target = definePipeline({
  account: '123456789012',
  region: 'eu-central-1',
  targets: {
    web: ecsService({
      cluster: 'production',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      alarms: ['web-slow'],
      bakeMinutes: 10,
    }),
  },
}).targets.web;
if (target === undefined) throw new Error('no target');

const MINUTE = 60_000;
const DAY = 1_440;
const START = Date.UTC(2026, 10, 21, 12, 0);

/** `values` by the minute of the day; those that are missing have no point. */
function day(values: ReadonlyMap<number, number>, change: Partial<AlarmDay> = {}): AlarmDay {
  const points = [...values].map(([minute, value]) => ({ at: START + minute * MINUTE, value }));
  return {
    metric: 'TargetResponseTime',
    comparison: 'GreaterThanThreshold',
    threshold: 5,
    needs: 2,
    of: 3,
    missing: 'missing',
    periodMs: MINUTE,
    from: START,
    to: START + DAY * MINUTE,
    points,
    measuredAt: points.map(({ at }) => at),
    ...change,
  };
}

const every = (step: number, value = 1) =>
  new Map(Array.from({ length: DAY / step }, (_, i) => [i * step, value] as const));

function check(value: AlarmDay) {
  const days = new Map([['web-slow', { state: 'seen', value } as const]]);
  return alarmDayChecks(target as NonNullable<typeof target>, days)[0];
}

describe('data', () => {
  test('in every minute are told with the highest of them against the threshold', () => {
    expect(check(day(every(1).set(700, 4.5)))).toEqual({
      name: 'last day of alarm web-slow',
      state: 'ok',
      says: 'data in 1,440 of 1,440 minutes; the highest is 4.5; never 2 of 3 points came above 5',
      fix: null,
    });
  });

  test('of an alarm that rises when they fall are told with the lowest', () => {
    const healthy = day(every(1, 4).set(700, 1), {
      comparison: 'LessThanOrEqualToThreshold',
      threshold: 1,
      needs: 1,
      of: 1,
    });
    expect(check(healthy)?.says).toBe(
      'data in 1,440 of 1,440 minutes; the lowest is 1; once a point came to 1 or below',
    );
  });

  test('by five minutes are counted by five minutes', () => {
    const five = day(every(5), { periodMs: 5 * MINUTE, needs: 1, of: 1 });
    expect(check(five)?.says).toMatch(/^data in 288 of 288 periods of 5 min; /);
  });

  test('that are there at no time fail, with where to look', () => {
    expect(check(day(new Map()))).toMatchObject({
      state: 'failed',
      says: 'no data of TargetResponseTime in 1 d: it would not have risen, whatever happened',
      fix: expect.stringMatching(/^look at TargetResponseTime and its dimensions in CloudWatch: /),
    });
  });

  test('of errors alone, while requests were counted all day, are well: there was no error', () => {
    const quiet = day(new Map(), {
      metric: 'HTTPCode_Target_5XX_Count',
      measuredAt: [...every(1).keys()].map((minute) => START + minute * MINUTE),
    });
    expect(check(quiet)).toMatchObject({
      state: 'ok',
      says: 'no data of HTTPCode_Target_5XX_Count in 1 d, while what it is counted of was there in 1,440 of 1,440 minutes',
    });
  });
});

describe('how often it would have risen', () => {
  const says = (bad: readonly number[]) => {
    const values = every(1);
    for (const minute of bad) values.set(minute, 6);
    return /; (\S+( times)?) 2 of 3/.exec(check(day(values))?.says ?? '')?.[1];
  };

  test.each<[string, readonly number[], string]>([
    ['one point of two is too few', [100], 'never'],
    ['two that are three minutes apart are not in one sight', [100, 103], 'never'],
    ['two of three', [100, 102], 'once'],
    ['a gap that leaves two in sight ends nothing', [100, 101, 103], 'once'],
    ['it was well in between', [100, 101, 110, 111], '2 times'],
  ])('%s', (_, bad, expected) => {
    expect(says(bad)).toBe(expected);
  });
});

describe('a bake', () => {
  test('of ten minutes with a point each ten lacks the two that the alarm needs: it fails', () => {
    expect(check(day(every(10)))).toMatchObject({
      state: 'failed',
      says: 'data in 144 of 1,440 minutes; the highest is 1; never 2 of 3 points came above 5; in 0 % of the bakes of 10 min it would have had the 2 it needs: too few to judge most releases',
      fix: expect.stringContaining('targets.web.bakeMinutes'),
    });
  });

  test('with a point each five minutes has two', () => {
    expect(check(day(every(5)))).toMatchObject({
      state: 'ok',
      says: 'data in 288 of 1,440 minutes; the highest is 1; never 2 of 3 points came above 5',
    });
  });

  test('at night has none, and that is told', () => {
    const values = every(1);
    for (let minute = 720; minute < 1_080; minute++) values.delete(minute);
    expect(check(day(values))).toMatchObject({
      state: 'ok',
      says: expect.stringMatching(
        /; in 75 % of the bakes of 10 min it would have had the 2 it needs$/,
      ),
    });
  });

  test('without points is judged by an alarm that says what a missing one means', () => {
    expect(check(day(every(10), { missing: 'notBreaching' }))?.state).toBe('ok');
    expect(check(day(every(10), { missing: 'breaching' }))?.state).toBe('ok');
    expect(check(day(every(10), { missing: 'ignore' }))?.state).toBe('failed');
  });

  test('is not counted before the first point: a metric of the last hour was not there before', () => {
    const young = new Map([...every(1)].filter(([minute]) => minute >= 1_380));
    expect(check(day(young))).toMatchObject({
      state: 'ok',
      says: expect.stringMatching(
        /^data in 60 of 1,440 minutes; the highest is 1; never \D*2 of 3 points came above 5$/,
      ),
    });
  });
});

test('what could not be seen is skipped, and of an alarm that is not there nothing is said', () => {
  const because = 'the permission cloudwatch:GetMetricData is missing';
  const days = new Map([['web-slow', { state: 'unseen', because } as const]]);
  expect(alarmDayChecks(target, days)).toMatchObject([{ state: 'skipped', says: because }]);
  expect(alarmDayChecks(target, new Map())).toEqual([]);
});
