/** An alarm with what it watches, for the page: its threshold, and its metric over the last hour. */
import { valuesOf } from '@slipway/local-cloud/cloudwatch/math.ts';
import { statistics } from '@slipway/local-cloud/cloudwatch/metrics.ts';
import type { MetricAlarm } from '@slipway/local-cloud/cloudwatch/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { PageAlarm } from './page-state.ts';

const SHOWN_MS = 3_600_000;

/** Undefined if there is no alarm of that name. */
export function alarmView(world: World, name: string): PageAlarm | undefined {
  const alarm = world.cloudwatch.alarms[name];
  if (alarm === undefined) return undefined;
  const { value, reason, transitionedAt } = alarm.state;
  const state = { name, state: value, reason, since: transitionedAt };
  if (alarm.type === 'CompositeAlarm') return { ...state, points: [] };
  const watched = alarm.queries.find(({ returnData }) => returnData);
  const label = watched?.label ?? watched?.stat?.metricName;
  return {
    ...state,
    threshold: alarm.threshold,
    comparison: alarm.comparison,
    ...(label !== undefined && { label }),
    points: pointsOf(world, alarm),
  };
}

function pointsOf(world: World, { queries }: MetricAlarm): PageAlarm['points'] {
  const watched = queries.find(({ returnData }) => returnData);
  if (watched === undefined) return [];
  const seconds = Math.max(60, ...queries.map(({ stat }) => stat?.periodSeconds ?? 0));
  const periodMs = seconds * 1000;
  const moments: number[] = [];
  const from = Math.ceil((world.now - SHOWN_MS) / periodMs) * periodMs;
  for (let at = from; at + periodMs <= world.now; at += periodMs) moments.push(at);
  const values = valuesOf(watched, queries, moments, (stat, all) => statistics(world, stat, all));
  return moments.flatMap((at, index) => {
    const value = values[index];
    return value === undefined ? [] : [{ at, value }];
  });
}
