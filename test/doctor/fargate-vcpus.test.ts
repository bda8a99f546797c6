/** What is used of Fargate's quota, asked of CloudWatch: one call for all, and what its answer means. */
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createAccountVcpus } from '../../shared/aws/account/fargate-vcpus.ts';

const cloudwatch = mockClient(CloudWatchClient);
// Files share their modules: what is mocked here would be mocked in the next one.
afterAll(() => cloudwatch.restore());
const { fargateVcpus } = createAccountVcpus(new CloudWatchClient({}));
const NOW = Date.UTC(2026, 10, 22, 12, 0);
const result = (Id: string, Values: number[], StatusCode = 'Complete') =>
  ({ Id, StatusCode, Values, Timestamps: Values.map(() => new Date(NOW)) }) as MetricDataResult;
const answer = (...MetricDataResults: MetricDataResult[]) =>
  cloudwatch.on(GetMetricDataCommand).resolves({ MetricDataResults });

beforeEach(() => {
  cloudwatch.reset();
});

test('the newest point of each counts, and no point of Spot is no number', async () => {
  answer(
    result('usedOnDemand', [56, 12]),
    result('quotaOnDemand', [64, 6]),
    result('usedSpot', []),
    result('quotaSpot', []),
  );
  expect(await fargateVcpus(NOW)).toEqual({
    FARGATE: { state: 'seen', value: { used: 56, quota: 64 } },
    FARGATE_SPOT: { state: 'missing' },
  });
  const [call, ...more] = cloudwatch.commandCalls(GetMetricDataCommand);
  expect(more).toEqual([]);
  expect(call?.args[0].input).toMatchObject({
    ScanBy: 'TimestampDescending',
    StartTime: new Date(NOW - 60 * 60_000),
    MetricDataQueries: [
      {
        Id: 'usedOnDemand',
        MetricStat: {
          Metric: {
            Namespace: 'AWS/Usage',
            MetricName: 'ResourceCount',
            Dimensions: [
              { Name: 'Service', Value: 'Fargate' },
              { Name: 'Type', Value: 'Resource' },
              { Name: 'Resource', Value: 'vCPU' },
              { Name: 'Class', Value: 'Standard/OnDemand' },
            ],
          },
          Stat: 'Maximum',
        },
      },
      { Id: 'quotaOnDemand', Expression: 'SERVICE_QUOTA(usedOnDemand)' },
      { Id: 'usedSpot' },
      { Id: 'quotaSpot', Expression: 'SERVICE_QUOTA(usedSpot)' },
    ],
  });
});

test('what is forbidden, not complete or without a quota is unseen, and nothing is guessed', async () => {
  answer(
    result('usedOnDemand', [56]),
    result('quotaOnDemand', []),
    result('usedSpot', [1]),
    result('quotaSpot', [], 'Forbidden'),
  );
  expect(await fargateVcpus(NOW)).toEqual({
    FARGATE: { state: 'unseen', because: 'CloudWatch tells 56 vCPUs in use, and no quota of them' },
    FARGATE_SPOT: {
      state: 'unseen',
      because:
        "cloudwatch:GetMetricData does not tell: CloudWatch says Forbidden of Fargate's vCPUs",
    },
  });
  const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });
  cloudwatch.on(GetMetricDataCommand).rejects(denied);
  const because = 'the permission cloudwatch:GetMetricData is missing';
  expect((await fargateVcpus(NOW)).FARGATE).toEqual({ state: 'unseen', because });
});
