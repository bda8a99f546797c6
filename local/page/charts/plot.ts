/**
 * What a chart shows, as plain numbers: a line for each revision and for each alarm's own number on
 * one axis of time, the thresholds, and how high the chart is.
 */
import type { PageAlarm, PageServed, PageTarget } from '../../server/page-state.ts';
import { alarmPlace, comparisonText } from './alarm-place.ts';

export type Measure = 'errors' | 'latency';

export interface Plot {
  /** The first and the last moment that is shown. */
  readonly from: number;
  readonly to: number;
  /** Ascending; each line has a value, or null, for each. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly thresholds: readonly Threshold[];
  /** Where the scale ends; it begins at 0, or at `bottom`. */
  readonly top: number;
  readonly bottom?: number;
}

export interface Line {
  /** The revision's name, the alarm's, or that of what was counted. */
  readonly name: string;
  /** `minutes`: one value a minute, of a revision or of something else. */
  readonly kind: 'revision' | 'alarm' | 'minutes';
  /** Percent, ms, or the alarm's own unit. */
  readonly values: readonly (number | null)[];
}

export interface Threshold {
  readonly name: string;
  readonly value: number;
  /** `above`; undefined of a comparison that has no one line. */
  readonly side: string | undefined;
  readonly red: boolean;
  /** What it means, where it is no alarm's. */
  readonly says?: string;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

type Point = readonly [at: number, value: number];

/** What was served is noted every five seconds; longer than this, and nothing was served. */
const SERVED_GAP_MS = 16_000;

/** Of all revisions of a target; undefined if none answered a request in this span. */
export function servedPlot(target: PageTarget, measure: Measure, span: Span): Plot | undefined {
  const served = [...servedByRevision(target)].flatMap(([name, points]) => {
    const shown = withGaps(points.filter(({ at }) => within(at, span)).map(pointOf(measure)));
    return shown.length === 0 ? [] : [{ name, kind: 'revision' as const, points: shown }];
  });
  if (served.length === 0) return undefined;
  const alarms = target.alarms.filter((alarm) => alarmPlace(alarm).chart === measure);
  return plotOf([...served, ...alarms.map((alarm) => alarmLine(alarm, span))], alarms, span);
}

/** Of one alarm that has a chart of its own; undefined if it has no number to show. */
export function alarmPlot(alarm: PageAlarm, span: Span): Plot | undefined {
  if (alarmPlace(alarm).chart !== 'own' || alarm.threshold === undefined) return undefined;
  return plotOf([alarmLine(alarm, span)], [alarm], span);
}

/** By revision, the highest number first: the same revision may have been deployed twice. */
export function servedByRevision({
  revisions,
}: PageTarget): ReadonlyMap<string, readonly PageServed[]> {
  const byName = new Map<string, PageServed[]>();
  for (const { revision, served } of revisions) {
    if (served.length > 0) byName.set(revision, [...(byName.get(revision) ?? []), ...served]);
  }
  const sorted = [...byName].toSorted(([a], [b]) => b.localeCompare(a, 'en', { numeric: true }));
  return new Map(sorted.map(([name, points]) => [name, merged(points)]));
}

/** One point for each moment: means weighted by requests. */
function merged(points: readonly PageServed[]): readonly PageServed[] {
  const byTime = Map.groupBy(points, ({ at }) => at);
  return [...byTime.values()]
    .map((same) => {
      const sum = (pick: (point: PageServed) => number) =>
        same.reduce((total, point) => total + pick(point), 0);
      const requests = sum((point) => point.requestsPerSecond);
      const mean = (pick: (point: PageServed) => number) =>
        requests === 0
          ? sum(pick) / same.length
          : sum((point) => pick(point) * point.requestsPerSecond) / requests;
      return {
        at: same[0]?.at ?? 0,
        requestsPerSecond: requests,
        errorRate: mean((point) => point.errorRate),
        latencyMs: mean((point) => point.latencyMs),
        tasks: sum((point) => point.tasks),
      };
    })
    .toSorted((a, b) => a.at - b.at);
}

function pointOf(measure: Measure): (point: PageServed) => Point {
  return ({ at, errorRate, latencyMs }) => [at, measure === 'errors' ? errorRate * 100 : latencyMs];
}

/** With a hole where nothing was served, so that no line is drawn over it. */
function withGaps(points: readonly Point[]): readonly (Point | readonly [number, null])[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1]?.[0];
    const hole = before !== undefined && point[0] - before > SERVED_GAP_MS;
    return hole ? [[before + 1, null] as const, point] : [point];
  });
}

function alarmLine(alarm: PageAlarm, span: Span) {
  const { factor } = alarmPlace(alarm);
  const points = alarm.points
    .filter(({ at }) => within(at, span))
    .map(({ at, value }): Point => [at, value * factor]);
  return { name: alarm.name, kind: 'alarm' as const, points };
}

function within(at: number, { from, to }: Span): boolean {
  return at >= from && at <= to;
}

export interface Drawn {
  readonly name: string;
  readonly kind: Line['kind'];
  readonly points: readonly (readonly [at: number, value: number | null])[];
}

function plotOf(drawn: readonly Drawn[], alarms: readonly PageAlarm[], span: Span): Plot {
  const thresholds = alarms.flatMap((alarm) => {
    const { name, state, threshold, comparison } = alarm;
    if (threshold === undefined) return [];
    const value = threshold * alarmPlace(alarm).factor;
    return [{ name, value, side: comparisonText(comparison), red: state === 'ALARM' }];
  });
  return plotFrom(drawn, thresholds, span);
}

/** On one axis of time, with room above. */
export function plotFrom(
  drawn: readonly Drawn[],
  thresholds: readonly Threshold[],
  span: Span,
): Plot {
  const times = [...new Set(drawn.flatMap(({ points }) => points.map(([at]) => at)))].toSorted(
    (a, b) => a - b,
  );
  const lines = drawn.map(({ name, kind, points }) => {
    const values = new Map(points);
    return { name, kind, values: times.map((at) => values.get(at) ?? null) };
  });
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null));
  return { ...span, times, lines, thresholds, top: topOf(values, thresholds) };
}

/** Room above the highest value, and above a threshold for its words; never a scale of nothing. */
function topOf(values: readonly number[], thresholds: readonly Threshold[]): number {
  const most = Math.max(
    0,
    ...values.map((value) => value * 1.15),
    ...thresholds.map(({ value }) => value * 1.6),
  );
  return most === 0 ? 1 : most;
}

/**
 * Moves labels apart that would lie over each other: each as near as may be to where it wants to
 * be, `height` apart, between `least` and `most`. In the order given.
 */
export function spreadOut(
  wanted: readonly number[],
  height: number,
  least: number,
  most: number,
): readonly number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => at(wanted, a) - at(wanted, b));
  const places = [...wanted];
  let floor = least;
  for (const index of order) {
    places[index] = Math.max(at(wanted, index), floor);
    floor = at(places, index) + height;
  }
  let ceiling = most;
  for (const index of order.toReversed()) {
    places[index] = Math.min(at(places, index), ceiling);
    ceiling = at(places, index) - height;
  }
  return places;
}

function at(list: readonly number[], index: number): number {
  return list[index] ?? 0;
}
