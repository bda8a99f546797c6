/**
 * CloudWatch as the rest of the local AWS sees it: its operations, its timers, and two short ways
 * in for ECS and for scenarios. How alarms work is in the cloudwatch-*.ts files.
 */

import type { World } from '../kernel/world.ts';
import { alarmOperations } from './alarm-operations.ts';
import { metricOperations } from './metric-operations.ts';
import { listingOperations } from './metric-views.ts';
import type { StateValue } from './state.ts';
import { transitionTimers } from './transitions.ts';
import { askingOperations } from './views.ts';

export { type CloudWatchState, emptyCloudWatch } from './state.ts';

export const cloudwatchOperations = {
  ...alarmOperations,
  ...askingOperations,
  ...metricOperations,
  ...listingOperations,
};

export const cloudwatchTimers = transitionTimers;

/** The state of an alarm of any type; undefined if there is none of that name. */
export function alarmState(world: World, name: string): StateValue | undefined {
  return world.cloudwatch.alarms[name]?.state.value;
}

/** Mutes an alarm from now on: its events go on and carry `muteDetail`. */
export function muteAlarm(world: World, name: string, until: number): void {
  const alarm = world.cloudwatch.alarms[name];
  if (alarm === undefined) throw new Error(`cannot mute "${name}": there is no such alarm`);
  alarm.mute = { from: world.now, until };
}
