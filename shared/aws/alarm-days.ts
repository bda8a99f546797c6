/**
 * What alarms would have judged of the last day: their own metrics as CloudWatch has them, by the alarm's
 * period. Alarms of one metric are asked for together; each one of an expression has a call of its own,
 * since its expression names other queries by their ids.
 */
import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { Moment } from '../core/model/image.ts';
import { chunks } from './chunks.ts';
import { type Found, look } from './examine.ts';

export interface AlarmDay {
  /** Of what it compares: `HTTPCode_Target_5XX_Count`, or the label of its expression. */
  readonly metric: string;
  /** As CloudWatch writes it: `GreaterThanThreshold`. */
  readonly comparison: string;
  readonly threshold: number;
  /** So many points of `of` periods must be beyond its threshold. */
  readonly needs: number;
  readonly of: number;
  /** How it takes a missing point: `notBreaching`. */
  readonly missing: string;
  readonly periodMs: number;
  /** Whole periods; the end is excluded. */
  readonly from: Moment;
  readonly to: Moment;
  /** Ascending. */
  readonly points: readonly { readonly at: Moment; readonly value: number }[];
  /** When what it is made of was measured at all: a count of errors has no point while there is none. Ascending. */
  readonly measuredAt: readonly Moment[];
}

export interface AlarmDays {
  /** Of the alarms that CloudWatch has, by name. */
  alarmDays(names: readonly string[], now: Moment): Promise<ReadonlyMap<string, Found<AlarmDay>>>;
}

const NAMES_MAX = 100;
/** A call takes 500 metrics, and a page 100,800 points: a day of 70 by the minute. (API_GetMetricData) */
const ALARMS_AT_ONCE = 60;
const PAGES_MAX = 5;
const DAY_MS = 24 * 60 * 60_000;
/** Points of less than a minute are kept for so long. (docs, CloudWatch concepts: metrics retention) */
const FINE_MS = 3 * 60 * 60_000;
/** Metrics come one to two minutes late: what is not there yet is no gap. */
const LATE_MS = 2 * 60_000;
const DATA = 'cloudwatch:GetMetricData';

export function createAlarmDays(client: CloudWatchClient): AlarmDays {
  return {
    alarmDays: async (names, now) => {
      const days = new Map<string, Found<AlarmDay>>();
      const asked: Asked[] = [];
      for (const AlarmNames of chunks([...new Set(names)], NAMES_MAX)) {
        const seen = await described(client, AlarmNames);
        if (seen.state !== 'seen') for (const name of AlarmNames) days.set(name, seen);
        else {
          for (const alarm of seen.value) {
            const one = askedOf(alarm);
            if ('because' in one) days.set(alarm.AlarmName ?? '', { state: 'unseen', ...one });
            else asked.push(one);
          }
        }
      }
      for (const batch of batches(asked)) {
        for (const [name, day] of await daysOf(client, batch, now)) days.set(name, day);
      }
      return days;
    },
  };
}

async function described(
  client: CloudWatchClient,
  AlarmNames: string[],
): Promise<Found<readonly MetricAlarm[]>> {
  return await look('cloudwatch:DescribeAlarms', [], async () => {
    const { MetricAlarms = [] } = await client.send(
      new DescribeAlarmsCommand({ AlarmNames, MaxRecords: NAMES_MAX }),
    );
    return MetricAlarms;
  });
}

interface Asked {
  readonly alarm: MetricAlarm;
  readonly periodMs: number;
  readonly queries: readonly MetricDataQuery[];
  /** The query that is compared with the threshold. */
  readonly compared: string;
  /** Its queries have the ids that an expression names. */
  readonly isExpression: boolean;
}

function askedOf(alarm: MetricAlarm): Asked | { readonly because: string } {
  const { Metrics = [], MetricName, Period, ThresholdMetricId } = alarm;
  if (ThresholdMetricId !== undefined) {
    return { because: 'it compares with a band that CloudWatch learns, not with a number' };
  }
  if (MetricName !== undefined && Period !== undefined) {
    return { alarm, periodMs: Period * 1_000, isExpression: false, ...ofOneMetric(alarm) };
  }
  const compared = Metrics.find(({ ReturnData }) => ReturnData !== false)?.Id;
  const periods = Metrics.flatMap(({ MetricStat, Period: own }) => MetricStat?.Period ?? own ?? []);
  if (compared === undefined || periods.length === 0) {
    return { because: 'it names no metric with a period' };
  }
  // What the expression is made of is wanted, too: whether anything was measured.
  const queries = Metrics.map((query) => ({ ...query, ReturnData: true }));
  return { alarm, periodMs: Math.max(...periods) * 1_000, queries, compared, isExpression: true };
}

function ofOneMetric(alarm: MetricAlarm): Pick<Asked, 'queries' | 'compared'> {
  const { Namespace, MetricName, Dimensions, Period, Unit } = alarm;
  const Stat = alarm.Statistic ?? alarm.ExtendedStatistic ?? 'Average';
  const own = { Metric: { Namespace, MetricName, Dimensions }, Period, Stat, Unit };
  const queries: MetricDataQuery[] = [{ Id: 'own', MetricStat: own }];
  if (Namespace === 'AWS/ApplicationELB') {
    // It writes its counts of errors only while there are some. (load-balancer-cloudwatch-metrics)
    const Metric = { Namespace, MetricName: 'RequestCount', Dimensions };
    queries.push({ Id: 'requests', MetricStat: { Metric, Period, Stat: 'Sum' } });
  }
  return { queries, compared: 'own' };
}

/** Of one period each, so that all of a call have the same window. */
function batches(asked: readonly Asked[]): readonly (readonly Asked[])[] {
  const alone = asked.filter(({ isExpression }) => isExpression).map((one) => [one]);
  const simple = asked.filter(({ isExpression }) => !isExpression);
  const periods = [...new Set(simple.map(({ periodMs }) => periodMs))];
  const together = periods.flatMap((period) =>
    chunks(
      simple.filter(({ periodMs }) => periodMs === period),
      ALARMS_AT_ONCE,
    ),
  );
  return [...together, ...alone];
}

async function daysOf(
  client: CloudWatchClient,
  batch: readonly Asked[],
  now: Moment,
): Promise<readonly (readonly [string, Found<AlarmDay>])[]> {
  const periodMs = batch[0]?.periodMs ?? 0;
  const to = Math.floor((now - LATE_MS) / periodMs) * periodMs;
  const long = periodMs < 60_000 ? FINE_MS : DAY_MS;
  const from = to - Math.floor(long / periodMs) * periodMs;
  const idOf = ({ isExpression }: Asked, i: number, id: string) =>
    isExpression ? id : `${id}${i}`;
  const queries = batch.flatMap((one, i) =>
    one.queries.map((query) => ({ ...query, Id: idOf(one, i, query.Id ?? '') })),
  );
  const seen = await look(DATA, [], () => resultsOf(client, queries, from, to));
  return batch.map((one, i) => {
    const name = one.alarm.AlarmName ?? '';
    if (seen.state !== 'seen') return [name, seen] as const;
    const own = one.queries.map(({ Id = '' }) => seen.value.get(idOf(one, i, Id)));
    const compared = seen.value.get(idOf(one, i, one.compared));
    const bad = own.find((series) => series?.word !== 'Complete');
    if (compared === undefined || own.includes(undefined) || bad !== undefined) {
      const because = `${DATA} does not tell: CloudWatch says ${bad?.word ?? 'nothing'} of its metric`;
      return [name, { state: 'unseen', because }] as const;
    }
    const times = own.flatMap((series) => [...(series?.points.keys() ?? [])]);
    const points = [...compared.points].map(([at, value]) => ({ at, value }));
    const value = {
      ...rulesOf(one),
      periodMs,
      from,
      to,
      points: points.toSorted((a, b) => a.at - b.at),
      measuredAt: [...new Set(times)].toSorted((a, b) => a - b),
    };
    return [name, { state: 'seen', value }] as const;
  });
}

function rulesOf({ alarm, compared }: Asked) {
  const { EvaluationPeriods = 1, DatapointsToAlarm = EvaluationPeriods } = alarm;
  const query = alarm.Metrics?.find(({ Id }) => Id === compared);
  return {
    metric:
      alarm.MetricName ?? query?.Label ?? query?.MetricStat?.Metric?.MetricName ?? 'its expression',
    comparison: alarm.ComparisonOperator ?? '',
    threshold: alarm.Threshold ?? 0,
    needs: DatapointsToAlarm,
    of: EvaluationPeriods,
    missing: alarm.TreatMissingData ?? 'missing',
  };
}

interface Series {
  readonly points: Map<Moment, number>;
  word: string;
}

/** By the id of the query. A metric that goes on on another page says PartialData: its last word counts. */
async function resultsOf(
  client: CloudWatchClient,
  MetricDataQueries: MetricDataQuery[],
  from: Moment,
  to: Moment,
): Promise<ReadonlyMap<string, Series>> {
  const all = new Map<string, Series>();
  let NextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries,
        StartTime: new Date(from),
        EndTime: new Date(to),
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    for (const result of answer.MetricDataResults ?? []) gather(all, result);
    NextToken = answer.NextToken;
    if (NextToken === undefined) return all;
  }
  throw new Error(`the answer has more than ${PAGES_MAX} pages`);
}

function gather(all: Map<string, Series>, result: MetricDataResult): void {
  const { Id = '', Timestamps = [], Values = [], StatusCode = 'nothing' } = result;
  const series = all.get(Id) ?? { points: new Map<Moment, number>(), word: StatusCode };
  series.word = StatusCode;
  for (const [i, time] of Timestamps.entries()) series.points.set(time.getTime(), Values[i] ?? 0);
  all.set(Id, series);
}
