/** A release whose rollout ECS was not asked for yet: nothing runs that would have to go. */

import { asWaiting, closedSinceStart } from '../gates/asked-again.ts';
import { hold, withClocks } from '../gates/holding.ts';
import { whyAnyForeign } from '../gates/repository-gate.ts';
import { announce, because, type Decision, enter, inPhase, pick } from '../model/decision.ts';
import { defined } from '../model/defined.ts';
import type { ImageSet } from '../model/image.ts';
import { revisionName } from '../model/image.ts';
import type { Observation, PrimaryDeployment, StandingObservation } from '../model/observation.ts';
import type { Forward, Release, TargetRecord } from '../model/record.ts';
import { MINUTE } from '../model/rules.ts';
import { prepare, request } from '../release/attempt.ts';
import { fail, failForNow } from '../release/release-ends.ts';
import { type Whose, whose } from '../release/whose.ts';
import { announceExternal, ecsReturned, putLateCallRight } from './external.ts';

export function beforeRequest(
  record: TargetRecord,
  phase: Forward,
  primary: PrimaryDeployment,
  observation: StandingObservation,
): Decision {
  const who = whose(record, primary, observation);
  if (who !== 'ours' && who !== 'stale') return putBack(record, phase, primary, observation, who);
  const foreign = whyAnyForeign(record.rules, phase.attempt.images);
  if (foreign !== undefined) return fail(record, phase, observation, foreign);
  const attempt = prepare(phase.attempt, observation);
  if (attempt.revision === undefined)
    return register(record, { ...phase, attempt }, phase, observation);
  if (observation.alarms === undefined)
    return because(record, 'the next look asks the alarms once more');
  const held = heldAgain(record, phase, observation);
  if (held !== undefined) return held;
  const lastCompleted = record.rollbackCandidates.some(
    (candidate) => candidate.revision === primary.revision,
  );
  const ecsRollsBack = lastCompleted && primary.rolloutState === 'COMPLETED';
  const asOwnerSet = record.rollbackCandidates.length === 0 ? true : undefined;
  const guards = defined({ ecsRollsBack, asOwnerSet });
  const asked = request(record, attempt, attempt.revision, observation, guards);
  return because(
    inPhase(asked.record, { ...phase, attempt: asked.attempt }),
    `asks ECS for ${revisionName(attempt.revision)}`,
  );
}

/** Again and again, if the answers get lost, but not for longer than a rollout may take. */
function register(
  record: TargetRecord,
  next: Forward,
  before: Forward,
  observation: Observation,
): Decision {
  const { startedAt, rules } = next.release;
  if (observation.at > startedAt + rules.rolloutMinutes * MINUTE) {
    const sentence = `its revision could not be registered within ${rules.rolloutMinutes} minutes`;
    return failForNow(record, before, observation, sentence);
  }
  return next.attempt === before.attempt
    ? because(record, 'the new revision is being registered')
    : because(inPhase(record, next), 'registers the new revision');
}

/** Somebody deployed before we asked: the images wait again, and theirs is watched. */
function putBack(
  record: TargetRecord,
  { release, attempt }: Forward,
  primary: PrimaryDeployment,
  observation: Observation,
  who: Whose,
): Decision {
  const { base } = attempt;
  const told = backToWaiting(record, release, observation);
  if (who === 'ecs-return') return ecsReturned(told, base, primary, observation);
  return who === 'late-call'
    ? putLateCallRight(told, primary, observation)
    : announceExternal(told, primary, observation);
}

/** Nothing was asked of ECS: the images wait again, except where a newer one waits already. */
function backToWaiting(
  record: TargetRecord,
  release: Release,
  observation: Observation,
): TargetRecord {
  const newer = pick(release.images, Object.keys(record.waiting));
  const waiting = { ...asWaiting(release), ...record.waiting };
  const back = enter({ ...record, waiting }, { phase: 'idle' });
  return announceReplaced(back, newer, release.id, observation);
}

/** A gate has closed since the release started: it waits again, and is told why. Undefined: go on. */
export function heldAgain(
  record: TargetRecord,
  { release }: Forward,
  observation: StandingObservation,
): Decision | undefined {
  if (record.rules.mode === 'watch') {
    const sentence = 'mode watch: it waits again, and nothing is changed in AWS';
    return because(backToWaiting(record, release, observation), sentence);
  }
  const gate = closedSinceStart(record, release, observation.service, observation);
  if (gate === undefined) return undefined;
  const waits = backToWaiting(record, release, observation);
  return hold(withClocks(waits, [gate], observation.at), gate, observation);
}

function announceReplaced(
  record: TargetRecord,
  images: ImageSet,
  release: string,
  observation: Observation,
): TargetRecord {
  if (Object.keys(images).length === 0) return record;
  return announce(record, 'superseded', {
    at: observation.at,
    release,
    images,
    because: 'a newer image waits, and takes its place',
    next: 'nothing: it was never started',
  });
}
