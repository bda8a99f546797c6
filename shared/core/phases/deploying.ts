/** A look at a release of ours that is on its way: registered, asked for, found, followed. */

import {
  announce,
  because,
  conclude,
  type Decision,
  describeImages,
  inPhase,
} from '../model/decision.ts';
import { revisionName } from '../model/image.ts';
import type { Observation, ObservedRollout, StandingObservation } from '../model/observation.ts';
import type { Attempt, Forward, TargetRecord } from '../model/record.ts';
import { MINUTE } from '../model/rules.ts';
import {
  findRollout,
  LOOK_AGAIN_MS,
  missing,
  noteFound,
  noteMissing,
  REQUESTS_MAX,
  request,
} from '../release/attempt.ts';
import { removeLateCall } from '../release/late-call.ts';
import { failForNow } from '../release/release-ends.ts';
import { whose } from '../release/whose.ts';
import { beforeRequest, heldAgain } from './before-request.ts';
import { watchReplacement } from './external.ts';
import { follow } from './following.ts';

export function whileDeploying(
  record: TargetRecord,
  phase: Forward,
  observation: StandingObservation,
): Decision {
  const { service } = observation;
  if (phase.attempt.request === undefined)
    return beforeRequest(record, phase, service.primary, observation);
  if (observation.rollouts === undefined)
    return because(record, 'the next look asks for the rollout');
  const found = findRollout(record, phase.attempt, observation);
  if (found.found === 'none') return notFound(record, phase, observation);
  if (found.newer !== undefined) return replaced(record, phase, found.newer, observation);
  if (found.found === 'other') return because(record, 'no rollout of ours');
  const attempt = noteFound(phase.attempt, found.rollout);
  return follow(record, { ...phase, attempt }, found.rollout, observation);
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
    case 'wait': {
      const noted = noteMissing(attempt, observation);
      const next = noted === attempt ? record : inPhase(record, { ...phase, attempt: noted });
      return because(
        next,
        `ECS shows no rollout of ours yet; asked again ${LOOK_AGAIN_MS / 1000} s later at the earliest`,
      );
    }
    case 'ask-again': {
      // Nothing of it can be on its way: it may still be held.
      const untaken = deferred?.carriedOut === 'no' && attempt.request?.count === 0;
      const mayBeHeld = untaken || record.rules.mode === 'watch';
      const held = mayBeHeld ? heldAgain(record, phase, observation) : undefined;
      if (held !== undefined) return held;
      return askAgain(
        record,
        phase,
        observation,
        deferred === undefined
          ? 'ECS shows no rollout of ours: the call was lost'
          : 'AWS did not take it',
      );
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

function askAgain(
  record: TargetRecord,
  phase: Forward,
  observation: Observation,
  sentence: string,
): Decision {
  const { attempt } = phase;
  if (attempt.revision === undefined || attempt.request === undefined)
    return because(record, sentence);
  const { missedAt: _, ...before } = attempt.request;
  const again = request(
    record,
    { ...withoutRollout(attempt), request: before },
    attempt.revision,
    observation,
    attempt.request,
  );
  return because(
    inPhase(again.record, { ...phase, attempt: again.attempt }),
    `${sentence}; asks again`,
  );
}

function withoutRollout({ rollout: _, ...attempt }: Attempt): Attempt {
  return attempt;
}

/** Something newer than our rollout is there. */
function replaced(
  record: TargetRecord,
  phase: Forward,
  newer: ObservedRollout,
  observation: Observation,
): Decision {
  const { release, attempt } = phase;
  const ours = attempt.rollout;
  const done = conclude(record, ...(ours === undefined ? [] : [ours.arn]));
  const late = whose(record, newer, observation) === 'late-call';
  if (late && (attempt.request?.count ?? 0) < REQUESTS_MAX) {
    return askAgain(
      conclude(done, newer.arn),
      phase,
      observation,
      `a late call of ours started ${revisionName(newer.revision)}`,
    );
  }
  const who = late ? 'a late call of ours started' : 'somebody else deployed';
  const sentence = `${who} ${revisionName(newer.revision)} while ${describeImages(release.images)} was rolling out`;
  const now = late ? done : watchReplacement(done, attempt, newer, observation);
  const told = announce(now, 'superseded', {
    at: observation.at,
    release: release.id,
    images: release.images,
    because: sentence,
    next: late
      ? 'the newest proven release is put back; deploy this image by hand, or push a newer one'
      : 'theirs is left alone and watched; deploy this image by hand, or push a newer one',
    revision: attempt.revision,
  });
  return late ? removeLateCall(told, newer, sentence, observation.at) : because(told, sentence);
}
