/**
 * What follows when an alarm's state changes: the state itself, a line of history, the event, and
 * the composite alarms above it. Events have the shape of packages/local-cloud/test/captures/cloudwatch.
 */

import { emit } from '../eventbridge/state.ts';
import { schedule } from '../kernel/timers.ts';
import type { World } from '../kernel/world.ts';
import { evaluateRule, triggersOf } from './composite.ts';
import { evaluateAlarm } from './evaluation.ts';
import {
  type Alarm,
  type AlarmState,
  alarmArn,
  alarmTime,
  type CompositeAlarm,
  type HistoryItem,
  type MetricQuery,
  muteRuleArn,
  type StateValue,
} from './state.ts';

export interface NewState {
  readonly value: StateValue;
  readonly reason: string;
  readonly reasonData?: string;
}

/** Alarms are evaluated each minute for periods of a minute and more (docs, alarm-evaluation). */
const EVERY_MS = 60_000;

/** More lines than this are forgotten, oldest first; AWS forgets after weeks. */
const HISTORY_MOST = 10_000;

/**
 * Writes a state. The same value again changes the reason only: no event, no history (capture
 * alarm_delivery, "set-alarm-state ALARM again").
 */
export function changeState(world: World, alarm: Alarm, next: NewState): void {
  const before = alarm.state;
  const changed = before.value !== next.value;
  alarm.state = {
    ...next,
    transitionedAt: changed ? world.now : before.transitionedAt,
    updatedAt: world.now,
  };
  if (!changed) return;
  remember(world, {
    alarmName: alarm.name,
    alarmType: alarm.type,
    at: world.now,
    type: 'StateUpdate',
    summary: `Alarm updated from ${before.value} to ${next.value}`,
    data: historyData(before, alarm.state),
  });
  emit(world, {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [alarmArn(world, alarm.name)],
    detail: {
      alarmName: alarm.name,
      state: stateDetail(alarm.state),
      previousState: stateDetail(before),
      configuration: {
        ...(alarm.type === 'MetricAlarm'
          ? { metrics: alarm.queries.map(queryDetail) }
          : { alarmRule: alarm.rule }),
        ...(alarm.description === undefined ? {} : { description: alarm.description }),
      },
      ...muteDetail(world, alarm),
    },
  });
  evaluateComposites(world, alarm);
}

export function remember(world: World, item: HistoryItem): void {
  const { history } = world.cloudwatch;
  history.push(item);
  if (history.length > HISTORY_MOST) history.splice(0, history.length - HISTORY_MOST);
}

function stateDetail(state: AlarmState): Record<string, unknown> {
  return {
    value: state.value,
    reason: state.reason,
    ...(state.reasonData === undefined ? {} : { reasonData: state.reasonData }),
    timestamp: alarmTime(state.transitionedAt),
  };
}

/** A metric as events write it. */
export function queryDetail(query: MetricQuery): Record<string, unknown> {
  const { stat } = query;
  return {
    id: query.id,
    ...(query.expression === undefined ? {} : { expression: query.expression }),
    ...(query.label === undefined ? {} : { label: query.label }),
    ...(stat === undefined
      ? {}
      : {
          metricStat: {
            metric: {
              namespace: stat.namespace,
              name: stat.metricName,
              dimensions: stat.dimensions,
            },
            period: stat.periodSeconds,
            stat: stat.statistic,
            ...(stat.unit === undefined ? {} : { unit: stat.unit }),
          },
        }),
    returnData: query.returnData,
  };
}

/** Muting silences actions, not events (docs, alarm-actions): the event says that it is muted. */
function muteDetail(world: World, alarm: Alarm): Record<string, unknown> {
  const { mute } = alarm;
  if (mute === undefined || world.now < mute.from || world.now >= mute.until) return {};
  return {
    muteDetail: {
      mutedByArn: muteRuleArn(world, alarm.name),
      muteWindowStart: alarmTime(mute.from),
      muteWindowEnd: alarmTime(mute.until),
    },
  };
}

/** JSON text as DescribeAlarmHistory returns it: the reason's data stand in it as an object. */
function historyData(before: AlarmState, after: AlarmState): string {
  return `{"version":"1.0","oldState":${historyState(before)},"newState":${historyState(after)}}`;
}

function historyState({ value, reason, reasonData }: AlarmState): string {
  const data = reasonData === undefined ? '' : `,"stateReasonData":${reasonData}`;
  return `{"stateValue":"${value}","stateReason":${JSON.stringify(reason)}${data}}`;
}

function evaluateComposites(world: World, cause: Alarm): void {
  for (const alarm of Object.values(world.cloudwatch.alarms)) {
    if (alarm.type === 'CompositeAlarm' && alarm !== cause) evaluateComposite(world, alarm, cause);
  }
}

/** Without a cause: the first evaluation after the alarm was put. */
function evaluateComposite(world: World, alarm: CompositeAlarm, cause?: Alarm): void {
  const value = evaluateRule(world, alarm.rule) ? 'ALARM' : 'OK';
  if (value === alarm.state.value) return;
  const reason =
    cause === undefined
      ? `${alarmArn(world, alarm.name)} was created and its alarm rule evaluates to ${value}`
      : `${alarmArn(world, cause.name)} transitioned to ${cause.state.value} at ${longTime(world.now)}`;
  const triggers = cause === undefined ? triggersOf(world, alarm.rule) : [cause];
  const reasonData = JSON.stringify({
    triggeringAlarms: triggers.map(({ name, state }) => ({
      arn: alarmArn(world, name),
      state: { value: state.value, timestamp: alarmTime(state.transitionedAt) },
    })),
  });
  changeState(world, alarm, { value, reason, reasonData });
}

/** "Friday 22 July, 2022 15:57:45 UTC" */
function longTime(at: number): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(at);
  const time = new Date(at).toISOString().slice(11, 19);
  return `${part({ weekday: 'long' })} ${part({ day: '2-digit' })} ${part({ month: 'long' })}, ${part({ year: 'numeric' })} ${time} UTC`;
}

/** Plans an alarm's next evaluation. Each alarm has its own second of the minute, drawn at birth. */
export function scheduleEvaluation(world: World, alarm: Alarm, afterMs: number): void {
  const { name, serial } = alarm;
  schedule(world, world.now + afterMs, 'cloudwatch.evaluate', { name, serial });
}

export const transitionTimers = {
  'cloudwatch.evaluate': (world: World, data: Record<string, unknown>): void => {
    const alarm = world.cloudwatch.alarms[String(data.name)];
    // Deleted since, or another alarm of the same name.
    if (alarm === undefined || alarm.serial !== data.serial) return;
    if (alarm.type === 'CompositeAlarm') {
      evaluateComposite(world, alarm);
      return;
    }
    scheduleEvaluation(world, alarm, EVERY_MS);
    const { value, explain } = evaluateAlarm(world, alarm);
    if (value === 'retain' || value === alarm.state.value) return;
    changeState(world, alarm, { value, ...explain() });
  },
};
