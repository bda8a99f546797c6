import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../shared/aws/connect/client-settings.ts';
import { armsOf } from '../../shared/aws/ecs/arms.ts';
import { createRequestCounts } from '../../shared/aws/request-counts.ts';
import { listeningLog, Trouble, throttled, type WireAnswer, wire } from '../aws/wire.ts';

const T0 = Date.parse('2026-11-20T10:00:00Z');
const MINUTE = 60_000;
const PAIR = {
  rule: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee',
  loadBalancer: 'app/web/50dc6c495c0c9188',
  groups: ['targetgroup/web-blue/1', 'targetgroup/web-green/2'],
} as const;

function connected(...answers: readonly WireAnswer[]) {
  const far = wire({ GetMetricData: answers });
  const client = new CloudWatchClient(readSettings(far.settings));
  return { far, counts: createRequestCounts(client, listeningLog()) };
}
const ask = ({ counts }: ReturnType<typeof connected>) =>
  counts.counts([PAIR], T0 - 240 * MINUTE, T0 + 5 * MINUTE);
const result = (Id: string, values: Readonly<Record<number, number>>, StatusCode = 'Complete') => ({
  Id,
  StatusCode,
  Timestamps: Object.keys(values).map((minute) => (T0 + Number(minute) * MINUTE) / 1000),
  Values: Object.values(values),
});
const all = (results: readonly ReturnType<typeof result>[]) => ({
  MetricDataResults: Array.from(
    { length: 6 },
    (_, i) => results.find(({ Id }) => Id === `m${i}`) ?? result(`m${i}`, {}),
  ),
});

test('requests and errors of both groups come by one call; what has no point is none', async () => {
  const world = connected(
    all([
      result('m0', { 1: 2850, 0: 3000 }),
      result('m1', { 1: 3 }),
      result('m2', { 1: 2 }),
      result('m3', { 1: 150 }),
      // Errors of a minute in which nobody counted requests.
      result('m4', { 1: 37, 2: 9 }),
    ]),
  );
  const counted = await ask(world);
  if (counted.state === 'unknown') throw new Error(counted.because);
  expect(counted.groups.get('targetgroup/web-blue/1')).toEqual(
    new Map([
      [T0 + MINUTE, { requests: 2850, errors: 5 }],
      [T0, { requests: 3000, errors: 0 }],
    ]),
  );
  expect(counted.groups.get('targetgroup/web-green/2')).toEqual(
    new Map([[T0 + MINUTE, { requests: 150, errors: 37 }]]),
  );
  const [body, ...more] = world.far.bodies('GetMetricData');
  expect(more).toEqual([]);
  expect(body).toMatchObject({ StartTime: T0 / 1000 - 240 * 60, EndTime: T0 / 1000 + 300 });
  const queries = body?.MetricDataQueries as { readonly MetricStat: object }[];
  expect(queries).toHaveLength(6);
  expect(queries[4]?.MetricStat).toEqual({
    Metric: {
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'HTTPCode_Target_5XX_Count',
      Dimensions: [
        { Name: 'TargetGroup', Value: 'targetgroup/web-green/2' },
        { Name: 'LoadBalancer', Value: 'app/web/50dc6c495c0c9188' },
      ],
    },
    Period: 60,
    Stat: 'Sum',
  });
});

test('where slow answers are asked for, they are counted by the same call', async () => {
  const eight = (results: readonly ReturnType<typeof result>[]) => ({
    MetricDataResults: Array.from(
      { length: 8 },
      (_, i) => results.find(({ Id }) => Id === `m${i}`) ?? result(`m${i}`, {}),
    ),
  });
  const world = connected(
    eight([
      result('m0', { 0: 3000, 1: 2850 }),
      result('m3', { 0: 140 }),
      result('m4', { 1: 150 }),
      result('m7', { 1: 60 }),
    ]),
  );
  const counted = await world.counts.counts([PAIR], T0 - 240 * MINUTE, T0 + 5 * MINUTE, 800);
  if (counted.state === 'unknown') throw new Error(counted.because);
  expect([...(counted.groups.get('targetgroup/web-blue/1')?.values() ?? [])]).toEqual([
    { requests: 3000, errors: 0, slow: 140 },
    { requests: 2850, errors: 0, slow: 0 },
  ]);
  expect([...(counted.groups.get('targetgroup/web-green/2')?.values() ?? [])]).toEqual([
    { requests: 150, errors: 0, slow: 60 },
  ]);
  const [body] = world.far.bodies('GetMetricData');
  const queries = body?.MetricDataQueries as {
    readonly MetricStat: {
      readonly Metric: { readonly MetricName: string };
      readonly Stat: string;
    };
  }[];
  expect(queries[7]?.MetricStat).toMatchObject({
    Metric: { MetricName: 'TargetResponseTime' },
    Stat: 'TC(0.8:)',
  });
});

test('an answer on two pages is one', async () => {
  const first = { ...all([result('m0', { 0: 3000 }, 'PartialData')]), NextToken: 'more' };
  const counted = await ask(connected(first, all([result('m0', { 1: 2850 })])));
  expect(counted.state === 'known' && counted.groups.get(PAIR.groups[0])?.size).toBe(2);
});

test.each([
  [throttled, 'cloudwatch:GetMetricData failed: ThrottlingException: Rate exceeded'],
  [
    new Trouble(403, 'AccessDenied', 'not authorized to perform: cloudwatch:GetMetricData'),
    'cloudwatch:GetMetricData failed: AccessDenied: not authorized to perform: cloudwatch:GetMetricData',
  ],
  [all([result('m3', {}, 'InternalError')]), 'CloudWatch says InternalError of a metric'],
  [{ MetricDataResults: [] }, 'CloudWatch says nothing of a metric'],
])('what is denied, throttled or not told is unknown', async (answer, because) => {
  expect(await ask(connected(answer))).toEqual({ state: 'unknown', because });
});

describe('which target group is whose', () => {
  const arn = (name: string) =>
    `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${name}`;
  const rule = (path: string) => `arn:aws:elasticloadbalancing:eu-west-1:123456789012:${path}`;
  const balancer = (productionListenerRule: string) => ({
    targetGroupArn: arn('web-blue/1'),
    advancedConfiguration: { alternateTargetGroupArn: arn('web-green/2'), productionListenerRule },
  });
  const application = balancer(
    rule('listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee'),
  );

  test('ECS tells it of a revision that stands', () => {
    const resolvedConfiguration = { loadBalancers: [{ targetGroupArn: arn('web-green/2') }] };
    expect(armsOf({ loadBalancers: [application], resolvedConfiguration })).toEqual({
      state: 'known',
      pairs: [{ ...PAIR, own: 'targetgroup/web-green/2' }],
    });
    expect(armsOf({ loadBalancers: [application] })).toEqual({ state: 'known', pairs: [PAIR] });
  });

  test.each([
    [[], 'the service has no load balancer, so nobody counts requests by revision'],
    [
      [{ targetGroupArn: arn('web/1') }],
      'both revisions stand behind one target group, which counts them together',
    ],
    [
      [balancer(rule('listener/net/web/50dc6c495c0c9188/f2f7dc8efc522ab2'))],
      'its load balancer counts no requests: only an Application Load Balancer does',
    ],
  ])('where nothing can be compared, it is said why', (loadBalancers, because) => {
    expect(armsOf({ loadBalancers })).toEqual({ state: 'none', because });
  });
});
