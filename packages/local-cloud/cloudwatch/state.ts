/** What CloudWatch remembers: series of metrics, alarms and their history. Plain data. */
import { table } from '../kernel/tables.ts';
import type { World } from '../kernel/world.ts';

export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface CloudWatchState {
  /** By `seriesKey`. */
  series: Record<string, Series>;
  alarms: Record<string, Alarm>;
  /** Oldest first. */
  history: HistoryItem[];
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    cloudwatch: CloudWatchState;
  }
}

export interface Series {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** One per minute that has data, oldest first. */
  points: Point[];
}

/** A minute's data, already added up. */
export interface Point {
  /** Begin of the minute, ms. */
  readonly at: number;
  sum: number;
  count: number;
  min: number;
  max: number;
  /** [value, how often]; for percentiles. */
  samples: [number, number][];
}

export type Alarm = MetricAlarm | CompositeAlarm;

interface AlarmBase {
  readonly name: string;
  /** Tells an alarm from a later one of the same name. */
  readonly serial: number;
  readonly description?: string;
  actionsEnabled: boolean;
  readonly okActions: readonly string[];
  readonly alarmActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
  /** When the configuration changed last. */
  configuredAt: number;
  state: AlarmState;
  mute?: { readonly from: number; readonly until: number };
}

export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  /** JSON text. */
  readonly reasonData?: string;
  /** When `value` changed last. */
  readonly transitionedAt: number;
  /** When the state was written last, changed or not. */
  readonly updatedAt: number;
}

export interface MetricAlarm extends AlarmBase {
  readonly type: 'MetricAlarm';
  readonly queries: readonly MetricQuery[];
  /** How it was put: one metric, or a list of queries. */
  readonly form: 'metric' | 'queries';
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm?: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly treatMissingData?: MissingData;
}

export interface CompositeAlarm extends AlarmBase {
  readonly type: 'CompositeAlarm';
  readonly rule: string;
}

export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

export type Comparison =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

/** One of an alarm's (or a request's) metrics: read from a series, or computed from the others. */
export interface MetricQuery {
  readonly id: string;
  readonly expression?: string;
  readonly stat?: MetricStat;
  readonly label?: string;
  readonly returnData: boolean;
}

export interface MetricStat {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSeconds: number;
  readonly statistic: string;
  readonly unit?: string;
}

export interface HistoryItem {
  readonly alarmName: string;
  readonly alarmType: Alarm['type'];
  readonly at: number;
  readonly type: 'StateUpdate' | 'ConfigurationUpdate' | 'Action';
  readonly summary: string;
  /** JSON text. */
  readonly data: string;
}

export function emptyCloudWatch(): CloudWatchState {
  return { series: {}, alarms: table(), history: [] };
}

/** "2026-11-21T10:05:00.123+0000", as CloudWatch writes moments in events and reasons. */
export function alarmTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}

export function alarmArn(world: World, name: string): string {
  return `arn:aws:cloudwatch:${world.region}:${world.account}:alarm:${name}`;
}

/** Its form is that of events' `muteDetail.mutedByArn` in the docs. */
export function muteRuleArn(world: World, name: string): string {
  return `arn:aws:cloudwatch:${world.region}:${world.account}:alarm-mute-rule:${name}`;
}

/** The state of an alarm of any type; undefined if there is none of that name. */
export function alarmState(world: World, name: string): StateValue | undefined {
  return world.cloudwatch.alarms[name]?.state.value;
}

/** How much time an alarm looks at; undefined of one that is composite or not there. */
export function evaluationRangeMs(world: World, name: string): number | undefined {
  const alarm = world.cloudwatch.alarms[name];
  if (alarm?.type !== 'MetricAlarm') return undefined;
  const periods = alarm.queries.map(({ stat }) => stat?.periodSeconds ?? 0);
  return Math.max(...periods) * 1000 * alarm.evaluationPeriods;
}

/** Mutes an alarm from now on: its events go on and carry `muteDetail`. */
export function muteAlarm(world: World, name: string, until: number): void {
  const alarm = world.cloudwatch.alarms[name];
  if (alarm === undefined) throw new Error(`cannot mute "${name}": there is no such alarm`);
  alarm.mute = { from: world.now, until };
}
