/** ECS's service deployment of a release tells how it goes: on, back, or on to the bake. */

import { because, conclude, type Decision, enter, entered, inPhase } from '../model/decision.ts';
import { expected } from '../model/defined.ts';
import type { Moment } from '../model/image.ts';
import type { Observation, ObservedRollout, StandingObservation } from '../model/observation.ts';
import { type Baking, type Forward, forwardOf } from '../model/record/phase.ts';
import type { Attempt, Release } from '../model/record/release.ts';
import type { Innocent } from '../model/record/rollback.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';
import { QUOTE_MAX, shorten } from '../model/text.ts';
import { LOOK_AGAIN_MS, noteFound } from '../release/attempt.ts';
import { condemn } from '../release/condemn.ts';
import { blamedContainers, describeFailures } from '../release/evidence.ts';
import { announceStarted } from '../release/release-ends.ts';
import { ecsBakesMs } from '../release/shift.ts';
import type { Verdict } from '../release/verdict.ts';
import { gather, verdictOn } from '../release/watched.ts';
import { waitedMs } from '../release/word.ts';
import { askedMs, noteShare, shareInWords } from '../traffic/course.ts';
import { ANSWERED, withoutLongWait } from './long-wait.ts';
import { type At, type Followed, firstBroken, type Rule } from './rule.ts';
import { offCourse, stopOffCourse } from './traffic.ts';
import { WORD_GIVEN } from './word-awaited.ts';

/** What must hold until it bakes. */
export const FOLLOWED: readonly Rule<Followed>[] = [
  {
    rule: () => 'no alarm rose since it started, and its tasks stand',
    broken: ({ record, observation }) => verdictOn(record, observation)?.because,
    otherwise: goBack,
  },
  {
    rule: ({ phase }) =>
      `ECS goes on with it, for ${phase.release.rules.rolloutMinutes} minutes at most`,
    broken: (at) => verdictOfEcs(at)?.because,
    otherwise: goBack,
  },
  {
    rule: ({ phase: { attempt }, observation: { at } }) =>
      ['the load balancer does what ECS says', shareInWords(attempt.course, at)]
        .filter((part) => part !== undefined)
        .join(', '),
    broken: offCourse,
    otherwise: stopOffCourse,
  },
  WORD_GIVEN,
  ANSWERED,
  {
    rule: () => 'ECS calls it SUCCESSFUL',
    broken: ({ phase: { listed } }) =>
      listed.status === 'SUCCESSFUL' ? undefined : `ECS says ${listed.status}`,
    otherwise: ({ record }, why) => because(record, why),
  },
];

export function follow(
  record: TargetRecord,
  phase: Forward,
  listed: ObservedRollout,
  observation: StandingObservation,
): Decision {
  const at = followedNow(record, phase, listed, observation);
  const told = { ...at, record: announceStarted(at.record, observation.at) };
  return firstBroken(FOLLOWED, told) ?? beginBake(told);
}

/** With all that this observation adds. */
export function followedNow(
  record: TargetRecord,
  { attempt, ...phase }: Forward,
  listed: ObservedRollout,
  observation: StandingObservation,
): At<Followed> {
  const found: Forward = {
    ...phase,
    attempt: onItsWay(noteFound(attempt, listed), phase.release, listed, observation),
  };
  const seen = gather(inPhase(record, found), observation);
  const now = forwardOf(seen.phase) ?? found;
  const at = { record: seen, phase: { ...now, listed }, observation };
  return { ...at, record: withoutLongWait(seen, at) };
}

function onItsWay(
  attempt: Attempt,
  { rules: { strategy } }: Release,
  rollout: ObservedRollout,
  { at, balancer: rules, shift }: Observation,
): Attempt {
  const { course } = attempt;
  return course === undefined || strategy === undefined
    ? attempt
    : { ...attempt, course: noteShare(course, { at, rollout, shift, rules, strategy }) };
}

/**
 * So ends the rollout of a service that is deleted, and the service may have been read a moment before:
 * that is no verdict on the image.
 */
function mayBeGone(
  { status, statusReason, finishedAt }: ObservedRollout,
  { at }: Observation,
): boolean {
  const isFresh = finishedAt !== undefined && at < finishedAt + LOOK_AGAIN_MS;
  return status === 'STOPPED' && statusReason === undefined && isFresh;
}

/** What ECS itself says against it. */
function verdictOfEcs({ phase, observation }: At<Followed>): Verdict | undefined {
  const { release, listed } = phase;
  const { rolloutMinutes, alarms } = release.rules;
  switch (listed.status) {
    case 'PENDING':
    case 'IN_PROGRESS':
    case 'STOP_REQUESTED':
    case 'ROLLBACK_REQUESTED':
      // Not since it was asked for: AWS may not have taken that for a while.
      return observation.at > dueAt({ phase, observation })
        ? {
            because: `it did not finish within ${rolloutMinutes} minutes (ECS says ${listed.status})`,
            alarms: [],
          }
        : undefined;
    case 'STOPPED':
    case 'ROLLBACK_IN_PROGRESS':
    case 'ROLLBACK_SUCCESSFUL':
    case 'ROLLBACK_FAILED':
      return {
        because: describeEnd(release, listed),
        alarms: alarms.filter((name) => observation.alarms?.[name]?.state === 'ALARM'),
        ...blamedContainers(release.evidence),
        innocent: whyInnocent(release, listed, observation),
      };
    case 'SUCCESSFUL':
      return undefined;
  }
}

/**
 * ECS's verdict by an alarm is only as good as the breach behind it. Our own list of evidence has found
 * none inside the release's window; if an alarm is red all the same, for what was before or muted, that
 * is what ECS means.
 */
function isOfBefore(
  { rules, evidence }: Release,
  { statusReason = '' }: ObservedRollout,
  { alarms }: Observation,
): boolean {
  if (!/\balarms?\b/i.test(statusReason) || evidence.failed > 0) return false;
  return rules.alarms.some((name) => alarms?.[name]?.state === 'ALARM');
}

/**
 * ECS takes the traffic back when a hook cannot be asked, or when it may not move the rule, and calls both
 * a failed hook. Only a hook that said FAILED speaks of the release; and ours says it of what is condemned
 * already. (blue-green-deployment-troubleshooting; the texts were seen in public reports)
 */
function isOfShifting(
  { rules: { hook } }: Release,
  { statusReason = '' }: ObservedRollout,
): boolean {
  const [, refusing] = /hook target (\S+) returned FAILED/i.exec(statusReason) ?? [];
  if (refusing !== undefined) return refusing === hook?.function;
  return /hook\(s\) failed|invalid networking configuration/i.test(statusReason);
}

function whyInnocent(
  release: Release,
  listed: ObservedRollout,
  observation: Observation,
): Innocent | undefined {
  if (isOfBefore(release, listed, observation)) return 'before-it';
  return isOfShifting(release, listed) ? 'beside-it' : undefined;
}

/** ECS's bakes, a person's word, and what our hook has ECS wait for take their own time. */
function dueAt({ phase, observation }: Pick<At<Followed>, 'phase' | 'observation'>): Moment {
  const { release, attempt, listed } = phase;
  const asked = attempt.course === undefined ? 0 : askedMs(attempt.course, observation.at);
  // ECS says SUCCESSFUL only after its own bakes.
  const bakes = ecsBakesMs(observation.service.deploymentConfiguration);
  const took = bakes + Math.max(asked, waitedMs(release, listed.createdAt, observation.at));
  return listed.createdAt + release.rules.rolloutMinutes * MINUTE + took;
}

function describeEnd({ evidence }: Release, { status, statusReason }: ObservedRollout): string {
  const reason = statusReason === undefined ? '' : ` (${shorten(statusReason, QUOTE_MAX)})`;
  const tasks = evidence.failed === 0 ? '' : `; ${describeFailures(evidence)}`;
  return `ECS ended its rollout: ${status}${reason}${tasks}`;
}

function goBack(at: At<Followed>): Decision {
  const { record, phase, observation } = at;
  const verdict = expected(
    verdictOn(record, observation) ?? verdictOfEcs(at),
    'what speaks against it',
  );
  if (mayBeGone(phase.listed, observation)) {
    return because(record, 'ECS says STOPPED, and not why: the next look tells what became of it');
  }
  const standing = phase.listed.status === 'SUCCESSFUL' ? withRunning(record, phase) : record;
  const condemned = condemn(standing, phase, verdict, observation.at);
  return entered(condemned, `condemned: ${verdict.because}`);
}

/**
 * A rollout that shifts traffic is SUCCESSFUL after ECS's own bake, in which the new revision had all of
 * the traffic and the old one still ran: that time is the bake.
 */
function bakesSince(
  { rules: { strategy } }: Release,
  { createdAt }: ObservedRollout,
  finishedAt: Moment,
): Moment {
  const baked = strategy === undefined ? 0 : strategy.bakeMinutes * MINUTE;
  return Math.max(createdAt, finishedAt - baked);
}

function beginBake({ record, phase, observation }: At<Followed>): Decision {
  const { release, attempt, listed } = phase;
  const { arn, serviceRevision, createdAt, finishedAt } = listed;
  const baking: Baking = {
    phase: 'baking',
    of: 'release',
    release,
    attempt,
    rollout: { arn, serviceRevision, createdAt },
    succeededAt: bakesSince(release, listed, finishedAt ?? observation.at),
  };
  const { ownBakeMinutes: _, ...rest } = record;
  return entered(withRunning(conclude(enter(rest, baking), arn), phase));
}

/**
 * ECS has ended its rollout: what ran before runs no more. It may be condemned in the same look, and
 * whatever is told until the way back is over must not say that the old one runs.
 */
function withRunning(record: TargetRecord, { release, listed }: Followed): TargetRecord {
  const { revision, createdAt } = listed;
  const images = { ...record.runs?.images, ...release.images };
  return { ...record, runs: { revision, images, since: createdAt } };
}
