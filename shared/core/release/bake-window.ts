/** When a bake ends, when its alarms have judged all of it, and which breaches count against it. */
import type { Moment } from '../model/image.ts';
import type { Observation } from '../model/observation.ts';
import type { Baking } from '../model/record/phase.ts';
import { MINUTE, type Rules } from '../model/rules.ts';
import type { Window } from './evidence.ts';

/** Metrics come one to two minutes late, and an alarm is evaluated some seconds after. */
const METRICS_LATE_MS = 2 * MINUTE;
/** For an alarm that names no period: a composite, or one of expressions alone. */
const JUDGES_IN_MS = 5 * MINUTE;

/** A bake whose end cannot be judged goes on for as long again, and at least for this. */
const EXTENSION_MIN_MS = 10 * MINUTE;
/** It may begin again within so many times its length; then a person is asked. */
const LENGTHS_MAX = 3;

/** Since then its tasks have stood, and no alarm was red that had been so before it came. */
export function bakeBeganAt({ succeededAt, release }: Baking): Moment {
  const { lastFailedAt = 0, redBeforeAt = 0 } = release.evidence;
  return Math.max(succeededAt, lastFailedAt, redBeforeAt);
}

export function bakeEndsAt(phase: Baking): Moment {
  return bakeBeganAt(phase) + phase.release.rules.bakeMinutes * MINUTE;
}

/**
 * From here on a person is asked, if it is not proven yet. Where traffic was shifted its bake may be over when
 * ECS says SUCCESSFUL, and the tasks of before stop only then.
 */
export function attentionAt(phase: Baking): Moment {
  const { bakeMinutes, strategy } = phase.release.rules;
  const lengths = phase.succeededAt + LENGTHS_MAX * bakeMinutes * MINUTE;
  const bakedByEcs = phase.succeededAt + (strategy?.bakeMinutes ?? 0) * MINUTE;
  const extension = Math.max(bakeMinutes * MINUTE, EXTENSION_MIN_MS);
  return Math.max(Math.min(judgedAt(phase), lengths), bakedByEcs) + extension;
}

/** From here on every alarm of the release has judged data up to the end of its bake. */
export function judgedAt(phase: Baking): Moment {
  return bakeEndsAt(phase) + judgingTime(phase.release.rules, phase.judgesInMs);
}

/** How long after a moment its alarms may still rise for what lies in it. */
export function judgingTime({ alarms }: Rules, judgesInMs: number | undefined): number {
  return alarms.length === 0 ? 0 : (judgesInMs ?? JUDGES_IN_MS) + METRICS_LATE_MS;
}

/** Of the slowest alarm; undefined: CloudWatch did not tell of all of them. */
export function slowestAlarm(
  { alarms }: Rules,
  observation: Pick<Observation, 'alarms'>,
): number | undefined {
  let slowest: number | undefined;
  for (const name of alarms) {
    const alarm = observation.alarms?.[name];
    if (alarm === undefined || alarm.state === 'missing' || alarm.state === 'unknown') {
      return undefined;
    }
    slowest = Math.max(slowest ?? 0, alarm.judgesInMs ?? JUDGES_IN_MS);
  }
  return slowest;
}

/** A bake that goes on past its end is watched for as long as it goes on. */
export function bakeWindow(phase: Baking): Window {
  const { rollout, release, extendedBecause, empty, servesSince } = phase;
  return {
    from: servesSince ?? rollout.createdAt,
    ...(extendedBecause === undefined ? { to: bakeEndsAt(phase), judgedAt: judgedAt(phase) } : {}),
    // Of a release that does not run no alarm tells anything.
    alarms: empty ? [] : release.rules.alarms,
    rolledOutAt: phase.succeededAt,
  };
}
