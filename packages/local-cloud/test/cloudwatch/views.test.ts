import { describe, expect, it } from 'vitest';
import { cloudwatchOperations } from '../../cloudwatch/operations.ts';
import type { World } from '../../kernel/world.ts';
import {
  cloudwatchWorld,
  MINUTE,
  passMinutes,
  putAlarm,
  putMinutes,
  START,
} from './cloudwatch-world.ts';

function set(
  world: World,
  StateValue: 'OK' | 'ALARM',
  StateReason = 'drill',
  AlarmName = 'web-errors',
) {
  cloudwatchOperations.SetAlarmState(world, { AlarmName, StateValue, StateReason });
}

describe('DescribeAlarms', () => {
  it('answers metric alarms only, unless composite ones are named', () => {
    const world = cloudwatchWorld();
    putAlarm(world);
    cloudwatchOperations.PutCompositeAlarm(world, {
      AlarmName: 'all',
      AlarmRule: 'ALARM(web-errors)',
    });
    const both = cloudwatchOperations.DescribeAlarms(world, {});
    expect(both.MetricAlarms.map((alarm) => alarm.AlarmName)).toEqual(['web-errors']);
    expect(both.CompositeAlarms).toEqual([]);
    const composite = cloudwatchOperations.DescribeAlarms(world, {
      AlarmTypes: ['CompositeAlarm'],
    });
    expect(composite.MetricAlarms).toEqual([]);
    expect(composite.CompositeAlarms[0]).toMatchObject({ AlarmRule: 'ALARM(web-errors)' });
  });

  it('says what was put, and since when the state stands', () => {
    const world = cloudwatchWorld();
    putAlarm(world, { AlarmDescription: 'Errors of web', TreatMissingData: 'ignore' });
    passMinutes(world, 2);
    set(world, 'ALARM', 'first');
    passMinutes(world, 1);
    set(world, 'ALARM', 'second');
    expect(
      cloudwatchOperations.DescribeAlarms(world, { AlarmNames: ['web-errors'] }).MetricAlarms,
    ).toEqual([
      {
        AlarmName: 'web-errors',
        AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-errors',
        AlarmDescription: 'Errors of web',
        AlarmConfigurationUpdatedTimestamp: new Date(START),
        ActionsEnabled: true,
        OKActions: [],
        AlarmActions: [],
        InsufficientDataActions: [],
        StateValue: 'ALARM',
        StateReason: 'second',
        StateUpdatedTimestamp: new Date(START + 3 * MINUTE),
        StateTransitionedTimestamp: new Date(START + 2 * MINUTE),
        Namespace: 'Test',
        MetricName: 'Errors',
        Dimensions: [{ Name: 'Service', Value: 'web' }],
        Period: 60,
        Statistic: 'Sum',
        EvaluationPeriods: 3,
        DatapointsToAlarm: 2,
        Threshold: 5,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'ignore',
      },
    ]);
  });

  it('comes in pages', () => {
    const world = cloudwatchWorld();
    for (const AlarmName of ['c', 'a', 'b']) putAlarm(world, { AlarmName });
    const first = cloudwatchOperations.DescribeAlarms(world, { MaxRecords: 2 });
    expect(first.MetricAlarms.map(({ AlarmName }) => AlarmName)).toEqual(['a', 'b']);
    const { NextToken = '' } = first;
    const second = cloudwatchOperations.DescribeAlarms(world, { MaxRecords: 2, NextToken });
    expect(second.MetricAlarms.map(({ AlarmName }) => AlarmName)).toEqual(['c']);
    expect(second).not.toHaveProperty('NextToken');
  });

  it('takes at most 100 names', () => {
    const AlarmNames = Array.from({ length: 101 }, (_, index) => `a${index}`);
    expect(() => cloudwatchOperations.DescribeAlarms(cloudwatchWorld(), { AlarmNames })).toThrow(
      'more than 100',
    );
  });

  it('an update keeps the state', () => {
    const world = cloudwatchWorld();
    putAlarm(world);
    set(world, 'ALARM');
    putAlarm(world, { Threshold: 50 });
    expect(cloudwatchOperations.DescribeAlarms(world, {}).MetricAlarms[0]).toMatchObject({
      StateValue: 'ALARM',
      Threshold: 50,
    });
  });
});

describe('DescribeAlarmHistory', () => {
  it('has the changes of state, newest first, with the data of AWS', () => {
    const world = cloudwatchWorld();
    putAlarm(world, { TreatMissingData: 'ignore' });
    set(world, 'OK');
    passMinutes(world, 1);
    cloudwatchOperations.SetAlarmState(world, {
      AlarmName: 'web-errors',
      StateValue: 'ALARM',
      StateReason: 'testing "purposes"',
      StateReasonData: '{"threshold":70.0}',
    });
    const { AlarmHistoryItems: items } = cloudwatchOperations.DescribeAlarmHistory(world, {
      AlarmName: 'web-errors',
      HistoryItemType: 'StateUpdate',
    });
    expect(items.map(({ HistorySummary }) => HistorySummary)).toEqual([
      'Alarm updated from OK to ALARM',
      'Alarm updated from INSUFFICIENT_DATA to OK',
    ]);
    expect(items[0]?.Timestamp).toEqual(new Date(START + MINUTE));
    expect(items[0]?.HistoryData).toBe(
      '{"version":"1.0","oldState":{"stateValue":"OK","stateReason":"drill"},"newState":{"stateValue":"ALARM","stateReason":"testing \\"purposes\\"","stateReasonData":{"threshold":70.0}}}',
    );
  });

  it('can be asked for a span of time, in pages, oldest first', () => {
    const world = cloudwatchWorld();
    putAlarm(world, { TreatMissingData: 'ignore' });
    for (let minute = 1; minute <= 6; minute++) {
      passMinutes(world, 1);
      set(world, minute % 2 === 1 ? 'ALARM' : 'OK');
    }
    const ask = {
      HistoryItemType: 'StateUpdate',
      StartDate: new Date(START + 2 * MINUTE),
      EndDate: new Date(START + 5 * MINUTE),
      ScanBy: 'TimestampAscending',
      MaxRecords: 3,
    } as const;
    const first = cloudwatchOperations.DescribeAlarmHistory(world, ask);
    const { NextToken = '' } = first;
    const second = cloudwatchOperations.DescribeAlarmHistory(world, { ...ask, NextToken });
    const minutes = [...first.AlarmHistoryItems, ...second.AlarmHistoryItems].map(
      ({ Timestamp }) => (Timestamp.getTime() - START) / MINUTE,
    );
    expect(minutes).toEqual([2, 3, 4, 5]);
  });

  it('outlives the alarm', () => {
    const world = cloudwatchWorld();
    putAlarm(world);
    set(world, 'ALARM');
    cloudwatchOperations.DeleteAlarms(world, { AlarmNames: ['web-errors', 'never-was'] });
    const { AlarmHistoryItems: items } = cloudwatchOperations.DescribeAlarmHistory(world, {
      AlarmName: 'web-errors',
    });
    expect(items.map(({ HistoryItemType }) => HistoryItemType)).toEqual([
      'ConfigurationUpdate',
      'StateUpdate',
      'ConfigurationUpdate',
    ]);
  });
});

describe('metrics', () => {
  it('GetMetricData reads sums per minute, newest first, the end excluded', () => {
    const world = cloudwatchWorld();
    putMinutes(world, START, [3, undefined, 4, 8]);
    putMinutes(world, START, [2]);
    const query = (Id: string, Stat: string) => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: 'Test',
          MetricName: 'Errors',
          Dimensions: [{ Name: 'Service', Value: 'web' }],
        },
        Period: 60,
        Stat,
      },
    });
    const output = cloudwatchOperations.GetMetricData(world, {
      StartTime: new Date(START),
      EndTime: new Date(START + 3 * MINUTE),
      MetricDataQueries: [query('sum', 'Sum'), query('p50', 'p50')],
    });
    expect(output.MetricDataResults).toEqual([
      {
        Id: 'sum',
        Label: 'Errors',
        Timestamps: [new Date(START + 2 * MINUTE), new Date(START)],
        Values: [4, 5],
        StatusCode: 'Complete',
      },
      expect.objectContaining({ Values: [4, 2] }),
    ]);
  });

  it('PutMetricData feeds alarms', () => {
    const world = cloudwatchWorld();
    putAlarm(world, { EvaluationPeriods: 1, DatapointsToAlarm: 1 });
    cloudwatchOperations.PutMetricData(world, {
      Namespace: 'Test',
      MetricData: [
        { MetricName: 'Errors', Dimensions: [{ Name: 'Service', Value: 'web' }], Value: 6 },
      ],
    });
    passMinutes(world, 2);
    expect(world.cloudwatch.alarms['web-errors']?.state.value).toBe('ALARM');
  });

  it('the order of dimensions does not matter, a missing one does', () => {
    const world = cloudwatchWorld();
    const read = (Dimensions: { Name: string; Value: string }[]) =>
      cloudwatchOperations.GetMetricData(world, {
        StartTime: new Date(START),
        EndTime: new Date(START + MINUTE),
        MetricDataQueries: [
          {
            Id: 'm',
            MetricStat: {
              Metric: { Namespace: 'N', MetricName: 'M', Dimensions },
              Period: 60,
              Stat: 'Sum',
            },
          },
        ],
      }).MetricDataResults[0]?.Values;
    const [a, b] = [
      { Name: 'A', Value: '1' },
      { Name: 'B', Value: '2' },
    ];
    cloudwatchOperations.PutMetricData(world, {
      Namespace: 'N',
      MetricData: [{ MetricName: 'M', Dimensions: [b, a], Value: 1 }],
    });
    expect(read([a, b])).toEqual([1]);
    expect(read([a])).toEqual([]);
  });
});

describe('refusals', () => {
  const cases = [
    [
      'an unknown comparison',
      { ComparisonOperator: 'Above' },
      'ComparisonOperator "Above" is unknown',
    ],
    ['more datapoints than periods', { DatapointsToAlarm: 4 }, 'DatapointsToAlarm must be'],
    ['periods under a minute', { Period: 10 }, 'whole minutes'],
    ['a period of 45 seconds', { Period: 45 }, 'Period must be 10, 20, 30 or a multiple of 60'],
    [
      'an expression nobody knows',
      { Metrics: [{ Id: 'e', Expression: 'SLICE(m)' }] },
      'does not know the function SLICE',
    ],
    [
      'two returned metrics',
      {
        Metrics: [
          { Id: 'a', Expression: '1' },
          { Id: 'b', Expression: '2' },
        ],
      },
      'Exactly one',
    ],
  ] as const;
  it.each(cases)('%s', (_name, differs, message) => {
    expect(() => putAlarm(cloudwatchWorld(), differs)).toThrow(message);
  });

  it('SetAlarmState of an alarm that is not there', () => {
    expect(() => set(cloudwatchWorld(), 'OK')).toThrow(
      expect.objectContaining({ code: 'ResourceNotFound' }),
    );
  });
});
