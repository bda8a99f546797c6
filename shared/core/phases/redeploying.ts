/** Our own rollout of a candidate: never stopped by us, never condemned by an alarm. */

import { because, conclude, type Decision } from '../model/decision.ts';
import { expected } from '../model/defined.ts';
import { revisionName } from '../model/image.ts';
import type {
  ObservedRollout,
  PrimaryDeployment,
  StandingObservation,
} from '../model/observation.ts';
import type { Back } from '../model/record/phase.ts';
import type { Attempt } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { QUOTE_MAX, shorten } from '../model/text.ts';
import {
  findRollout,
  LOOK_AGAIN_MS,
  missing,
  noteFound,
  prepare,
  request,
  requestAgain,
  waitForIt,
} from '../release/attempt.ts';
import { beforeQuote } from '../release/quote.ts';
import {
  isOutOfPatience,
  isOverdue,
  isWithdrawn,
  onWay,
  type Restoring,
  skip,
} from '../release/rollback-candidates.ts';
import { whose } from '../release/whose.ts';
import { endsAt } from '../traffic/course.ts';
import { notBackYet } from './traffic.ts';
import { askForAttention, returned, stayInWatchMode } from './way-back-ends.ts';

export function restoring(
  record: TargetRecord,
  phase: Back,
  way: Restoring,
  observation: StandingObservation,
): Decision {
  if (way.refused !== undefined) return askForAttention(record, phase, observation, way.refused);
  if (isWithdrawn(record, way.candidate)) {
    return skip(withoutIt(record, way.attempt), phase, way.candidate, 'it is proven no longer');
  }
  if (way.attempt.request === undefined) return beforeRequest(record, phase, way, observation);
  const found = findRollout(record, way.attempt, observation);
  switch (found.found) {
    case 'none':
    case 'newer':
      return notFound(record, phase, way, observation);
    case 'ours': {
      const attempt = noteFound(way.attempt, found.rollout);
      const told =
        way.attempt.rollout === undefined
          ? tellReplaced(record, phase, found.rollout, observation)
          : phase;
      return follow(record, told, { ...way, attempt }, found.rollout, observation);
    }
  }
}

/** ECS's reads lag: what somebody deployed seconds before our request was not seen, and is replaced by it. */
function tellReplaced(
  record: TargetRecord,
  phase: Back,
  ours: ObservedRollout,
  observation: StandingObservation,
): Back {
  const { condemned } = phase;
  const { rollouts = [] } = observation;
  const left = rollouts.find(({ revision }) => revision === condemned.revision)?.createdAt ?? 0;
  const unseen = rollouts.find(
    (one) =>
      one.createdAt > left &&
      one.createdAt < ours.createdAt &&
      !record.finishedRollouts.includes(one.arn) &&
      whose(record, one, observation) === 'external',
  );
  if (unseen === undefined) return phase;
  const name = revisionName(unseen.revision);
  const sentence = beforeQuote(
    condemned.because,
    `; somebody had deployed ${name} before ECS showed it, and the way back replaced it: deploy it again`,
  );
  return { ...phase, condemned: { ...condemned, because: sentence } };
}

function withoutIt(record: TargetRecord, { rollout }: Attempt): TargetRecord {
  return rollout === undefined ? record : conclude(record, rollout.arn);
}

function beforeRequest(
  record: TargetRecord,
  phase: Back,
  way: Restoring,
  observation: StandingObservation,
): Decision {
  const attempt = prepare(way.attempt, observation);
  if (attempt.revision !== undefined)
    return askFor(record, phase, { ...way, attempt }, observation);
  if (isOutOfPatience(record, phase, observation)) {
    const sentence = 'the copy of it that is to run could not be registered in time';
    return askForAttention(record, phase, observation, sentence);
  }
  return because(
    attempt === way.attempt ? record : onWay(record, phase, { ...way, attempt }),
    'the copy is being registered',
  );
}

export function askFor(
  record: TargetRecord,
  phase: Back,
  way: Restoring,
  observation: StandingObservation,
): Decision {
  const revision = expected(way.attempt.revision, 'the revision to return to');
  const kept = keepOwnBake(onWay(record, phase, way), observation);
  const asked = request(kept, way.attempt, revision, observation, { ecsRollsBack: false });
  return because(asked, `asks ECS to return to ${revisionName(revision)}`);
}

/** A way back waits for no bake of ECS; the next release gives the service its own again. */
function keepOwnBake(record: TargetRecord, { service }: StandingObservation): TargetRecord {
  const { bakeTimeInMinutes: own } = service.deploymentConfiguration;
  return typeof own === 'number' && own > 0 ? { ...record, ownBakeMinutes: own } : record;
}

function notFound(
  record: TargetRecord,
  phase: Back,
  way: Restoring,
  observation: StandingObservation,
): Decision {
  const running = alreadyRuns(way, observation);
  if (running !== undefined) {
    const { revision, createdAt } = running;
    return (
      notBackYet(record, phase, observation, {}) ??
      returned(record, phase, way.candidate, revision, createdAt, observation)
    );
  }
  const deferred = way.attempt.request?.deferred;
  if (deferred !== undefined && isOutOfPatience(record, phase, observation)) {
    const name = revisionName(way.candidate.revision);
    return askForAttention(
      record,
      phase,
      observation,
      `AWS does not take the rollback to ${name} (${deferred.because})`,
    );
  }
  const found = missing(way.attempt, observation);
  if (found !== 'wait' && record.rules.mode === 'watch') {
    return stayInWatchMode(record, phase, observation);
  }
  switch (found) {
    case 'wait':
      return waitForIt(record, way.attempt, observation);
    case 'ask-again':
      return because(
        requestAgain(record, way.attempt, observation),
        `asks ECS again to return to ${revisionName(way.candidate.revision)}`,
      );
    case 'give-up': {
      // Lost answers say nothing against this candidate: none further down is taken in its place.
      const times = way.attempt.request?.count ?? 0;
      const name = revisionName(way.candidate.revision);
      const why = `ECS was asked ${times} times for ${name} and lists no rollout of it`;
      return askForAttention(record, phase, observation, why);
    }
  }
}

/** UpdateService to what is PRIMARY already starts nothing: a stale look had made us ask. */
function alreadyRuns(
  { attempt }: Restoring,
  { service, at }: StandingObservation,
): PrimaryDeployment | undefined {
  if (attempt.request === undefined) return undefined;
  const { primary, deployments } = service;
  const stands = primary.rolloutState === 'COMPLETED' && deployments === 1;
  const settled = at >= attempt.request.lastAt + LOOK_AGAIN_MS;
  return stands && settled && primary.revision === attempt.revision ? primary : undefined;
}

function follow(
  record: TargetRecord,
  phase: Back,
  way: Restoring,
  rollout: ObservedRollout,
  observation: StandingObservation,
): Decision {
  const { status, statusReason } = rollout;
  switch (status) {
    case 'SUCCESSFUL':
      return (
        notBackYet(
          onWay(record, phase, way),
          phase,
          observation,
          endsAt(way.attempt.course, 'to'),
        ) ??
        returned(
          conclude(record, rollout.arn),
          phase,
          way.candidate,
          rollout.revision,
          rollout.createdAt,
          observation,
        )
      );
    case 'STOPPED':
    case 'ROLLBACK_SUCCESSFUL':
    case 'ROLLBACK_FAILED': {
      const why = statusReason === undefined ? '' : ` (${shorten(statusReason, QUOTE_MAX)})`;
      const ended = conclude(record, rollout.arn);
      return skip(ended, phase, way.candidate, `the rollback ended ${status}${why}`);
    }
    case 'PENDING':
    case 'IN_PROGRESS':
    case 'STOP_REQUESTED':
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS': {
      if (!isOverdue(phase, way.since, observation)) {
        return because(onWay(record, phase, way), `the rollback is on its way: ECS says ${status}`);
      }
      const minutes = phase.condemned.rollbackMinutes;
      return skip(
        conclude(record, rollout.arn),
        phase,
        way.candidate,
        `the rollback did not finish within ${minutes} minutes`,
      );
    }
  }
}
