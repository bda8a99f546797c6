/** What alarms measured of the last day, asked of CloudWatch: the shape of each call, and what its answer means. */
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createAlarmDays } from '../../shared/aws/alarm-days.ts';

const cloudwatch = mockClient(CloudWatchClient);
// Files share their modules: what is mocked here would be mocked in the next one.
afterAll(() => cloudwatch.restore());
const { alarmDays } = createAlarmDays(new CloudWatchClient({}));
const NOW = Date.UTC(2026, 10, 22, 12, 0, 30);
const [FROM, TO] = [Date.UTC(2026, 10, 21, 11, 58), Date.UTC(2026, 10, 22, 11, 58)];

const errors: MetricAlarm = {
  AlarmName: 'web-5xx',
  Namespace: 'AWS/ApplicationELB',
  MetricName: 'HTTPCode_Target_5XX_Count',
  Dimensions: [{ Name: 'LoadBalancer', Value: 'app/web/1' }],
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
};
const lag: MetricAlarm = {
  ...errors,
  AlarmName: 'lag',
  Namespace: 'shop',
  MetricName: 'Lag',
  Period: 300,
};
const share: MetricAlarm = {
  AlarmName: 'share',
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold',
  Metrics: [
    { Id: 'e1', Expression: '100 * bad / all', Label: 'share of errors' },
    { Id: 'bad', MetricStat: { Metric: {}, Period: 60, Stat: 'Sum' }, ReturnData: false },
  ],
};

const result = (Id: string, at: readonly number[] = [], StatusCode = 'Complete') =>
  ({
    Id,
    StatusCode,
    Timestamps: at.map((time) => new Date(time)),
    Values: at.map((_, i) => i),
  }) as MetricDataResult;
const asked = () =>
  cloudwatch.commandCalls(GetMetricDataCommand).map(({ args: [{ input }] }) => ({
    ids: (input.MetricDataQueries ?? []).map(({ Id }) => Id),
    from: input.StartTime?.getTime(),
    to: input.EndTime?.getTime(),
  }));

beforeEach(() => {
  cloudwatch.reset();
});

test('alarms of one period are one call, with the requests beside the errors; others have their own', async () => {
  cloudwatch
    .on(DescribeAlarmsCommand)
    .resolves({ MetricAlarms: [errors, { ...errors, AlarmName: 'web-4xx' }, lag, share] });
  cloudwatch.on(GetMetricDataCommand).callsFake(({ MetricDataQueries: queries }) => ({
    MetricDataResults: queries.map(({ Id = '' }: { Id?: string }) => result(Id, [FROM])),
  }));
  const days = await alarmDays(['web-5xx', 'web-4xx', 'lag', 'share', 'gone'], NOW);
  expect([...days.keys()].toSorted()).toEqual(['lag', 'share', 'web-4xx', 'web-5xx']);
  expect(asked()).toEqual([
    { ids: ['own0', 'requests0', 'own1', 'requests1'], from: FROM, to: TO },
    { ids: ['own0'], from: Date.UTC(2026, 10, 21, 11, 55), to: Date.UTC(2026, 10, 22, 11, 55) },
    { ids: ['e1', 'bad'], from: FROM, to: TO },
  ]);
});

test('no error all day, and requests in two minutes: no point, and measured twice', async () => {
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [errors] });
  cloudwatch
    .on(GetMetricDataCommand)
    .resolvesOnce({
      MetricDataResults: [result('own0'), result('requests0', [FROM + 60_000], 'PartialData')],
      NextToken: 'more',
    })
    .resolves({ MetricDataResults: [result('requests0', [FROM])] });
  expect((await alarmDays(['web-5xx'], NOW)).get('web-5xx')).toEqual({
    state: 'seen',
    value: {
      metric: 'HTTPCode_Target_5XX_Count',
      comparison: 'GreaterThanThreshold',
      threshold: 5,
      needs: 2,
      of: 3,
      missing: 'notBreaching',
      periodMs: 60_000,
      from: FROM,
      to: TO,
      points: [],
      measuredAt: [FROM, FROM + 60_000],
    },
  });
});

test('what is not complete, forbidden or compared with a band is unseen, and nothing is guessed', async () => {
  const band = { ...errors, AlarmName: 'band', ThresholdMetricId: 'ad1' };
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [lag, band] });
  cloudwatch
    .on(GetMetricDataCommand)
    .resolvesOnce({ MetricDataResults: [result('own0', [FROM], 'InternalError')] })
    .rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
  const days = await alarmDays(['lag', 'band'], NOW);
  expect(days.get('lag')).toEqual({
    state: 'unseen',
    because: 'cloudwatch:GetMetricData does not tell: CloudWatch says InternalError of its metric',
  });
  expect(days.get('band')).toEqual({
    state: 'unseen',
    because: 'it compares with a band that CloudWatch learns, not with a number',
  });
  expect((await alarmDays(['lag'], NOW)).get('lag')).toEqual({
    state: 'unseen',
    because: 'the permission cloudwatch:GetMetricData is missing',
  });
});
