/** What may keep a release from starting for now, in the order in which it is asked. */
import { isQuarantined } from './decision.ts';
import { shortDigest } from './image.ts';
import type { HoldReason, TargetRecord } from './record.ts';
import type { FoundService, Seen } from './seen.ts';

/** With this much untold, nothing new begins: who would hear how it ended? */
const UNTOLD_MAX = 15;

export interface Gate {
  readonly reason: HoldReason;
  readonly because: string;
  readonly next: string;
}

export function closedGate(
  record: TargetRecord,
  service: FoundService,
  seen: Seen,
): Gate | undefined {
  if (record.hold !== undefined) {
    return {
      reason: 'person',
      because: `${record.hold.by} holds this target: ${record.hold.because}`,
      next: 'it starts after `resume`',
    };
  }
  if (seen.untold > UNTOLD_MAX) {
    return {
      reason: 'untold',
      because: `${seen.untold} announcements could not be delivered`,
      next: 'it starts when the announcement bus answers again',
    };
  }
  const bad = quarantinedBeside(record, service, seen);
  if (bad !== undefined) return bad;
  const clearing = record.clearing.find((name) => seen.alarms?.[name]?.state === 'ALARM');
  if (clearing !== undefined) {
    return {
      reason: 'clearing',
      because: `alarm ${clearing}, which condemned the last release, is not OK yet`,
      next: 'it starts by itself when the alarm is OK',
    };
  }
  return record.rules.whileAlarmRed === 'hold' ? redAlarm(record, seen) : undefined;
}

export function alarmsToAsk(record: TargetRecord): readonly string[] {
  return [...new Set([...record.rules.alarms, ...record.clearing])];
}

/** A release is a copy of what runs: a quarantined image in another container would start with it. */
function quarantinedBeside(
  record: TargetRecord,
  { primary }: FoundService,
  seen: Seen,
): Gate | undefined {
  const runs = record.runs?.revision === primary.revision ? record.runs.images : {};
  for (const [container, reference] of Object.entries(seen.definition?.containers ?? {})) {
    if (record.waiting[container] !== undefined) continue;
    const digest = reference.split('@')[1] ?? runs[container]?.digest;
    if (digest === undefined || !isQuarantined(record, digest)) continue;
    return {
      reason: 'quarantine',
      because: `container "${container}" runs the quarantined ${shortDigest(digest)}, which would start again with it`,
      next: `it starts together with a fix for "${container}"; or roll back, or lift that quarantine`,
    };
  }
  return undefined;
}

/** ECS ignores an alarm that is red when a rollout starts, for the whole of that rollout. */
function redAlarm(record: TargetRecord, seen: Seen): Gate | undefined {
  for (const name of record.rules.alarms) {
    const alarm = seen.alarms?.[name];
    const next = `it starts by itself when the alarm is OK; after ${record.rules.holdMinutes} minutes: ${record.rules.afterHold}`;
    if (alarm?.state === 'ALARM') {
      return {
        reason: 'alarm',
        because: `alarm ${name} is red, so it could not guard this release: ${alarm.reason}`,
        next,
      };
    }
    if (alarm?.state === 'missing') {
      return {
        reason: 'alarm',
        because: `alarm ${name} does not exist, so it cannot guard this release`,
        next: `create it, or take it out of pipeline.config.ts; ${next}`,
      };
    }
    if (alarm?.state === 'unknown') {
      return {
        reason: 'alarm',
        because: `the state of alarm ${name} is unknown: ${alarm.because}`,
        next,
      };
    }
  }
  return undefined;
}
