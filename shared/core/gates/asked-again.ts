/**
 * The gates once more, right before ECS is asked: minutes may lie between the start of a release and
 * that. What was let through at its start is not asked about again, only what has come since.
 */

import { defined } from '../model/defined.ts';
import { mapValues } from '../model/entries.ts';
import type { ObservedAlarm, StandingObservation } from '../model/observation.ts';
import type { Release } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { passesByHand } from './alarm-gates.ts';
import type { Gate } from './gate.ts';
import { closedGates } from './gates.ts';

export function closedSinceStart(
  record: TargetRecord,
  release: Release,
  observation: StandingObservation,
): Gate | undefined {
  // Its copy of the rules names neither scan nor signature: they say of an image what they said before.
  const asBefore: TargetRecord = {
    ...record,
    rules: {
      ...release.rules,
      whileAlarmRed: record.rules.whileAlarmRed,
      ...(record.rules.freeze && { freeze: record.rules.freeze }),
    },
    waiting: asWaiting(release),
  };
  const alarms = Object.entries(observation.alarms ?? {}).filter(([, alarm]) =>
    rose(alarm, release.startedAt),
  );
  const since: StandingObservation = { ...observation, alarms: Object.fromEntries(alarms) };
  // A person's deploy passes alarms and freezes, here as at its start.
  return closedGates(asBefore, since).find(
    (gate) => release.by === undefined || !passesByHand(gate),
  );
}

function rose(alarm: ObservedAlarm, startedAt: number): boolean {
  return alarm.state === 'ALARM' && alarm.since >= startedAt;
}

/** The images of a release, as they waited before it. */
export function asWaiting({ images, startedAt, by, sender }: Release): TargetRecord['waiting'] {
  return mapValues(images, (image) => defined({ image, since: startedAt, by, sender }));
}
