/** The store of metrics: one point per minute and series, and the statistics read from them. */

import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import type { MetricStat, Point, Series } from './state.ts';

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
  let key = `${namespace}|${metricName}`;
  for (const name of Object.keys(dimensions).sort()) key += `|${name}=${dimensions[name]}`;
  return key;
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

/** Further ahead there can be no data: PutMetricData takes two hours (API reference). */
const AHEAD_MOST_MS = 2 * 60 * MINUTE_MS;

/**
 * The beginnings of the periods from `start`, up to and without `end`: those of which there can be
 * data at all, however far the range reaches.
 */
export function metricWindow(
  { now }: Pick<World, 'now'>,
  start: number,
  end: number,
  periodMs: number,
): readonly number[] {
  const least = Math.max(start, now - POINTS_MOST * MINUTE_MS);
  const moments: number[] = [];
  const until = Math.min(end, now + AHEAD_MOST_MS);
  for (let at = Math.floor(least / periodMs) * periodMs; at < until; at += periodMs)
    moments.push(at);
  return moments;
}

/** The statistic of [from, from + period); undefined if no data came. */
export function statistic(world: World, stat: MetricStat, from: number): number | undefined {
  return statistics(world, stat, [from])[0];
}

/** The same for each of several moments: the series is looked for once. */
export function statistics(
  world: World,
  stat: MetricStat,
  moments: readonly number[],
): (number | undefined)[] {
  const key = seriesKey(stat.namespace, stat.metricName, stat.dimensions);
  const points = world.cloudwatch.series[key]?.points ?? [];
  const lengthMs = stat.periodSeconds * 1000;
  return moments.map((from) => statisticOf(pointsBetween(points, from, lengthMs), stat.statistic));
}

function statisticOf(points: readonly Point[], name: string): number | undefined {
  if (points.length === 0) return undefined;
  switch (name) {
    case 'Sum':
      return sumOf(points);
    case 'SampleCount':
      return countOf(points);
    case 'Average':
      return sumOf(points) / countOf(points);
    case 'Minimum':
      return Math.min(...points.map((point) => point.min));
    case 'Maximum':
      return Math.max(...points.map((point) => point.max));
    default: {
      const [, from] = /^TC\((\d+(?:\.\d+)?):\)$/.exec(name) ?? [];
      return from === undefined ? percentile(points, name) : trimmedCount(points, Number(from));
    }
  }
}

function sumOf(points: readonly Point[]): number {
  return points.reduce((total, { sum }) => total + sum, 0);
}

function countOf(points: readonly Point[]): number {
  return points.reduce((total, { count }) => total + count, 0);
}

/** The sum of each minute that has data, from `from` on: who looks from outside reads a whole series at once. */
export function sumsByMinute(
  world: World,
  { namespace, metricName, dimensions }: Pick<Datum, 'namespace' | 'metricName' | 'dimensions'>,
  from: number,
): ReadonlyMap<number, number> {
  const series = world.cloudwatch.series[seriesKey(namespace, metricName, dimensions)];
  const points = series?.points.filter(({ at }) => at >= from) ?? [];
  return new Map(points.map(({ at, sum }) => [at, sum]));
}

/** Newest first. */
function pointsBetween(points: readonly Point[], from: number, lengthMs: number): Point[] {
  const found: Point[] = [];
  for (let index = firstNotBefore(points, from + lengthMs) - 1; index >= 0; index--) {
    const point = points[index];
    if (point === undefined || point.at < from) break;
    found.push(point);
  }
  return found;
}

/** Its index; that after the last one where all are before. */
function firstNotBefore(points: readonly Point[], at: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const point = points[middle];
    if (point !== undefined && point.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** docs, Statistics-definitions: `TC(0.5:)` counts the values above 0.5. Whether it counts 0.5 itself is unverified. */
function trimmedCount(points: readonly Point[], from: number): number {
  const samples = points.flatMap((point) => point.samples);
  return samples.reduce((sum, [value, count]) => sum + (value > from ? count : 0), 0);
}

/** Nearest rank over all samples. AWS interpolates in its own, undocumented way. */
function percentile(points: readonly Point[], name: string): number {
  const match = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name);
  if (match === null) {
    throw new AwsError(
      'UnsupportedOperation',
      `The local CloudWatch does not know the statistic "${name}"; it knows Sum, SampleCount, Average, Minimum, Maximum, p0 to p100 and TC(x:).`,
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
