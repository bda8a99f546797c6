/** Which rises of alarms were muted: events say so, and of what only an observation shows, CloudWatch is asked. */
import type { Moment } from '../model/image.ts';
import type { AlarmRise, Observation } from '../model/observation.ts';
import { ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { risesSeen, SAME_RISE_MS } from './evidence.ts';
import { watchedNow } from './watched.ts';

/** Of one alarm, the newest: one that flaps while it is muted. */
const MUTED_RISES_MAX = 5;

/** Alarms that rose while they guard, as no event told: muted, or with its event lost or late. */
export function alarmsToAskForMuting(
  record: TargetRecord,
  observation: Observation,
): readonly string[] {
  const watched = watchedNow(record);
  if (watched === undefined) return [];
  const { window, evidence } = watched;
  const unheard = risesSeen(record, observation).filter(
    ({ alarm, at }) =>
      at >= window.from &&
      window.alarms.includes(alarm) &&
      !evidence.rises.some((rise) => rise.alarm === alarm && isSame(rise.at, at)),
  );
  return [...new Set(unheard.map(({ alarm }) => alarm))];
}

/** A rule that was put or changed after the alarm rose does not say that it was muted when it rose. */
export function rememberMuted(record: TargetRecord, observation: Observation): TargetRecord {
  const muted = risesSeen(record, observation).filter(({ alarm, at }) => {
    const since = observation.mutedSince?.[alarm];
    return since !== undefined && since < at + SAME_RISE_MS;
  });
  return withMutedRises(record, muted);
}

/** DescribeAlarms knows nothing of muting: what it shows must be known for such a rise again. */
export function withMutedRises(
  record: TargetRecord,
  rises: readonly Pick<AlarmRise, 'alarm' | 'at'>[],
): TargetRecord {
  const guards = guardsOf(record);
  const before = record.mutedRises ?? {};
  const fresh = rises.filter(
    ({ alarm, at }) => guards.includes(alarm) && !before[alarm]?.some((one) => isSame(one, at)),
  );
  if (fresh.length === 0) return record;
  const known: Record<string, readonly Moment[]> = Object.fromEntries(
    Object.entries(before).filter(([name]) => guards.includes(name)),
  );
  for (const { alarm, at } of fresh) {
    known[alarm] = [at, ...(known[alarm] ?? [])].slice(0, MUTED_RISES_MAX);
  }
  return { ...record, mutedRises: known };
}

function guardsOf({ rules, phase }: TargetRecord): readonly string[] {
  return [...rules.alarms, ...(ownRelease(phase)?.release.rules.alarms ?? [])];
}

function isSame(a: Moment, b: Moment): boolean {
  return Math.abs(a - b) < SAME_RISE_MS;
}
