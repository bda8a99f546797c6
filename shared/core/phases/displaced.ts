/**
 * Whose is what runs? Where it is not what we left or asked for, what was ours and ends by it is told,
 * and what came is put right, or watched and left alone. One place, whatever the phase.
 */
import { announce, because, conclude, type Decision, entered } from '../model/decision.ts';
import {
  describeImages,
  type Moment,
  revisionName,
  type TaskDefinitionArn,
} from '../model/image.ts';
import type { Observation, ObservedRollout, StandingObservation } from '../model/observation.ts';
import { provenAs } from '../model/record/known.ts';
import {
  type Back,
  type Baking,
  backOf,
  bakingOf,
  type Forward,
  ownRelease,
} from '../model/record/phase.ts';
import type { Attempt } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import {
  attemptOf,
  findRollout,
  isUntaken,
  missing,
  REQUESTS_MAX,
  requestAgain,
  withAttempt,
} from '../release/attempt.ts';
import { acquit, tryAgain } from '../release/condemn.ts';
import { removeLateCall } from '../release/late-call.ts';
import { beforeQuote } from '../release/quote.ts';
import { tellEnd } from '../release/release-ends.ts';
import { choose, isWithdrawn, skip } from '../release/rollback-candidates.ts';
import { whose } from '../release/whose.ts';
import { backToWaiting } from './before-rollout/back-to-waiting.ts';
import {
  announceExternal,
  ecsReturned,
  noteReplaced,
  putLateCallRight,
  watchExternal,
} from './external.ts';

interface Newcomer {
  readonly revision: TaskDefinitionArn;
  readonly createdAt: Moment;
}

/** Undefined: what runs is ours, or will be, and the phase goes on with it. */
export function displaced(
  record: TargetRecord,
  observation: StandingObservation,
): Decision | undefined {
  const attempt = attemptOf(record.phase);
  if (attempt?.request === undefined) return byPrimary(record, observation);
  const found = findRollout(record, attempt, observation);
  if (found.found === 'newer') return byRollout(record, attempt, found.newer, observation);
  // Reads lag: what somebody deployed seconds before a request that AWS did not take, or that was lost, was not seen then.
  const isUndone = isUntaken(attempt) || missing(attempt, observation) === 'ask-again';
  return found.found === 'none' && ownRelease(record.phase) && isUndone
    ? byPrimary(withoutRequest(record, attempt), observation)
    : undefined;
}

function withoutRequest(record: TargetRecord, { request: _, ...attempt }: Attempt): TargetRecord {
  return withAttempt(record, attempt);
}

/** Nothing was asked of ECS, or it has done it: PRIMARY tells. */
function byPrimary(record: TargetRecord, observation: StandingObservation): Decision | undefined {
  const { phase, runs, needsAttention: asked } = record;
  const { primary } = observation.service;
  if (phase.phase === 'idle' && runs === undefined) {
    return entered(watchExternal(record, primary, 0, observation.at));
  }
  // A try that was thought to be in vain has worked, or somebody did what it was to do.
  if (asked?.stillTried !== undefined) {
    const { condemned } = asked.stillTried;
    const isBack = provenAs(record, primary.revision) !== undefined;
    if (isBack && primary.revision !== condemned.revision)
      return tryAgain(record, asked, condemned, observation.at);
  }
  const who = whose(record, primary, observation);
  if (who === 'ours') return undefined;
  const back = backOf(phase);
  // A person was faster, or had been before the evidence was heard.
  if (back !== undefined)
    return who === 'external' ? outrun(record, back, primary, observation) : undefined;
  const baking = bakingOf(phase);
  if (baking !== undefined) {
    return who === 'stale' || who === 'ecs-return'
      ? undefined
      : ownReplaced(record, baking, primary, who === 'late-call', observation);
  }
  if (who === 'stale')
    return phase.phase === 'deploying' ? undefined : because(record, 'a stale look');
  const unasked = ownRelease(phase);
  const left = unasked === undefined ? record : backToWaiting(record, unasked, observation);
  switch (who) {
    case 'ecs-return':
      return ecsReturned(left, primary, observation);
    case 'late-call':
      return putLateCallRight(left, primary, observation);
    case 'proven':
    case 'external':
      return announceExternal(left, primary, observation);
  }
}

/** Something is newer than the rollout that we asked for. */
function byRollout(
  record: TargetRecord,
  attempt: Attempt,
  newer: ObservedRollout,
  observation: StandingObservation,
): Decision | undefined {
  const isLate = whose(record, newer, observation) === 'late-call';
  const back = backOf(record.phase);
  if (back !== undefined && !isLate) return outrun(record, back, newer, observation);
  if (back?.step.step === 'stopping')
    return choose(record, back, 'a late call of ours replaced it');
  if (back?.step.step === 'redeploying' && isWithdrawn(record, back.step.candidate))
    return undefined;
  const done = conclude(record, ...(attempt.rollout === undefined ? [] : [attempt.rollout.arn]));
  if (isLate && (attempt.request?.count ?? 0) < REQUESTS_MAX) {
    const again = requestAgain(conclude(done, newer.arn), attempt, observation);
    return because(
      again,
      `a late call of ours started ${revisionName(newer.revision)}; asks again`,
    );
  }
  if (back?.step.step === 'redeploying') {
    const why = 'late calls of ours replaced it again and again';
    return skip(conclude(done, newer.arn), back, back.step.candidate, why);
  }
  const own = ownRelease(record.phase);
  return own && ownReplaced(done, own, newer, isLate, observation);
}

/** A release of ours ends: it is neither proven nor condemned. */
function ownReplaced(
  record: TargetRecord,
  own: Forward | Baking,
  newcomer: Newcomer,
  isLate: boolean,
  { at }: Observation,
): Decision {
  const { phase, release, attempt } = own;
  const { revision } = newcomer;
  const who = isLate ? 'a late call of ours started' : 'somebody else deployed';
  const doing = phase === 'deploying' ? 'was rolling out' : 'was baking';
  const sentence = `${who} ${revisionName(revision)} while ${describeImages(release.images)} ${doing}`;
  const noted =
    isLate || attempt.revision === undefined
      ? record
      : noteReplaced(record, attempt.revision, revision, at);
  const now = isLate ? noted : watchExternal(noted, newcomer, record.rules.bakeMinutes, at);
  const then = isLate
    ? 'the newest proven release is put back'
    : 'theirs is left alone and watched';
  const told = tellEnd(now, own, 'superseded', {
    at,
    because: sentence,
    next: `${then}; deploy this image by hand, or push a newer one`,
  });
  return isLate ? removeLateCall(told, newcomer, sentence, at) : because(told, sentence);
}

/** Somebody deployed before the rollback had ended: what was condemned is gone by their hand. */
function outrun(
  record: TargetRecord,
  back: Back,
  newcomer: Newcomer,
  { at }: Observation,
): Decision {
  const { condemned } = back;
  const { release, images, revision, roseAt } = condemned;
  const name = revisionName(newcomer.revision);
  // Nobody had heard of theirs when the evidence came.
  const isTheirs = roseAt !== undefined && roseAt >= newcomer.createdAt;
  const sentence = isTheirs
    ? `somebody else had deployed ${name} before ${condemned.because}`
    : beforeQuote(condemned.because, `; somebody else deployed ${name} before the rollback ended`);
  const judged = isTheirs ? acquit(record, back) : record;
  const watching = watchExternal(judged, newcomer, record.rules.bakeMinutes, at);
  const told = announce(watching, 'superseded', {
    at,
    release,
    images,
    revision,
    because: sentence,
    next: isTheirs
      ? 'theirs is left alone and watched; nothing is quarantined: deploy this image by hand, or push a newer one'
      : 'theirs is left alone and watched',
  });
  return because(told, sentence);
}
