/**
 * How many vCPUs of Fargate an account uses in a region, and how many it may: one call for all targets, for
 * `slipway doctor`. Metric and dimensions: docs, monitoring-fargate-usage; the quota of a usage metric:
 * docs, using-metric-math, SERVICE_QUOTA. How often Fargate writes it, whether it writes 0 while nothing runs,
 * and whether the quota needs a right of its own is not documented (unverified in an account).
 */
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { Moment } from '../../core/model/image.ts';
import { type Found, look } from '../examine.ts';

/** Each has a quota of its own; named as the capacity providers are. */
export type FargateClass = 'FARGATE' | 'FARGATE_SPOT';

export interface VcpuFacts {
  readonly used: number;
  readonly quota: number;
}

/** missing: CloudWatch has no point of the last hour. */
export type FargateVcpus = Readonly<Record<FargateClass, Found<VcpuFacts>>>;

export interface AccountVcpus {
  fargateVcpus(now: Moment): Promise<FargateVcpus>;
}

const DATA = 'cloudwatch:GetMetricData';
const HOUR_MS = 60 * 60_000;
const PERIOD_SECONDS = 300;

const CLASSES = [
  { name: 'FARGATE', id: 'OnDemand', dimension: 'Standard/OnDemand' },
  { name: 'FARGATE_SPOT', id: 'Spot', dimension: 'Standard/Spot' },
] as const;

export function createAccountVcpus(client: CloudWatchClient): AccountVcpus {
  return {
    fargateVcpus: async (now) => {
      const answer = await look(DATA, [], async () => {
        const { MetricDataResults = [] } = await client.send(
          new GetMetricDataCommand({
            MetricDataQueries: CLASSES.flatMap(queriesOf),
            StartTime: new Date(now - HOUR_MS),
            EndTime: new Date(now),
            ScanBy: 'TimestampDescending',
          }),
        );
        return MetricDataResults;
      });
      const [onDemand, spot] = CLASSES.map(({ id }) =>
        answer.state === 'seen' ? factsIn(answer.value, id) : answer,
      ) as [Found<VcpuFacts>, Found<VcpuFacts>];
      return { FARGATE: onDemand, FARGATE_SPOT: spot };
    },
  };
}

function queriesOf({ id, dimension }: (typeof CLASSES)[number]): MetricDataQuery[] {
  const dimensions = { Service: 'Fargate', Type: 'Resource', Resource: 'vCPU', Class: dimension };
  const Metric = {
    Namespace: 'AWS/Usage',
    MetricName: 'ResourceCount',
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
  return [
    { Id: `used${id}`, MetricStat: { Metric, Period: PERIOD_SECONDS, Stat: 'Maximum' } },
    { Id: `quota${id}`, Expression: `SERVICE_QUOTA(used${id})`, Period: PERIOD_SECONDS },
  ];
}

function factsIn(results: readonly MetricDataResult[], id: string): Found<VcpuFacts> {
  const [used, quota] = ['used', 'quota'].map((what) =>
    results.find(({ Id }) => Id === `${what}${id}`),
  );
  const bad = [used, quota].find((one) => one?.StatusCode !== 'Complete');
  if (used === undefined || quota === undefined || bad !== undefined) {
    const because = `${DATA} does not tell: CloudWatch says ${bad?.StatusCode ?? 'nothing'} of Fargate's vCPUs`;
    return { state: 'unseen', because };
  }
  // Newest first.
  const [inUse, allowed] = [used.Values?.[0], quota.Values?.[0]];
  if (inUse === undefined) return { state: 'missing' };
  if (allowed === undefined) {
    return {
      state: 'unseen',
      because: `CloudWatch tells ${inUse} vCPUs in use, and no quota of them`,
    };
  }
  return { state: 'seen', value: { used: inUse, quota: allowed } };
}
