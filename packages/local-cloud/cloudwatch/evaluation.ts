/**
 * One evaluation of a metric alarm: which data points count, what they say, and in which words.
 * Changes nothing. Source of the rules: docs, alarms-and-missing-data (its two tables are tests);
 * the words are those of real reasons, see README.md.
 */

import type { World } from '../kernel/world.ts';
import { valuesOf } from './math.ts';
import { statistic, statistics } from './metrics.ts';
import {
  alarmTime,
  type Comparison,
  type MetricAlarm,
  type MetricQuery,
  type StateValue,
} from './state.ts';

export interface Verdict {
  /** `retain`: missing data is ignored, the state stays as it is. */
  readonly value: StateValue | 'retain';
  /** The reason in words and as JSON text; asked for only when the state changes. */
  explain(): { readonly reason: string; readonly reasonData: string };
}

interface DataPoint {
  readonly at: number;
  readonly value: number | undefined;
}

/**
 * CloudWatch reads more points than EvaluationPeriods; how many is not documented, the example of
 * the docs reads 5 for 3. It matters: ALB's newest minute is always missing still.
 */
const EXTRA_POINTS = 2;

const MINUTE_MS = 60_000;

/** What the alarm's state should be now. */
export function evaluateAlarm(world: World, alarm: MetricAlarm): Verdict {
  const points = readPoints(world, alarm);
  const needed = alarm.evaluationPeriods;
  const real = points.filter((point) => point.value !== undefined);
  const evaluated = real.slice(-needed);
  const value = judge(alarm, points, evaluated);
  return {
    value,
    explain: () => ({
      reason: reasonFor(alarm, value, evaluated),
      reasonData: reasonDataFor(world, alarm, evaluated, points),
    }),
  };
}

function periodSecondsOf(alarm: MetricAlarm): number {
  return Math.max(...alarm.queries.map((query) => query.stat?.periodSeconds ?? 0));
}

/** The evaluation range, oldest first; it ends with the last complete minute. */
function readPoints(world: World, alarm: MetricAlarm): DataPoint[] {
  const periodMs = periodSecondsOf(alarm) * 1000;
  const end = Math.floor(world.now / MINUTE_MS) * MINUTE_MS;
  const count = alarm.evaluationPeriods + EXTRA_POINTS;
  const moments: number[] = [];
  for (let back = count; back > 0; back--) moments.push(end - back * periodMs);
  const values = valuesOf(returned(alarm), alarm.queries, moments, (stat, all) =>
    statistics(world, stat, all),
  );
  return moments.map((at, index) => ({ at, value: values[index] }));
}

function returned(alarm: MetricAlarm): MetricQuery {
  const query = alarm.queries.find(({ returnData }) => returnData);
  if (query === undefined) throw new Error(`alarm ${alarm.name} returns no data`);
  return query;
}

function judge(
  alarm: MetricAlarm,
  points: readonly DataPoint[],
  evaluated: readonly DataPoint[],
): Verdict['value'] {
  const toAlarm = alarm.datapointsToAlarm ?? alarm.evaluationPeriods;
  const missing = alarm.evaluationPeriods - evaluated.length;
  const breaching = evaluated.filter((point) => breaches(alarm, point)).length;
  const treatment = alarm.treatMissingData ?? 'missing';

  if (missing === 0) return breaching >= toAlarm ? 'ALARM' : 'OK';
  if (treatment === 'breaching') return breaching + missing >= toAlarm ? 'ALARM' : 'OK';
  if (treatment === 'notBreaching' || breaching >= toAlarm) {
    return breaching >= toAlarm ? 'ALARM' : 'OK';
  }
  if (breaching < evaluated.length) return 'OK';
  if (treatment === 'ignore') return 'retain';
  // All that is there breaches, but it is too little: enough if its oldest is old enough.
  const oldest = points.findIndex((point) => point.value !== undefined);
  return oldest >= 0 && points.length - oldest >= toAlarm ? 'ALARM' : 'INSUFFICIENT_DATA';
}

function breaches(alarm: MetricAlarm, { value }: DataPoint): boolean {
  return value !== undefined && COMPARISONS[alarm.comparison].holds(value, alarm.threshold);
}

export const COMPARISONS: Readonly<
  Record<Comparison, { holds(value: number, threshold: number): boolean; words: string }>
> = {
  GreaterThanThreshold: { holds: (value, t) => value > t, words: 'greater than' },
  GreaterThanOrEqualToThreshold: {
    holds: (value, t) => value >= t,
    words: 'greater than or equal to',
  },
  LessThanThreshold: { holds: (value, t) => value < t, words: 'less than' },
  LessThanOrEqualToThreshold: { holds: (value, t) => value <= t, words: 'less than or equal to' },
};

function reasonFor(
  alarm: MetricAlarm,
  value: Verdict['value'],
  evaluated: readonly DataPoint[],
): string {
  const needed = alarm.evaluationPeriods;
  const missing = needed - evaluated.length;
  if (value === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${counted(missing, 'datapoint')} ${wasWere(missing)} unknown.`;
  }
  const treatment = alarm.treatMissingData ?? 'missing';
  const filled = treatment === 'breaching' || treatment === 'notBreaching';
  const treated = `${counted(missing, 'missing datapoint')} ${wasWere(missing)} treated as [${
    treatment === 'breaching' ? 'Breaching' : 'NonBreaching'
  }]`;
  if (evaluated.length === 0) {
    const periods = counted(needed, 'period');
    return `Threshold Crossed: no datapoints were received for ${periods} and ${treated}.`;
  }
  const named = evaluated
    .filter((point) => breaches(alarm, point) === (value === 'ALARM'))
    .reverse();
  const list = named
    .map(({ at, value: n = 0 }) => `${javaDouble(n)} (${shortTime(at)})`)
    .join(', ');
  const not = value === 'ALARM' ? '' : 'not ';
  const claim = `[${list}] ${wasWere(named.length)} ${not}${
    COMPARISONS[alarm.comparison].words
  } the threshold (${javaDouble(alarm.threshold)})${missing > 0 && filled ? ` and ${treated}` : ''}`;
  if (alarm.datapointsToAlarm === undefined) {
    return `Threshold Crossed: ${counted(named.length, 'datapoint')} ${claim}.`;
  }
  const toAlarm = alarm.datapointsToAlarm;
  const minimum = value === 'ALARM' ? toAlarm : needed - toAlarm + 1;
  const transition = value === 'ALARM' ? 'OK -> ALARM' : 'ALARM -> OK';
  return `Threshold Crossed: ${named.length} out of the last ${needed} datapoints ${claim} (minimum ${counted(minimum, 'datapoint')} for ${transition} transition).`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function wasWere(count: number): 'was' | 'were' {
  return count === 1 ? 'was' : 'were';
}

/** "21/11/26 10:05:00" */
function shortTime(at: number): string {
  const [, year, month, day, time] =
    /^\d\d(\d\d)-(\d\d)-(\d\d)T(.{8})/.exec(new Date(at).toISOString()) ?? [];
  return `${day}/${month}/${year} ${time}`;
}

/** As Java prints a double: 5.0, 0.0666851903306472, 1.0E7. */
export function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    const fraction = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
    return `${fraction}E${exponent.replace('+', '')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** JSON text by hand, because `threshold` reads 5.0 and not 5. */
function reasonDataFor(
  world: World,
  alarm: MetricAlarm,
  evaluated: readonly DataPoint[],
  points: readonly DataPoint[],
): string {
  const { stat } = returned(alarm);
  const oldest = evaluated[0];
  const shown = evaluated.length > 0 ? evaluated : points.slice(-alarm.evaluationPeriods);
  const recent = evaluated.map(({ value = 0 }) => javaDouble(value));
  const details = shown.toReversed().map(({ at, value }) => {
    const count = stat && statistic(world, { ...stat, statistic: 'SampleCount' }, at);
    return `{${[
      `"timestamp":"${alarmTime(at)}"`,
      ...(count === undefined ? [] : [`"sampleCount":${javaDouble(count)}`]),
      ...(value === undefined ? [] : [`"value":${javaDouble(value)}`]),
    ].join(',')}}`;
  });
  return `{${[
    '"version":"1.0"',
    `"queryDate":"${alarmTime(world.now)}"`,
    ...(oldest === undefined ? [] : [`"startDate":"${alarmTime(oldest.at)}"`]),
    ...(stat?.unit === undefined ? [] : [`"unit":"${stat.unit}"`]),
    ...(stat === undefined ? [] : [`"statistic":"${stat.statistic}"`]),
    `"period":${periodSecondsOf(alarm)}`,
    `"recentDatapoints":[${recent.join(',')}]`,
    `"threshold":${javaDouble(alarm.threshold)}`,
    `"evaluatedDatapoints":[${details.join(',')}]`,
  ].join(',')}}`;
}
