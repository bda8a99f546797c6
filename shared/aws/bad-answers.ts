/**
 * How many answers were errors in a time, as the load balancer counted them: by the metrics that an alarm
 * itself watches, so nobody must say which load balancer is meant. Where the alarm watches something
 * else, nothing is counted.
 */
import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type Dimension,
  GetMetricDataCommand,
  type Metric,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import type { Moment } from '../core/model/image.ts';
import { ask } from './refusal.ts';

export interface BadAnswers {
  readonly bad: number;
  readonly of: number;
  /** Whole minutes. */
  readonly from: Moment;
  readonly to: Moment;
}

const NAMESPACE = 'AWS/ApplicationELB';
const ERRORS = /^HTTPCode_(?:Target|ELB)_5XX_Count$/;
const MINUTE = 60_000;

/** Undefined: none of the alarms watches errors of a load balancer. Throws `TransientError`. */
export async function countBadAnswers(
  client: CloudWatchClient,
  alarms: readonly string[],
  { from, to }: { readonly from: Moment; readonly to: Moment },
): Promise<BadAnswers | undefined> {
  const { MetricAlarms = [] } = await ask('cloudwatch:DescribeAlarms', () =>
    client.send(new DescribeAlarmsCommand({ AlarmNames: [...alarms] })),
  );
  const [error] = MetricAlarms.flatMap(metricsOf).filter(isErrors);
  if (error === undefined) return undefined;
  const minutes = {
    from: Math.floor(from / MINUTE) * MINUTE,
    to: Math.ceil(to / MINUTE) * MINUTE,
  };
  const queries = [
    query('bad', error.MetricName ?? '', error.Dimensions),
    query('all', 'RequestCount', error.Dimensions),
  ];
  const { MetricDataResults = [] } = await ask('cloudwatch:GetMetricData', () =>
    client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(minutes.from),
        EndTime: new Date(minutes.to),
      }),
    ),
  );
  const sum = (id: string) =>
    (MetricDataResults.find(({ Id }) => Id === id)?.Values ?? []).reduce((a, b) => a + b, 0);
  return { bad: sum('bad'), of: sum('all'), ...minutes };
}

/** Its own, or those of its expression. */
function metricsOf({ Namespace, MetricName, Dimensions, Metrics = [] }: MetricAlarm): Metric[] {
  const own = MetricName === undefined ? [] : [{ Namespace, MetricName, Dimensions }];
  return [...own, ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])];
}

function isErrors({ Namespace, MetricName = '' }: Metric): boolean {
  return Namespace === NAMESPACE && ERRORS.test(MetricName);
}

function query(Id: string, MetricName: string, Dimensions: Dimension[] = []) {
  const Metric = { Namespace: NAMESPACE, MetricName, Dimensions };
  return { Id, MetricStat: { Metric, Period: 60, Stat: 'Sum' } };
}
