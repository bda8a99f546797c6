/** ECS is asked to stop the rollout and to return, and is watched: it knows the fastest way. */

import { because, conclude, type Decision } from '../model/decision.ts';
import { revisionName } from '../model/image.ts';
import type { ObservedRollout, StandingObservation } from '../model/observation.ts';
import { provenAs } from '../model/record/known.ts';
import type { Back } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';
import { findRollout, missing, noteFound, waitForIt } from '../release/attempt.ts';
import { choose, isOverdue, onWay, type Stopping } from '../release/rollback-candidates.ts';
import { endsAt } from '../traffic/course.ts';
import { notBackYet } from './traffic.ts';
import { returned } from './way-back-ends.ts';

export function stopping(
  record: TargetRecord,
  phase: Back,
  way: Stopping,
  observation: StandingObservation,
): Decision {
  const found = findRollout(record, way.attempt, observation);
  switch (found.found) {
    case 'none':
    case 'newer':
      return missing(way.attempt, observation) === 'wait'
        ? waitForIt(record, way.attempt, observation)
        : choose(record, phase, 'ECS never started it');
    case 'ours': {
      const attempt = noteFound(way.attempt, found.rollout);
      return stop(record, phase, { ...way, attempt }, found.rollout, observation);
    }
  }
}

function stop(
  record: TargetRecord,
  phase: Back,
  way: Stopping,
  rollout: ObservedRollout,
  observation: StandingObservation,
): Decision {
  const current = onWay(record, phase, way);
  switch (rollout.status) {
    case 'PENDING':
    case 'IN_PROGRESS':
      if (isOverdue(phase, phase.since, observation)) return giveUpWaiting(record, phase, rollout);
      if (way.stop !== undefined && observation.at < way.stop.at + MINUTE) {
        return because(current, 'ECS was asked to stop and return');
      }
      return because(
        onWay({ ...record, actedAt: observation.at }, phase, {
          ...way,
          stop: { at: observation.at, observation: observation.id, rollout: rollout.arn },
        }),
        'asks ECS to stop and return',
      );
    case 'STOP_REQUESTED':
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
      return isOverdue(phase, phase.since, observation)
        ? giveUpWaiting(record, phase, rollout)
        : because(current, `ECS says ${rollout.status}`);
    case 'SUCCESSFUL':
    case 'STOPPED':
    case 'ROLLBACK_FAILED':
      return choose(
        conclude(record, rollout.arn),
        phase,
        `ECS says ${rollout.status}: the way back is ours`,
      );
    case 'ROLLBACK_SUCCESSFUL':
      return (
        notBackYet(current, phase, observation, endsAt(way.attempt.course, 'from')) ??
        ecsReturned(conclude(record, rollout.arn), phase, rollout, observation)
      );
  }
}

/** It counts only when ECS returned to a proven release, and to the one that a person chose. */
function ecsReturned(
  record: TargetRecord,
  phase: Back,
  rollout: ObservedRollout,
  observation: StandingObservation,
): Decision {
  // The answer that names it may lag behind the status.
  const to = rollout.rolledBackTo ?? observation.service.primary.revision;
  const candidate = provenAs(record, to);
  if (candidate === undefined) {
    const sentence = `ECS returned to ${revisionName(to)}, which is not a proven one`;
    return because(onWay(record, phase, { step: 'selecting', returnedTo: to }), sentence);
  }
  const chosen = phase.condemned.to;
  if (chosen !== undefined && candidate.release !== chosen) {
    const sentence = `ECS returned to ${candidate.release}, and ${chosen} was chosen`;
    return because(
      onWay(record, phase, { step: 'selecting', returnedTo: candidate.revision }),
      sentence,
    );
  }
  return returned(record, phase, candidate, candidate.revision, rollout.createdAt, observation);
}

function giveUpWaiting(record: TargetRecord, phase: Back, rollout: ObservedRollout): Decision {
  return choose(
    conclude(record, rollout.arn),
    phase,
    `ECS has said ${rollout.status} for ${phase.condemned.rollbackMinutes} minutes: the way back is ours`,
  );
}
