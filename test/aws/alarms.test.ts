import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { createAlarms } from '../../shared/aws/alarms.ts';
import { readSettings } from '../../shared/aws/connect/client-settings.ts';
import { listeningLog, lost, Trouble, throttled, type WireAnswer, wire } from './wire.ts';

const T0 = Date.parse('2026-11-20T10:00:00Z');
const seconds = (minute: number) => (T0 + minute * 60_000) / 1000;

function connected(answers: Record<string, readonly WireAnswer[]>) {
  const far = wire(answers);
  return {
    far,
    alarms: createAlarms(new CloudWatchClient(readSettings(far.settings)), listeningLog()),
  };
}

test('metric and composite alarms are told with their state and since when; others are missing', async () => {
  const { alarms, far } = connected({
    DescribeAlarms: [
      {
        MetricAlarms: [
          {
            AlarmName: 'red',
            StateValue: 'ALARM',
            StateReason:
              'Threshold Crossed: 1 out of the last 1 datapoints [9.0 (20/11/26 10:02:00)] was greater',
            StateReasonData: JSON.stringify({ period: 60 }),
            Period: 60,
            EvaluationPeriods: 3,
            StateTransitionedTimestamp: seconds(4),
            StateUpdatedTimestamp: seconds(6),
          },
          { AlarmName: 'quiet', StateValue: 'OK', StateUpdatedTimestamp: seconds(1) },
          { AlarmName: 'new', StateValue: 'PURPLE', StateUpdatedTimestamp: seconds(1) },
        ],
        CompositeAlarms: [
          {
            AlarmName: 'both',
            StateValue: 'INSUFFICIENT_DATA',
            StateTransitionedTimestamp: seconds(2),
          },
        ],
      },
    ],
  });
  expect(await alarms.states(['red', 'quiet', 'both', 'gone', 'new'])).toEqual({
    red: {
      state: 'ALARM',
      since: T0 + 240_000,
      breachEndsAt: T0 + 180_000,
      breachStartsAt: T0 + 120_000,
      judgesInMs: 180_000,
      reason: expect.stringContaining('Threshold Crossed'),
    },
    quiet: { state: 'OK', since: T0 + 60_000 },
    both: { state: 'INSUFFICIENT_DATA', since: T0 + 120_000 },
    gone: { state: 'missing' },
    new: { state: 'unknown', because: expect.stringContaining('PURPLE') },
  });
  expect(far.bodies('DescribeAlarms')).toEqual([
    {
      AlarmNames: ['red', 'quiet', 'both', 'gone', 'new'],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: 100,
    },
  ]);
});

test('no names, no call', async () => {
  const { alarms, far } = connected({});
  expect(await alarms.states([])).toEqual({});
  expect(await alarms.rises([], T0)).toEqual({});
  expect(far.calls).toEqual([]);
});

test.each([throttled, lost, new Trouble(400, 'AccessDenied', 'not authorized')])(
  'when CloudWatch does not answer (%o) alarms are unknown, and nothing throws',
  async (trouble) => {
    const { alarms } = connected({ DescribeAlarms: [trouble], DescribeAlarmHistory: [trouble] });
    expect(await alarms.states(['a', 'b'])).toEqual({
      a: { state: 'unknown', because: expect.stringContaining('DescribeAlarms') },
      b: { state: 'unknown', because: expect.stringContaining('DescribeAlarms') },
    });
    expect(await alarms.rises(['a'], T0)).toEqual({
      a: { state: 'unknown', because: expect.stringContaining('DescribeAlarmHistory') },
    });
  },
);

const change = (minute: number, from: string, to: string) => ({
  AlarmName: 'a',
  HistoryItemType: 'StateUpdate',
  Timestamp: seconds(minute),
  HistorySummary: `Alarm updated from ${from} to ${to}`,
  HistoryData: JSON.stringify({
    version: '1.0',
    oldState: { stateValue: from, stateReason: 'before' },
    newState: {
      stateValue: to,
      stateReason:
        'Threshold Crossed: 1 out of the last 1 datapoints [9.0 (20/11/26 10:02:00)] was greater',
      stateReasonData: { period: 60 },
    },
  }),
});

test('a rise is a change to ALARM from anything else; ALARM to ALARM is none', async () => {
  const { alarms, far } = connected({
    DescribeAlarmHistory: [
      {
        AlarmHistoryItems: [change(1, 'OK', 'ALARM'), change(2, 'ALARM', 'ALARM')],
        NextToken: 'n',
      },
      { AlarmHistoryItems: [change(3, 'ALARM', 'OK'), change(5, 'INSUFFICIENT_DATA', 'ALARM')] },
    ],
  });
  const rise = {
    alarm: 'a',
    breachEndsAt: T0 + 180_000,
    breachStartsAt: T0 + 120_000,
    reason: expect.stringContaining('Threshold Crossed'),
  };
  expect(await alarms.rises(['a', 'a'], T0)).toEqual({
    a: {
      state: 'known',
      rises: [
        { ...rise, at: T0 + 60_000 },
        { ...rise, at: T0 + 300_000 },
      ],
    },
  });
  expect(far.bodies('DescribeAlarmHistory')).toMatchObject([
    {
      AlarmName: 'a',
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      HistoryItemType: 'StateUpdate',
      StartDate: T0 / 1000,
      ScanBy: 'TimestampAscending',
    },
    { NextToken: 'n' },
  ]);
});

test('one alarm that fails does not make another unknown', async () => {
  const { alarms } = connected({
    DescribeAlarmHistory: [new Trouble(400, 'InvalidNextToken'), { AlarmHistoryItems: [] }],
  });
  expect(await alarms.rises(['a', 'b'], T0)).toMatchObject({
    a: { state: 'unknown' },
    b: { state: 'known', rises: [] },
  });
});

test('a history that does not end proves nothing, unless it has a rise already', async () => {
  const endless = connected({ DescribeAlarmHistory: [{ AlarmHistoryItems: [], NextToken: 'n' }] });
  expect(await endless.alarms.rises(['a'], T0)).toMatchObject({ a: { state: 'unknown' } });
  expect(endless.far.calls).toHaveLength(5);
  const red = connected({
    DescribeAlarmHistory: [{ AlarmHistoryItems: [change(1, 'OK', 'ALARM')], NextToken: 'n' }],
  });
  expect(await red.alarms.rises(['a'], T0)).toMatchObject({ a: { state: 'known' } });
});

test('a history that cannot be read is unknown', async () => {
  for (const HistoryData of ['{', '{}', undefined]) {
    const item = { ...change(1, 'OK', 'ALARM'), HistoryData };
    const { alarms } = connected({ DescribeAlarmHistory: [{ AlarmHistoryItems: [item] }] });
    expect(await alarms.rises(['a'], T0)).toMatchObject({ a: { state: 'unknown' } });
  }
});

test('a composite alarm whose actions are suppressed says so, and its history then has no rise', async () => {
  const item = change(1, 'OK', 'ALARM');
  const data = JSON.parse(item.HistoryData) as { newState: object };
  const suppressed = { ...data, newState: { ...data.newState, actionsSuppressedBy: 'Alarm' } };
  const { alarms } = connected({
    DescribeAlarms: [
      {
        CompositeAlarms: [
          {
            AlarmName: 'both',
            StateValue: 'ALARM',
            StateReason: 'a child is red',
            StateTransitionedTimestamp: seconds(2),
            ActionsSuppressedBy: 'Alarm',
          },
        ],
      },
    ],
    DescribeAlarmHistory: [
      { AlarmHistoryItems: [{ ...item, HistoryData: JSON.stringify(suppressed) }] },
    ],
  });
  expect(await alarms.states(['both'])).toMatchObject({
    both: { state: 'ALARM', suppressedBy: 'Alarm' },
  });
  expect(await alarms.rises(['both'], T0)).toEqual({ both: { state: 'known', rises: [] } });
});

test('an alarm that is OK for want of data says so, where it counts missing data as good', async () => {
  const StateReason =
    'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [NonBreaching].';
  const ok = { StateValue: 'OK', StateUpdatedTimestamp: seconds(1) };
  const { alarms } = connected({
    DescribeAlarms: [
      {
        MetricAlarms: [
          { ...ok, AlarmName: 'wanting', StateReason, TreatMissingData: 'notBreaching' },
          {
            ...ok,
            AlarmName: 'quiet',
            StateReason: '1.0 was not',
            TreatMissingData: 'notBreaching',
          },
          { ...ok, AlarmName: 'ignoring', StateReason, TreatMissingData: 'ignore' },
        ],
      },
    ],
  });
  const since = T0 + 60_000;
  expect(await alarms.states(['wanting', 'quiet', 'ignoring'])).toEqual({
    wanting: { state: 'OK', since, okForWantOfData: true },
    quiet: { state: 'OK', since },
    ignoring: { state: 'OK', since },
  });
});

test('an alarm is muted since the oldest active rule is as it is; a call that fails mutes nothing', async () => {
  const rule = (minute: number, Status: string) => ({
    AlarmMuteRuleArn: `arn:aws:cloudwatch:eu-central-1:123456789012:alarm-mute-rule:r${minute}`,
    Status,
    MuteType: 'ONE_TIME',
    LastUpdatedTimestamp: seconds(minute),
  });
  const { alarms, far } = connected({
    ListAlarmMuteRules: [
      {
        AlarmMuteRuleSummaries: [rule(1, 'EXPIRED'), rule(5, 'ACTIVE'), rule(3, 'ACTIVE')],
      },
      { AlarmMuteRuleSummaries: [] },
      new Trouble(403, 'AccessDenied'),
    ],
  });
  expect(await alarms.mutedSince(['a', 'b', 'c'])).toEqual({ a: T0 + 180_000 });
  expect(far.bodies('ListAlarmMuteRules')).toEqual([
    { AlarmName: 'a', Statuses: ['ACTIVE'] },
    { AlarmName: 'b', Statuses: ['ACTIVE'] },
    { AlarmName: 'c', Statuses: ['ACTIVE'] },
  ]);
});

test('how long an alarm takes to judge: period times evaluation periods, of metric math the longest', async () => {
  const { alarms } = connected({
    DescribeAlarms: [
      {
        MetricAlarms: [
          {
            AlarmName: 'math',
            StateValue: 'OK',
            StateTransitionedTimestamp: seconds(2),
            EvaluationPeriods: 2,
            Metrics: [
              { Id: 'a', MetricStat: { Period: 60, Stat: 'Sum', Metric: {} } },
              { Id: 'b', MetricStat: { Period: 300, Stat: 'Sum', Metric: {} } },
              { Id: 'c', Expression: 'a / b' },
            ],
          },
          {
            AlarmName: 'expression',
            StateValue: 'OK',
            StateTransitionedTimestamp: seconds(2),
            EvaluationPeriods: 2,
            Metrics: [{ Id: 'c', Expression: 'SELECT MAX(x)' }],
          },
        ],
      },
    ],
  });
  expect(await alarms.states(['math', 'expression'])).toEqual({
    math: { state: 'OK', since: expect.any(Number), judgesInMs: 600_000 },
    expression: { state: 'OK', since: expect.any(Number) },
  });
});
