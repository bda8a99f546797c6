/** When a bake ends, and in which time an alarm that rises counts against its release. */
import type { Moment } from '../model/image.ts';
import type { Baking } from '../model/record.ts';
import { MINUTE } from '../model/rules.ts';
import type { Window } from './evidence.ts';

export function bakeEndsAt({ succeededAt, release }: Baking): Moment {
  return succeededAt + release.rules.bakeMinutes * MINUTE;
}

/** A bake that goes on past its end is watched for as long as it goes on. */
export function bakeWindow(phase: Baking): Window {
  const { rollout, release, extendedBecause } = phase;
  return {
    from: rollout.createdAt,
    ...(extendedBecause === undefined ? { to: bakeEndsAt(phase) } : {}),
    alarms: release.rules.alarms,
  };
}
