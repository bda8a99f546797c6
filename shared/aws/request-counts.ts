/**
 * The port `RequestCounts`: what an Application Load Balancer counted by target group and minute. One call
 * for all of it: CloudWatch takes money by the metric, and not by the minute.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { Log } from '../ports.ts';
import type { ArmPair, Counted, ObservedCounts, RequestCounts } from '../traffic-ports.ts';
import { says } from './refusal.ts';

const REQUESTS = 'RequestCount';
/** A target that answers 5xx, and one that cannot be connected to. */
const ERRORS = ['HTTPCode_Target_5XX_Count', 'TargetConnectionErrorCount'];
const METRICS = [REQUESTS, ...ERRORS];
/** In seconds; counted by `TC(x:)`, how many were longer than x. (docs, CloudWatch statistics definitions) */
const TIMES = 'TargetResponseTime';
const PERIOD_SECONDS = 60;
/** One holds 100,800 points: a day of five load balancers. */
const PAGES_MAX = 3;

interface Asked {
  readonly group: string;
  readonly metric: string;
  readonly query: MetricDataQuery;
}

export function createRequestCounts(client: CloudWatchClient, log: Log): RequestCounts {
  return {
    counts: async (pairs, from, to, slowMs) => {
      const queries = pairs.flatMap((pair) => queriesOf(pair, slowMs));
      const asked = queries.map((one, i) => withId(one, `m${i}`));
      try {
        const results = await resultsOf(client, asked, from, to);
        // A metric that goes on on another page says PartialData on the first: its last word counts.
        const words = new Map(results.map(({ Id, StatusCode }) => [Id, StatusCode]));
        const bad = [...words.values()].find((word) => word !== 'Complete');
        if (words.size === asked.length && bad === undefined) {
          return { state: 'known', groups: groupsIn(results, asked) };
        }
        return { state: 'unknown', because: `CloudWatch says ${bad ?? 'nothing'} of a metric` };
      } catch (error) {
        const because = `cloudwatch:GetMetricData failed: ${says(error)}`;
        log.warn('what the load balancer counted is unknown', { because });
        return { state: 'unknown', because };
      }
    },
  };
}

function queriesOf(
  { loadBalancer, groups }: ArmPair,
  slowMs: number | undefined,
): readonly Asked[] {
  const metrics = slowMs === undefined ? METRICS : [...METRICS, TIMES];
  return groups.flatMap((group) =>
    metrics.map((MetricName): Asked => {
      const Dimensions = [
        { Name: 'TargetGroup', Value: group },
        { Name: 'LoadBalancer', Value: loadBalancer },
      ];
      const Metric = { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions };
      const Stat = MetricName === TIMES ? `TC(${(slowMs ?? 0) / 1_000}:)` : 'Sum';
      const MetricStat = { Metric, Period: PERIOD_SECONDS, Stat };
      return { group, metric: MetricName, query: { Id: '', MetricStat } };
    }),
  );
}

function withId(asked: Asked, Id: string): Asked {
  return { ...asked, query: { ...asked.query, Id } };
}

async function resultsOf(
  client: CloudWatchClient,
  asked: readonly Asked[],
  from: number,
  to: number,
): Promise<readonly MetricDataResult[]> {
  const results: MetricDataResult[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: asked.map(({ query }) => query),
        StartTime: new Date(from),
        EndTime: new Date(to),
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    results.push(...(answer.MetricDataResults ?? []));
    NextToken = answer.NextToken;
    if (NextToken === undefined) return results;
  }
  throw new Error(`the answer has more than ${PAGES_MAX} pages`);
}

/** A minute without requests has no point, and counts that are 0 have none either. */
function groupsIn(
  results: readonly MetricDataResult[],
  asked: readonly Asked[],
): Extract<ObservedCounts, { state: 'known' }>['groups'] {
  const groups = new Map(asked.map(({ group }) => [group, new Map<number, Counted>()]));
  const isSlowAsked = asked.some(({ metric }) => metric === TIMES);
  const none = isSlowAsked ? { errors: 0, slow: 0 } : { errors: 0 };
  for (const metric of [...METRICS, TIMES]) {
    for (const { Id, Timestamps = [], Values = [] } of results) {
      const own = asked.find(({ query }) => query.Id === Id);
      const minutes = own?.metric === metric ? groups.get(own.group) : undefined;
      if (minutes === undefined) continue;
      for (const [i, time] of Timestamps.entries()) {
        const at = time.getTime();
        const value = Values[i] ?? 0;
        const before = minutes.get(at);
        if (metric === REQUESTS) minutes.set(at, { requests: value, ...none });
        else if (before && metric === TIMES) minutes.set(at, { ...before, slow: value });
        else if (before) minutes.set(at, { ...before, errors: before.errors + value });
      }
    }
  }
  return groups;
}
