/** A release whose rollout ECS was not asked for yet: nothing runs that would have to go. */

import { closedSinceStart } from '../../gates/asked-again.ts';
import { hold, withClocks } from '../../gates/holding.ts';
import { whyAnyForeign } from '../../gates/repository-gate.ts';
import { because, type Decision, inPhase } from '../../model/decision.ts';
import { defined, expected } from '../../model/defined.ts';
import { revisionName } from '../../model/image.ts';
import type { Observation, StandingObservation } from '../../model/observation.ts';
import { provenAs } from '../../model/record/known.ts';
import type { Forward } from '../../model/record/phase.ts';
import type { Attempt } from '../../model/record/release.ts';
import type { TargetRecord } from '../../model/record/target-record.ts';
import { MINUTE } from '../../model/rules.ts';
import { prepare, request } from '../../release/attempt.ts';
import { isBelow } from '../../release/boundary.ts';
import { fail, failForNow } from '../../release/release-ends.ts';
import { routesOf } from '../../traffic/course.ts';
import { isInFlight, THEIRS_IN_FLIGHT } from '../starting.ts';
import { backToWaiting } from './back-to-waiting.ts';
import { followMigration, noteMigrated, startMigration } from './migrating.ts';

export function beforeRequest(
  record: TargetRecord,
  phase: Forward,
  observation: StandingObservation,
): Decision {
  const { primary } = observation.service;
  const foreign = whyAnyForeign(record.rules, phase.attempt.images);
  if (foreign !== undefined) return fail(record, phase, observation, foreign);
  const attempt = noteMigrated(prepare(phase.attempt, observation), observation);
  const now: Forward = { ...phase, attempt };
  if (attempt.revision === undefined) return register(record, now, phase, observation);
  // Gates that close while it runs are asked when it has ended.
  const migrates = followMigration(record, now, observation);
  if (migrates !== undefined) return migrates;
  const held = heldAgain(record, phase, observation);
  if (held !== undefined) return held;
  // Of what runs already it displaces nothing; what is registered and migrated stays so.
  if (isInFlight(record, observation)) {
    return because(inPhase(record, now), THEIRS_IN_FLIGHT);
  }
  const starts = startMigration(record, now, observation);
  if (starts !== undefined) return starts;
  // In a shift the old tasks serve until its end: to give them all of the traffic crosses nothing new.
  const shifts = phase.release.rules.strategy !== undefined;
  const lastCompleted = provenAs(record, primary.revision);
  const mayReturn = lastCompleted !== undefined && (shifts || !isBelow(record, lastCompleted));
  const ecsRollsBack = mayReturn && primary.rolloutState === 'COMPLETED';
  const asOwnerSet = record.rollbackCandidates.length === 0 ? true : undefined;
  const guards = defined({ ecsRollsBack, asOwnerSet });
  const asked = request(
    record,
    shifts ? onCourse(attempt, observation) : attempt,
    attempt.revision,
    observation,
    guards,
  );
  return because(asked, `asks ECS for ${revisionName(attempt.revision)}`);
}

/** Which group serves now is remembered: in the middle of a shift nothing tells it. */
function onCourse(attempt: Attempt, { service, balancer }: StandingObservation): Attempt {
  const rules = expected(balancer, 'what the load balancer does');
  return { ...attempt, course: { routes: routesOf(service, rules), steps: [] } };
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

/** A gate has closed since the release started: it waits again, and is told why. Undefined: go on. */
export function heldAgain(
  record: TargetRecord,
  phase: Forward,
  observation: StandingObservation,
): Decision | undefined {
  if (record.rules.mode === 'watch') {
    const sentence = 'mode watch: it waits again, and nothing is changed in AWS';
    return because(backToWaiting(record, phase, observation), sentence);
  }
  const gate = closedSinceStart(record, phase.release, observation);
  if (gate === undefined) return undefined;
  const waits = backToWaiting(record, phase, observation);
  return hold(withClocks(waits, [gate], observation.at), gate, observation);
}
