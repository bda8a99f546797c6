/** The bake is over: the release is proven, or it is told why that cannot be said. */

import { addCandidate, announce, because, type Decision, inPhase } from '../model/decision.ts';
import type { FoundService, Observation } from '../model/observation.ts';
import type { Baking, RollbackCandidate, TargetRecord } from '../model/record.ts';
import { MINUTE, type Rules } from '../model/rules.ts';
import { bakeWindow, judgedAt } from '../release/bake-window.ts';
import { silencedBecause } from '../release/evidence.ts';

/** A bake whose end cannot be judged goes on for as long again, and at least for this. */
const EXTENSION_MIN_MS = 10 * MINUTE;

export function prove(
  record: TargetRecord,
  phase: Baking,
  service: FoundService,
  observation: Observation,
): Decision {
  const { revision } = phase.attempt;
  if (revision === undefined) return because(record, 'no revision');
  const doubt = doubtOf(record, phase, service, observation);
  if (doubt !== undefined) return extend(record, phase, doubt, observation);
  const { release } = phase;
  const { primary } = service;
  const images = primary.images ?? record.runs?.images ?? release.images;
  const window = bakeWindow(phase);
  const candidate: RollbackCandidate = {
    release: release.id,
    revision,
    images: { ...images, ...release.images },
    changed: Object.keys(release.images),
    pinned: primary.pinned ?? true,
    provenAt: observation.at,
    window: { ...window, to: window.to ?? observation.at },
  };
  const resting = inPhase(
    { ...record, runs: { revision, images: candidate.images, since: primary.createdAt } },
    { phase: 'idle' },
  );
  const guards =
    release.rules.alarms.length === 0 ? 'no alarm is configured' : 'its alarms never rose';
  const sentence = `ECS says SUCCESSFUL, and ${release.rules.bakeMinutes} minutes of bake passed: ${guards}, and its tasks stood`;
  const told = announce(addCandidate(resting, candidate), 'proven', {
    at: observation.at,
    release: release.id,
    images: release.images,
    revision,
    because: sentence,
    next: 'a release that fails returns here',
  });
  return because(told, `proven: ${sentence}`);
}

/** Why a bake that is over cannot be called passed. */
export function doubtOf(
  record: TargetRecord,
  phase: Baking,
  service: FoundService,
  observation: Observation,
): string | undefined {
  // Its images and its counts would be those of what ran before.
  if (service.primary.revision !== phase.attempt.revision) return 'this look is a stale one';
  if (service.running !== service.desired) {
    return `${service.running} of ${service.desired} desired tasks run`;
  }
  if (service.deployments > 1) return 'another deployment is in flight';
  return (
    alarmInDoubt(record, phase.release.rules, observation) ??
    (observation.question.images === undefined ? 'the digests that run were not asked' : undefined)
  );
}

function alarmInDoubt(
  record: TargetRecord,
  rules: Rules,
  observation: Observation,
): string | undefined {
  for (const name of rules.alarms) {
    const alarm = observation.alarms?.[name];
    if (alarm === undefined) return `alarm ${name} was not asked`;
    if (alarm.state === 'missing') return `alarm ${name} does not exist`;
    if (alarm.state === 'unknown') return `alarm ${name} is unknown: ${alarm.because}`;
    if (alarm.state === 'ALARM' && silencedBecause(record, name, alarm) === undefined) {
      return `alarm ${name} is red: ${alarm.reason}`;
    }
    const rises = observation.rises?.[name];
    if (rises?.state !== 'known') {
      return `the history of alarm ${name} is unknown${rises === undefined ? '' : `: ${rises.because}`}`;
    }
  }
  return undefined;
}

function extend(
  record: TargetRecord,
  phase: Baking,
  doubt: string,
  observation: Observation,
): Decision {
  const extension = Math.max(phase.release.rules.bakeMinutes * MINUTE, EXTENSION_MIN_MS);
  if (observation.at < judgedAt(phase) + extension) {
    const extended: Baking = { ...phase, extendedBecause: doubt };
    return because(
      phase.extendedBecause === doubt ? record : inPhase(record, extended),
      `the bake goes on past its end: ${doubt}`,
    );
  }
  const sentence = `it could not be proven: ${doubt}`;
  const { release } = phase;
  const asking = announce(
    inPhase(record, { phase: 'needs-attention', because: sentence, since: observation.at }),
    'needs-attention',
    {
      at: observation.at,
      release: release.id,
      images: release.images,
      because: sentence,
      next: 'it keeps running; mend the cause, then push a newer image, or roll back by hand',
    },
  );
  return because(asking, sentence);
}
