/** Why what runs cannot be called proven yet: asked of a release of ours and of an external deployment alike. */
import type { FoundService, Observation } from '../model/observation.ts';
import type { Release } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Rules } from '../model/rules.ts';
import { silencedBecause } from './evidence.ts';

export function isSteady(service: FoundService): boolean {
  return (
    service.deployments === 1 &&
    service.primary.rolloutState === 'COMPLETED' &&
    service.running === service.desired
  );
}

/** Its revision names the digest of every container that is ours: nobody need ask what it runs. */
export function bringsAll({ images }: Pick<Release, 'images'>, { containers }: Rules): boolean {
  return Object.keys(containers).every((name) => images[name] !== undefined);
}

/** `history`: what ran before we came is asked nothing of its past. */
export function doubtOf(
  record: TargetRecord,
  alarms: readonly string[],
  history: 'asked' | 'spared',
  observation: Observation,
  images: 'asked' | 'known' = 'asked',
): string | undefined {
  for (const name of alarms) {
    const alarm = observation.alarms?.[name];
    if (alarm === undefined) return `alarm ${name} was not asked yet`;
    if (alarm.state === 'missing') return `alarm ${name} does not exist`;
    if (alarm.state === 'unknown') return `the state of alarm ${name} is unknown: ${alarm.because}`;
    if (alarm.state === 'ALARM' && silencedBecause(record, name, alarm) === undefined) {
      return `alarm ${name} is red: ${alarm.reason}`;
    }
    const rises = observation.rises?.[name];
    if (history === 'asked' && rises?.state !== 'known') {
      return `the history of alarm ${name} is unknown${rises === undefined ? '' : `: ${rises.because}`}`;
    }
  }
  return images === 'asked' && observation.question.images === undefined
    ? 'the digests that run were not asked yet'
    : undefined;
}
