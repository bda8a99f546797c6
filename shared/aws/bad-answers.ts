/**
 * How many answers were errors in a time, and by the minute, as the load balancer counted them: by the metrics that an alarm
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
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { defined } from '../core/model/defined.ts';
import type { Moment } from '../core/model/image.ts';
import type { Counted } from '../traffic-ports.ts';
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

/** Of one of the alarms, by the minute. */
export interface Answered {
  readonly alarm: AnsweredAlarm;
  /** Ascending; a minute without requests has none. */
  readonly minutes: readonly (Counted & { readonly at: Moment })[];
  readonly from: Moment;
  readonly to: Moment;
}

interface AnsweredAlarm {
  readonly name: string;
  readonly threshold?: number;
  readonly comparison?: string;
  /** What its number is: the label of its metric, or the metric's name. */
  readonly label?: string;
}

type Within = { readonly from: Moment; readonly to: Moment };

/** Undefined: none of the alarms watches errors of a load balancer. Throws `TransientError`. */
export async function countBadAnswers(
  client: CloudWatchClient,
  alarms: readonly string[],
  within: Within,
): Promise<BadAnswers | undefined> {
  const answered = await answersByMinute(client, alarms, within);
  if (answered === undefined) return undefined;
  const { minutes, from, to } = answered;
  const sum = (pick: (one: Counted) => number) => minutes.reduce((all, one) => all + pick(one), 0);
  return { bad: sum(({ errors }) => errors), of: sum(({ requests }) => requests), from, to };
}

/** Undefined: none of the alarms watches errors of a load balancer. Throws `TransientError`. */
export async function answersByMinute(
  client: CloudWatchClient,
  alarms: readonly string[],
  { from, to }: Within,
): Promise<Answered | undefined> {
  const { MetricAlarms = [] } = await ask('cloudwatch:DescribeAlarms', () =>
    client.send(new DescribeAlarmsCommand({ AlarmNames: [...alarms] })),
  );
  const [found] = MetricAlarms.flatMap((alarm) =>
    metricsOf(alarm).flatMap((error) => (isErrors(error) ? [{ alarm, error }] : [])),
  );
  if (found === undefined) return undefined;
  const { alarm, error } = found;
  const whole = {
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
        StartTime: new Date(whole.from),
        EndTime: new Date(whole.to),
      }),
    ),
  );
  return { alarm: shownAlarm(alarm), minutes: minutesIn(MetricDataResults), ...whole };
}

function shownAlarm(alarm: MetricAlarm): AnsweredAlarm {
  const { AlarmName = '', Threshold, ComparisonOperator, MetricName, Metrics = [] } = alarm;
  const watched = Metrics.find(({ ReturnData }) => ReturnData !== false);
  const label = watched?.Label ?? watched?.MetricStat?.Metric?.MetricName ?? MetricName;
  return defined({
    name: AlarmName,
    threshold: Threshold,
    comparison: ComparisonOperator,
    label,
  });
}

function minutesIn(results: readonly MetricDataResult[]): Answered['minutes'] {
  const byTime = (id: string) => {
    const { Timestamps = [], Values = [] } = results.find(({ Id }) => Id === id) ?? {};
    return new Map(Timestamps.map((time, i) => [time.getTime(), Values[i] ?? 0]));
  };
  const [all, bad] = [byTime('all'), byTime('bad')];
  const moments = [...new Set([...all.keys(), ...bad.keys()])].toSorted((a, b) => a - b);
  return moments.map((at) => ({ at, requests: all.get(at) ?? 0, errors: bad.get(at) ?? 0 }));
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
