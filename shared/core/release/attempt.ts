/**
 * One attempt to have ECS run one revision: register it, ask for it, find what became of it.
 * RegisterTaskDefinition and UpdateService have no idempotency token, so each is preceded by a write
 * that names the look whose handler calls, and whoever comes later searches before it calls again.
 */
import { because, type Decision, inPhase, rememberRequest } from '../model/decision.ts';
import { defined, expected } from '../model/defined.ts';
import type { TaskDefinitionArn } from '../model/image.ts';
import type { Observation, ObservedRollout, StandingObservation } from '../model/observation.ts';
import type { Phase } from '../model/record/phase.ts';
import type { Attempt, Deferred, FoundRollout, RolloutRequest } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';

/** Two looks this far apart must find nothing before a call is made again. */
export const LOOK_AGAIN_MS = MINUTE;
/** Requests whose answers got lost: with more than these, something is wrong that asking does not mend. */
export const REQUESTS_MAX = 3;
/** What AWS was seen not to do may be asked again as soon as that. */
const DEFERRED_AGAIN_MS = 20_000;
/** A service deployment that DescribeServices knows is listed within this time, or never. */
const LISTED_WITHIN_MS = 10 * MINUTE;
/** A rollout created this long before `askedAt` may still be ours: AWS's clock is not our clock. */
export const CLOCK_MARGIN_MS = 2 * MINUTE;

export function registers(attempt: Attempt, observation: Observation): boolean {
  return attempt.revision === undefined && attempt.register?.observation === observation.id;
}

/** The attempt that is on its way: of a release, of its stop, of the way back. */
export function attemptOf(phase: Phase): Attempt | undefined {
  if (phase.phase !== 'deploying') return undefined;
  if (phase.goal === 'forward') return phase.attempt;
  return phase.step.step === 'selecting' ? undefined : phase.step.attempt;
}

export function withAttempt(record: TargetRecord, attempt: Attempt): TargetRecord {
  const { phase } = record;
  if (attemptOf(phase) === attempt || phase.phase !== 'deploying') return record;
  if (phase.goal === 'forward') return inPhase(record, { ...phase, attempt });
  const { step } = phase;
  return step.step === 'selecting'
    ? record
    : inPhase(record, { ...phase, step: { ...step, attempt } });
}

/** What to do about a revision that is not registered yet. */
export function prepare(attempt: Attempt, observation: Observation): Attempt {
  const { register } = attempt;
  if (attempt.revision !== undefined) return attempt;
  const mine = { at: observation.at, observation: observation.id };
  if (register === undefined) return { ...attempt, register: mine };
  if (register.observation === observation.id) return attempt;
  if (observation.lostRevision === undefined) return attempt;
  if (observation.lostRevision.found !== undefined) {
    return { ...attempt, revision: observation.lostRevision.found };
  }
  return observation.at - register.at >= LOOK_AGAIN_MS ? { ...attempt, register: mine } : attempt;
}

/** Writes down, before the call, that this look's handler asks ECS for the revision. */
export function request(
  record: TargetRecord,
  attempt: Attempt,
  revision: TaskDefinitionArn,
  observation: Observation,
  guards: Pick<RolloutRequest, 'ecsRollsBack' | 'asOwnerSet'>,
): TargetRecord {
  const before = attempt.request;
  const next: RolloutRequest = defined({
    at: before?.at ?? observation.at,
    observation: observation.id,
    lastAt: observation.at,
    count: (before?.count ?? 0) + 1,
    ecsRollsBack: guards.ecsRollsBack,
    asOwnerSet: guards.asOwnerSet,
    withoutAlarms: before?.withoutAlarms,
    announced: before?.announced,
  });
  const remembered = rememberRequest(record, revision, observation.at);
  return withAttempt(remembered, { ...attempt, request: next });
}

/** The same request once more: what was found of it, or missed, was of the one before. */
export function requestAgain(
  record: TargetRecord,
  { rollout: _, ...attempt }: Attempt,
  observation: Observation,
): TargetRecord {
  if (attempt.request === undefined || attempt.revision === undefined) return record;
  const { missedAt: __, ...before } = attempt.request;
  const again = { ...attempt, request: before };
  return request(record, again, attempt.revision, observation, before);
}

export type Found =
  /** The newest rollout of this revision since we asked. */
  | { readonly found: 'ours'; readonly rollout: ObservedRollout }
  /** Something came after it, or after our asking. */
  | { readonly found: 'newer'; readonly newer: ObservedRollout }
  | { readonly found: 'none' };

/** Finds our rollout among those that the look listed, whatever its status. */
export function findRollout(
  record: TargetRecord,
  attempt: Attempt,
  observation: Observation,
): Found {
  // A look asks for them wherever a rollout was asked for.
  const rollouts = expected(observation.rollouts, 'the list of rollouts');
  const since = (attempt.request?.at ?? observation.at) - CLOCK_MARGIN_MS;
  const listed = rollouts.filter(
    (rollout) => rollout.createdAt >= since && !record.finishedRollouts.includes(rollout.arn),
  );
  const newest = listed[0];
  const ours = listed.find((rollout) => rollout.revision === attempt.revision);
  if (ours === undefined) {
    return newest !== undefined && newest.createdAt > since + CLOCK_MARGIN_MS
      ? { found: 'newer', newer: newest }
      : { found: 'none' };
  }
  return newest === undefined || newest.arn === ours.arn
    ? { found: 'ours', rollout: ours }
    : { found: 'newer', newer: newest };
}

/**
 * Nothing found: wait for a second look, ask again, or give up after `REQUESTS_MAX` lost answers. What
 * AWS itself put off is no lost answer: how long it is asked again, the caller's clock says.
 */
export function missing(
  attempt: Attempt,
  { service, at }: StandingObservation,
): 'wait' | 'ask-again' | 'give-up' {
  const { request: asked } = attempt;
  if (asked === undefined) return 'wait';
  // The PRIMARY already names the revision: only the list of service deployments lags.
  if (service.primary.revision === attempt.revision) {
    return at < asked.lastAt + LISTED_WITHIN_MS ? 'wait' : 'give-up';
  }
  if (asked.deferred?.carriedOut === 'no') {
    return at < asked.deferred.at + DEFERRED_AGAIN_MS ? 'wait' : 'ask-again';
  }
  if (asked.missedAt === undefined || at - asked.missedAt < LOOK_AGAIN_MS) return 'wait';
  return asked.count < REQUESTS_MAX ? 'ask-again' : 'give-up';
}

/** AWS took none of the requests so far: nothing of them can be on its way. */
export function isUntaken({ request: asked }: Attempt): boolean {
  return asked?.deferred?.carriedOut === 'no' && asked.count === 0;
}

/** AWS answered that it could not take the newest request: it is not counted among the lost ones. */
export function noteDeferred(attempt: Attempt, deferred: Deferred): Attempt {
  const { request: asked } = attempt;
  if (asked === undefined) return attempt;
  return { ...attempt, request: { ...asked, count: Math.max(0, asked.count - 1), deferred } };
}

/** A look found no rollout of ours: a second one, later, must find none either. */
export function waitForIt(
  record: TargetRecord,
  attempt: Attempt,
  observation: Observation,
): Decision {
  const sentence = `ECS shows no rollout of ours yet; asked again ${LOOK_AGAIN_MS / 1000} s later at the earliest`;
  const { request: asked } = attempt;
  if (asked === undefined || asked.missedAt !== undefined) return because(record, sentence);
  const noted = { ...attempt, request: { ...asked, missedAt: observation.at } };
  return because(withAttempt(record, noted), sentence);
}

export function noteFound(attempt: Attempt, rollout: ObservedRollout): Attempt {
  const found: FoundRollout = {
    arn: rollout.arn,
    serviceRevision: rollout.serviceRevision,
    createdAt: rollout.createdAt,
  };
  return attempt.rollout?.arn === found.arn ? attempt : { ...attempt, rollout: found };
}
