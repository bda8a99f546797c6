/** Does what runs, and is not ours, stand as a release must stand? */
import type { FoundService, Observation } from '../model/observation.ts';
import type { External, TargetRecord } from '../model/record.ts';
import { silencedBecause } from './evidence.ts';

export function isSteady(service: FoundService): boolean {
  return (
    service.deployments === 1 &&
    service.primary.rolloutState === 'COMPLETED' &&
    service.running === service.desired
  );
}

/** Why what runs cannot be called proven yet. */
export function doubtOf(
  record: TargetRecord,
  { bakeMinutes }: Pick<External, 'bakeMinutes'>,
  observation: Observation,
): string | undefined {
  for (const name of record.rules.alarms) {
    const alarm = observation.alarms?.[name];
    if (alarm === undefined) return `alarm ${name} was not asked yet`;
    if (alarm.state === 'ALARM' && silencedBecause(record, name, alarm) === undefined) {
      return `alarm ${name} is red: ${alarm.reason}`;
    }
    if (alarm.state === 'missing') return `alarm ${name} does not exist`;
    if (alarm.state === 'unknown') return `the state of alarm ${name} is unknown: ${alarm.because}`;
    const rises = observation.rises?.[name];
    if (bakeMinutes > 0 && rises?.state !== 'known') {
      return `the history of alarm ${name} is unknown`;
    }
  }
  if (observation.question.images === undefined) return 'its images were not asked yet';
  return undefined;
}
