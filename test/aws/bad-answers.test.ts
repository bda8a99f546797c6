/** How many answers were errors: by the metrics of the alarm itself, and by nothing else. */
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { answersByMinute, countBadAnswers } from '../../shared/aws/bad-answers.ts';

const cloudwatch = mockClient(CloudWatchClient);
// Files share their modules: what is mocked here would be mocked in the next one.
afterAll(() => cloudwatch.restore());
const client = new CloudWatchClient({ region: 'eu-central-1' });
const MINUTE = 60_000;
const within = { from: 90_000, to: 150_001 };
const Dimensions = [{ Name: 'LoadBalancer', Value: 'app/web/1' }];

const at = (minute: number) => new Date(minute * MINUTE);

function alarm(alarm: MetricAlarm): void {
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [alarm] });
}

beforeEach(() => {
  cloudwatch.reset();
  cloudwatch.on(GetMetricDataCommand).resolves({
    MetricDataResults: [
      { Id: 'all', Timestamps: [at(1), at(2)], Values: [100, 200] },
      { Id: 'bad', Timestamps: [at(2)], Values: [7] },
    ],
  });
});

test('an alarm on a rate: its errors, and the requests beside them, in whole minutes', async () => {
  const stat = (MetricName: string) => ({
    Id: 'm',
    MetricStat: {
      Metric: { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions },
      Period: 60,
      Stat: 'Sum',
    },
  });
  alarm({ Metrics: [stat('RequestCount'), stat('HTTPCode_Target_5XX_Count')] });
  expect(await countBadAnswers(client, ['web-5xx'], within)).toEqual({
    bad: 7,
    of: 300,
    from: MINUTE,
    to: 3 * MINUTE,
  });
  const [call] = cloudwatch.commandCalls(GetMetricDataCommand);
  const names = call?.args[0].input.MetricDataQueries?.map(
    ({ MetricStat }) => MetricStat?.Metric?.MetricName,
  );
  expect(names).toEqual(['HTTPCode_Target_5XX_Count', 'RequestCount']);
});

test('by the minute, with the threshold and the name that the alarm gives to its number', async () => {
  alarm({
    AlarmName: 'web-5xx',
    Threshold: 10,
    ComparisonOperator: 'GreaterThanThreshold',
    Namespace: 'AWS/ApplicationELB',
    MetricName: 'HTTPCode_Target_5XX_Count',
    Dimensions,
  });
  expect(await answersByMinute(client, ['web-5xx'], within)).toEqual({
    alarm: {
      name: 'web-5xx',
      threshold: 10,
      comparison: 'GreaterThanThreshold',
      label: 'HTTPCode_Target_5XX_Count',
    },
    minutes: [
      { at: MINUTE, requests: 100, errors: 0 },
      { at: 2 * MINUTE, requests: 200, errors: 7 },
    ],
    from: MINUTE,
    to: 3 * MINUTE,
  });
});

test.each([
  { Namespace: 'AWS/ApplicationELB', MetricName: 'TargetResponseTime', Dimensions },
  { Namespace: 'Shop', MetricName: 'HTTPCode_Target_5XX_Count', Dimensions },
  {},
])('an alarm that watches something else counts nothing, and nothing is asked', async (other) => {
  alarm(other);
  expect(await countBadAnswers(client, ['web-5xx'], within)).toBeUndefined();
  expect(cloudwatch.commandCalls(GetMetricDataCommand)).toEqual([]);
});
