/** The store of metrics: one point per minute and series, and the statistics read from them. */

import { valuesOf } from './cloudwatch-math.ts';
import {
  type MetricQuery,
  type MetricStat,
  type Moment,
  type Point,
  type Series,
  toMs,
} from './cloudwatch-state.ts';
import { AwsError, type World } from './world.ts';

const MINUTE_MS = 60_000;

/**
 * A series remembers a day and a half: no alarm looks further back than a day (docs, alarm
 * limits). AWS keeps 15 months.
 */
const POINTS_MOST = 2_160;

export interface Datum {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Any moment of the minute it belongs to, ms. */
  readonly at: number;
  readonly value: number;
  /** How many samples have this value; 1 if absent. */
  readonly count?: number;
}

/** Adds samples to a minute. */
export function putDatum(world: World, datum: Datum): void {
  const { value, count = 1 } = datum;
  const point = pointAt(seriesFor(world, datum), datum.at);
  point.sum += value * count;
  point.count += count;
  point.min = Math.min(point.min, value);
  point.max = Math.max(point.max, value);
  const same = point.samples.find(([other]) => other === value);
  if (same) same[1] += count;
  else point.samples.push([value, count]);
}

function seriesFor(world: World, { namespace, metricName, dimensions }: Datum): Series {
  const key = seriesKey(namespace, metricName, dimensions);
  const known = world.cloudwatch.series[key];
  if (known !== undefined) return known;
  const series: Series = { namespace, metricName, dimensions, points: [] };
  world.cloudwatch.series[key] = series;
  return series;
}

/** Dimensions are part of a metric's identity, their order is not. */
function seriesKey(
  namespace: string,
  metricName: string,
  dimensions: Readonly<Record<string, string>>,
): string {
  const names = Object.keys(dimensions).sort();
  return [namespace, metricName, ...names.map((name) => `${name}=${dimensions[name]}`)].join('|');
}

function pointAt(series: Series, at: number): Point {
  const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  const { points } = series;
  let index = points.length;
  while (index > 0 && (points[index - 1]?.at ?? 0) > minute) index--;
  const before = points[index - 1];
  if (before?.at === minute) return before;
  const point: Point = { at: minute, sum: 0, count: 0, min: Infinity, max: -Infinity, samples: [] };
  points.splice(index, 0, point);
  if (points.length > POINTS_MOST) points.splice(0, points.length - POINTS_MOST);
  return point;
}

/** The statistic of [from, from + period); undefined if no data came. */
export function statistic(world: World, stat: MetricStat, from: number): number | undefined {
  const key = seriesKey(stat.namespace, stat.metricName, stat.dimensions);
  const points = pointsBetween(world.cloudwatch.series[key], from, stat.periodSeconds * 1000);
  if (points.length === 0) return undefined;
  const sum = points.reduce((total, point) => total + point.sum, 0);
  const count = points.reduce((total, point) => total + point.count, 0);
  switch (stat.statistic) {
    case 'Sum':
      return sum;
    case 'SampleCount':
      return count;
    case 'Average':
      return sum / count;
    case 'Minimum':
      return Math.min(...points.map((point) => point.min));
    case 'Maximum':
      return Math.max(...points.map((point) => point.max));
    default:
      return percentile(points, stat.statistic);
  }
}

function pointsBetween(series: Series | undefined, from: number, lengthMs: number): Point[] {
  const points = series?.points ?? [];
  const found: Point[] = [];
  // Questions are about the newest minutes, so the search starts at the end.
  for (let index = points.length - 1; index >= 0; index--) {
    const point = points[index];
    if (point === undefined || point.at < from) break;
    if (point.at < from + lengthMs) found.push(point);
  }
  return found;
}

/** Nearest rank over all samples. AWS interpolates in its own, undocumented way. */
function percentile(points: readonly Point[], name: string): number {
  const match = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name);
  if (match === null) {
    throw new AwsError(
      'UnsupportedOperation',
      `The local CloudWatch does not know the statistic "${name}"; it knows Sum, SampleCount, Average, Minimum, Maximum and p0 to p100.`,
    );
  }
  const samples = points.flatMap((point) => point.samples).sort(([a], [b]) => a - b);
  const total = samples.reduce((sum, [, count]) => sum + count, 0);
  let left = (Number(match[1]) / 100) * total;
  for (const [value, count] of samples) {
    left -= count;
    if (left <= 0) return value;
  }
  return samples.at(-1)?.[0] ?? 0;
}

/** Metric names and dimensions as the API writes them. */
export interface MetricInput {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name?: string; readonly Value?: string }[];
}

export interface QueryInput {
  readonly Id?: string;
  readonly Expression?: string;
  readonly Label?: string;
  readonly ReturnData?: boolean;
  readonly Period?: number;
  readonly MetricStat?: {
    readonly Metric?: MetricInput;
    readonly Period?: number;
    readonly Stat?: string;
    readonly Unit?: string;
  };
}

export function dimensionsOf(metric: MetricInput | undefined): Record<string, string> {
  return Object.fromEntries(
    (metric?.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]),
  );
}

/** Reads a MetricDataQuery; in a list of them `ReturnData` is true unless it says otherwise. */
export function readQuery(input: QueryInput): MetricQuery {
  const stat = input.MetricStat;
  return {
    id: input.Id ?? '',
    ...(input.Expression === undefined ? {} : { expression: input.Expression }),
    ...(stat === undefined
      ? {}
      : {
          stat: {
            namespace: stat.Metric?.Namespace ?? '',
            metricName: stat.Metric?.MetricName ?? '',
            dimensions: dimensionsOf(stat.Metric),
            periodSeconds: stat.Period ?? 60,
            statistic: stat.Stat ?? 'Average',
            ...(stat.Unit === undefined ? {} : { unit: stat.Unit }),
          },
        }),
    ...(input.Label === undefined ? {} : { label: input.Label }),
    returnData: input.ReturnData ?? true,
  };
}

interface PutMetricDataInput {
  readonly Namespace?: string;
  readonly MetricData?: readonly (MetricInput & {
    readonly Timestamp?: Moment;
    readonly Value?: number;
    readonly Values?: readonly number[];
    readonly Counts?: readonly number[];
  })[];
}

interface GetMetricDataInput {
  readonly MetricDataQueries?: readonly QueryInput[];
  readonly StartTime?: Moment;
  readonly EndTime?: Moment;
  readonly ScanBy?: 'TimestampDescending' | 'TimestampAscending';
}

/** docs, GetMetricData: at most 500 queries. */
const QUERIES_MOST = 500;

export const metricOperations = {
  /** Custom metrics are there at once; AWS takes up to two minutes. StatisticValues are not read. */
  PutMetricData(world: World, input: PutMetricDataInput) {
    for (const datum of input.MetricData ?? []) {
      const values = datum.Values ?? (datum.Value === undefined ? [] : [datum.Value]);
      values.forEach((value, index) => {
        putDatum(world, {
          namespace: input.Namespace ?? '',
          metricName: datum.MetricName ?? '',
          dimensions: dimensionsOf(datum),
          at: datum.Timestamp === undefined ? world.now : toMs(datum.Timestamp),
          value,
          count: datum.Counts?.[index] ?? 1,
        });
      });
    }
    return {};
  },

  /** Simple: one page, Complete, newest first unless ScanBy says otherwise. EndTime is exclusive. */
  GetMetricData(world: World, input: GetMetricDataInput) {
    const queries = (input.MetricDataQueries ?? []).map(readQuery);
    if (queries.length === 0 || queries.length > QUERIES_MOST) {
      throw new AwsError(
        'ValidationError',
        `MetricDataQueries must have 1 to ${QUERIES_MOST} members`,
      );
    }
    const periodMs = 1000 * Math.max(...queries.map((query) => query.stat?.periodSeconds ?? 60));
    const from = Math.floor(toMs(input.StartTime ?? 0) / periodMs) * periodMs;
    const moments: number[] = [];
    for (let at = from; at < toMs(input.EndTime ?? 0); at += periodMs) moments.push(at);
    const ascending = input.ScanBy === 'TimestampAscending';
    return {
      MetricDataResults: queries
        .filter((query) => query.returnData)
        .map((query) => {
          const values = valuesOf(query, queries, moments, (stat, at) =>
            statistic(world, stat, at),
          );
          const found = moments.flatMap((at, index) => {
            const value = values[index];
            return value === undefined ? [] : [{ at, value }];
          });
          if (!ascending) found.reverse();
          return {
            Id: query.id,
            Label: query.label ?? query.stat?.metricName ?? query.id,
            Timestamps: found.map(({ at }) => new Date(at)),
            Values: found.map(({ value }) => value),
            StatusCode: 'Complete',
          };
        }),
      Messages: [],
    };
  },
};
