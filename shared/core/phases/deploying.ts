/** A look at a release of ours that is on its way: registered, asked for, found, followed. */

import { because, type Decision } from '../model/decision.ts';
import type { StandingObservation } from '../model/observation.ts';
import type { Forward } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';
import { findRollout, isUntaken, missing, requestAgain, waitForIt } from '../release/attempt.ts';
import { failForNow } from '../release/release-ends.ts';
import { beforeRequest, heldAgain } from './before-rollout/before-request.ts';
import { follow } from './following.ts';
import { isInFlight, THEIRS_IN_FLIGHT } from './starting.ts';

export function whileDeploying(
  record: TargetRecord,
  phase: Forward,
  observation: StandingObservation,
): Decision {
  if (phase.attempt.request === undefined) return beforeRequest(record, phase, observation);
  const found = findRollout(record, phase.attempt, observation);
  switch (found.found) {
    case 'none':
    case 'newer':
      return notFound(record, phase, observation);
    case 'ours':
      return follow(record, phase, found.rollout, observation);
  }
}

function notFound(
  record: TargetRecord,
  phase: Forward,
  observation: StandingObservation,
): Decision {
  const { attempt, release } = phase;
  const deferred = attempt.request?.deferred;
  const { rolloutMinutes } = release.rules;
  if (
    deferred !== undefined &&
    observation.at > (attempt.request?.at ?? release.startedAt) + rolloutMinutes * MINUTE
  ) {
    const sentence = `AWS did not take it within ${rolloutMinutes} minutes (${deferred.because})`;
    return failForNow(record, phase, observation, sentence);
  }
  switch (missing(attempt, observation)) {
    case 'wait':
      return waitForIt(record, attempt, observation);
    case 'ask-again': {
      // Nothing of it can be on its way: it may still be held.
      const mayBeHeld = isUntaken(attempt) || record.rules.mode === 'watch';
      const held = mayBeHeld ? heldAgain(record, phase, observation) : undefined;
      if (held !== undefined) return held;
      // Nor was there anything in flight when it was asked for first: somebody deploys what runs anew.
      if (isInFlight(record, observation)) return because(record, THEIRS_IN_FLIGHT);
      const why =
        deferred === undefined
          ? 'ECS shows no rollout of ours: the call was lost'
          : 'AWS did not take it';
      return because(requestAgain(record, attempt, observation), `${why}; asks again`);
    }
    case 'give-up':
      return failForNow(
        record,
        phase,
        observation,
        `ECS was asked ${attempt.request?.count ?? 0} times and lists no rollout of it`,
      );
  }
}
