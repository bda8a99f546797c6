import { describe, expect, it } from 'vitest';
import { evaluateAlarm, javaDouble } from '../../cloudwatch/evaluation.ts';
import { cloudwatchOperations } from '../../cloudwatch/operations.ts';
import { alarmState } from '../../cloudwatch/state.ts';
import { advance } from '../../services.ts';
import {
  cloudwatchWorld,
  MINUTE,
  passMinutes,
  putAlarm,
  putMinutes,
  START,
} from './cloudwatch-world.ts';

const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

/** The five newest points, oldest first: 0 does not breach, X breaches, - is missing. */
function verdict(points: string, toAlarm: number, treatment: (typeof TREATMENTS)[number]): string {
  const world = cloudwatchWorld();
  putAlarm(world, { DatapointsToAlarm: toAlarm, TreatMissingData: treatment });
  const values = points.split(' ').map((point) => ({ X: 9, '0': 1 })[point]);
  putMinutes(world, START, values);
  world.now = START + 5 * MINUTE + 20_000;
  const alarm = world.cloudwatch.alarms['web-errors'];
  if (alarm?.type !== 'MetricAlarm') throw new Error('no alarm');
  return evaluateAlarm(world, alarm).value;
}

describe('the tables of "How alarm state is evaluated when data is missing"', () => {
  const IN = 'INSUFFICIENT_DATA';
  const threeOfThree: readonly [string, ...string[]][] = [
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', IN, 'retain', 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - - - X', IN, 'retain', 'ALARM', 'OK'],
    ['- - X - -', 'ALARM', 'retain', 'ALARM', 'OK'],
  ];
  it.each(threeOfThree)('3 of 3: %s', (points, ...expected) => {
    expect(TREATMENTS.map((treatment) => verdict(points, 3, treatment))).toEqual(expected);
  });

  const twoOfThree: readonly [string, ...string[]][] = [
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 'ALARM', 'retain', 'ALARM', 'OK'],
    ['- - - - X', IN, 'retain', 'ALARM', 'OK'],
  ];
  it.each(twoOfThree)('2 of 3: %s', (points, ...expected) => {
    expect(TREATMENTS.map((treatment) => verdict(points, 2, treatment))).toEqual(expected);
  });
});

describe('an alarm on 2 of 3 minutes', () => {
  it('rises after the second bad minute and says why in the words of AWS', () => {
    const world = cloudwatchWorld();
    putAlarm(world);
    putMinutes(world, START, [1, 1, 1]);
    passMinutes(world, 4);
    expect(alarmState(world, 'web-errors')).toBe('OK');
    putMinutes(world, START + 3 * MINUTE, [25.1]);
    passMinutes(world, 1);
    expect(alarmState(world, 'web-errors')).toBe('OK');
    putMinutes(world, START + 4 * MINUTE, [30]);
    passMinutes(world, 1);
    expect(alarmState(world, 'web-errors')).toBe('ALARM');
    const { reason, reasonData = '' } = world.cloudwatch.alarms['web-errors']?.state ?? {};
    expect(reason).toBe(
      'Threshold Crossed: 2 out of the last 3 datapoints [30.0 (21/11/26 10:04:00), 25.1 (21/11/26 10:03:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).',
    );
    expect(JSON.parse(reasonData)).toEqual({
      version: '1.0',
      queryDate: expect.stringMatching(/^2026-11-21T10:05:\d\d\.\d{3}\+0000$/),
      startDate: '2026-11-21T10:02:00.000+0000',
      statistic: 'Sum',
      period: 60,
      recentDatapoints: [1, 25.1, 30],
      threshold: 5,
      evaluatedDatapoints: [
        { timestamp: '2026-11-21T10:04:00.000+0000', sampleCount: 1, value: 30 },
        { timestamp: '2026-11-21T10:03:00.000+0000', sampleCount: 1, value: 25.1 },
        { timestamp: '2026-11-21T10:02:00.000+0000', sampleCount: 1, value: 1 },
      ],
    });
    expect(reasonData).toContain('"threshold":5.0,');
  });

  it('goes back to OK and counts the points for the way back', () => {
    const world = cloudwatchWorld();
    putAlarm(world);
    putMinutes(world, START, [9, 9, 9, 1, 1]);
    passMinutes(world, 4);
    expect(alarmState(world, 'web-errors')).toBe('ALARM');
    passMinutes(world, 2);
    expect(alarmState(world, 'web-errors')).toBe('OK');
    expect(world.cloudwatch.alarms['web-errors']?.state.reason).toBe(
      'Threshold Crossed: 2 out of the last 3 datapoints [1.0 (21/11/26 10:04:00), 1.0 (21/11/26 10:03:00)] were not greater than the threshold (5.0) (minimum 2 datapoints for ALARM -> OK transition).',
    );
  });
});

describe('the words for missing data', () => {
  it('no data, treated as not breaching', () => {
    const world = cloudwatchWorld();
    putAlarm(world, { TreatMissingData: 'notBreaching' });
    passMinutes(world, 2);
    expect(world.cloudwatch.alarms['web-errors']?.state.reason).toBe(
      'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [NonBreaching].',
    );
  });

  it('no data, and no treatment: insufficient after it was something else', () => {
    const world = cloudwatchWorld();
    putAlarm(world, { EvaluationPeriods: 1, DatapointsToAlarm: 1 });
    cloudwatchOperations.SetAlarmState(world, {
      AlarmName: 'web-errors',
      StateValue: 'ALARM',
      StateReason: 'drill',
    });
    passMinutes(world, 2);
    expect(world.cloudwatch.alarms['web-errors']?.state).toMatchObject({
      value: 'INSUFFICIENT_DATA',
      reason: 'Insufficient Data: 1 datapoint was unknown.',
    });
  });

  it('an alarm without DatapointsToAlarm speaks in the shorter form', () => {
    const world = cloudwatchWorld();
    cloudwatchOperations.PutMetricAlarm(world, {
      AlarmName: 'old-style',
      Namespace: 'Test',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'Service', Value: 'web' }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
    });
    putMinutes(world, START, [1]);
    advance(world, START + 2 * MINUTE);
    expect(world.cloudwatch.alarms['old-style']?.state.reason).toBe(
      'Threshold Crossed: 1 datapoint [1.0 (21/11/26 10:00:00)] was not greater than the threshold (5.0).',
    );
  });
});

it.each([
  [5, '5.0'],
  [0, '0.0'],
  [0.0666851903306472, '0.0666851903306472'],
  [0.0001, '1.0E-4'],
  [12_345_678, '1.2345678E7'],
])('%d is printed as Java prints a double: %s', (value, text) => {
  expect(javaDouble(value)).toBe(text);
});
