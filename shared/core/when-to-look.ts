/** Whether an event is a reason to look now, and when `tick` sends the next look should none come. */

import { approvalEndsAt } from './events/approval.ts';
import { thawsAt } from './gates/freeze-gate.ts';
import { announced, isNew } from './model/decision.ts';
import type { Event, Hinted } from './model/event.ts';
import type { Moment } from './model/image.ts';
import type { Observation } from './model/observation.ts';
import { type Baking, bakingOf, type Forward, forwardOf } from './model/record/phase.ts';
import type { TargetRecord } from './model/record/target-record.ts';
import { somethingWaits, unplacedOf } from './model/record/waiting.ts';
import { MINUTE } from './model/rules.ts';
import { ADOPT_AGAIN_MS, lacksCandidate } from './phases/adopting.ts';
import { bakeEndsAt, judgedAt } from './release/bake-window.ts';
import { isLookedAt } from './release/judge/returned.ts';
import { CHECK_AGAIN_MS, mustCheckWays } from './release/ways-back.ts';

/** Looks of one target keep this distance, however many hints come. */
const LOOKS_APART_MS = 5_000;
/** A look answers what happened this long before it began: seconds are cut off, clocks differ. */
const ANSWERED_AFTER_MS = 2_000;
/** reconcile's timeout: a handler that is paused now can still call until then. */
export const RECONCILE_TIMEOUT_MS = 30_000;
const IN_FLIGHT_MS = MINUTE;
const RETURNING_MS = 30_000;
/** ECS's and CloudWatch's events are durable; one that is lost all the same costs at most this. */
const ON_COURSE_MS = 5 * MINUTE;
const BAKES_ON_COURSE_MS = 10 * MINUTE;
/** ECS begins a rollout within a second of UpdateService, and events are dated to the second. */
const OURS_BEGINS_MS = 5_000;
/** A service that is gone is seldom there again within minutes. */
const GONE_MS = 5 * MINUTE;
/** A freeze may last for weeks, and its end is known; what else changes meanwhile comes by events. */
const FROZEN_MS = 15 * MINUTE;
/** A target rests only after a look this long after its last act: then a late call would be seen. */
const RESTS_AFTER_MS = RECONCILE_TIMEOUT_MS + MINUTE;

/**
 * At rest with nothing waiting, only a hint is a reason to look. A look answers the hints of what
 * happened before it; those that come right after it are answered by one more, a moment later.
 */
export function mustLook(
  record: TargetRecord | undefined,
  event: Event,
  now: Moment,
): 'yes' | 'no' | 'later' {
  if (record === undefined || record.retired) return 'no';
  const { observeAt: lookAt, observedAt: lookedAt } = record;
  if (event.type === 'Hinted') {
    if (lookedAt === undefined) return 'yes';
    if (event.about === 'turn') return record.turnAt === undefined ? 'no' : 'yes';
    // It was looked at meanwhile, and the next look is planned for later.
    if (event.about === 'look-due' && (lookAt === undefined || lookAt > now)) return 'no';
    if (saysNothingNew(record, event)) return 'no';
    const happenedAt = event.happenedAt ?? event.at;
    if (lookedAt > happenedAt + ANSWERED_AFTER_MS) return 'no';
    const age = now - lookedAt;
    return age >= 0 && age < LOOKS_APART_MS ? 'later' : 'yes';
  }
  if (somethingWaits(record)) return 'yes';
  if (lookAt === undefined) return isAtRest(record) ? 'no' : 'yes';
  // A push that is on its way already, heard of again by the sweep.
  return event.type === 'ImagePushed' && lookAt > now ? 'no' : 'yes';
}

/**
 * A rollout of ours is followed by a handful of events within a second, which all say the same. One
 * that is left out wrongly costs the time until the planned look.
 */
function saysNothingNew(
  { phase, observedAt = 0 }: TargetRecord,
  { about, happenedAt }: Hinted,
): boolean {
  if (about === undefined || happenedAt === undefined) return false;
  const forward = forwardOf(phase);
  if (forward !== undefined) {
    const { attempt, release } = forward;
    if (attempt.request?.announced !== true || release.evidence.rises.length > 0) return false;
    // ECS calls it steady before its own bake ends, and ends its rollout with an event of its own.
    if (about === 'steady') return true;
    // Before ECS may move the traffic, its hook must know whose rollout it is.
    if (release.rules.hook !== undefined && attempt.rollout === undefined) return false;
    return about === 'rollout-began' && happenedAt <= attempt.request.lastAt + OURS_BEGINS_MS;
  }
  const baking = bakingOf(phase);
  if (baking === undefined || baking.empty || baking.extendedBecause !== undefined) return false;
  if (about === 'steady') return true;
  return about === 'rollout-ended'
    ? happenedAt <= Math.max(baking.succeededAt, observedAt)
    : happenedAt <= baking.rollout.createdAt + OURS_BEGINS_MS;
}

/** Nothing of ours is on its way, and it is known what runs. */
export function isAtRest(record: TargetRecord): boolean {
  return record.phase.phase === 'idle' && !isNew(record);
}

export function whenToLook(
  record: TargetRecord,
  { at: now, undelivered: untold }: Observation,
): TargetRecord {
  const soon = nextLook(record, now) ?? nextTelling(record, now, untold);
  const lookAt =
    soon === undefined
      ? whileNothingMoves(record, now)
      : earliest(soon, approvalEndsAt(record), record.hold?.until);
  return lookNext(record, lookAt);
}

function lookNext(record: TargetRecord, observeAt: Moment | undefined): TargetRecord {
  if (observeAt === record.observeAt) return record;
  const { observeAt: _, ...resting } = record;
  return observeAt === undefined ? resting : { ...resting, observeAt };
}

/** What was planned only in case an announcement did not get out need not be looked at once it is. */
export function whenDelivered(record: TargetRecord): TargetRecord {
  const { observeAt, observedAt, outbox } = record;
  if (record.retired) return lookIfUntold(record, observeAt);
  const isForTelling =
    observedAt !== undefined &&
    observeAt === observedAt + IN_FLIGHT_MS &&
    outbox.announcements.length === 0 &&
    nextLook(record, observedAt) === undefined;
  return isForTelling ? lookNext(record, whileNothingMoves(record, observedAt)) : record;
}

/** Nobody looks at it any more: `tick` comes back for what could not be told, and for nothing else. */
export function whileRetired(record: TargetRecord, now: Moment): TargetRecord {
  return record.retired ? lookIfUntold(record, now + IN_FLIGHT_MS) : record;
}

function lookIfUntold(record: TargetRecord, observeAt: Moment | undefined): TargetRecord {
  return lookNext(record, record.outbox.announcements.length > 0 ? observeAt : undefined);
}

/** It waits among others for the account's API calls; should its message get lost, `tick` sends one. */
export function keepTurn(record: TargetRecord, turnAt: Moment): TargetRecord {
  return { ...record, turnAt, observeAt: turnAt + IN_FLIGHT_MS };
}

/** ECS took the request: its events tell the rest. */
export function whenAccepted(record: TargetRecord, now: Moment): TargetRecord {
  return { ...record, observeAt: nextLook(record, now) ?? now + IN_FLIGHT_MS };
}

function nextLook(record: TargetRecord, now: Moment): Moment | undefined {
  const { phase } = record;
  switch (phase.phase) {
    case 'deploying':
      return phase.goal === 'forward' ? whileDeploying(phase, now) : now + RETURNING_MS;
    case 'baking':
      return phase.of === 'external' ? now + IN_FLIGHT_MS : whileBaking(phase, now);
    case 'idle':
      return whileIdle(record, now);
  }
}

/** ECS took it, and nothing speaks against it: events tell how it goes, and looks find lost ones. */
function whileDeploying({ attempt, release }: Forward, now: Moment): Moment {
  const { request } = attempt;
  const { rises, failed } = release.evidence;
  if (request?.announced !== true || rises.length + failed > 0) return now + IN_FLIGHT_MS;
  // A rule that somebody else changes is looked at twice, and soon.
  if (attempt.course?.amissSince !== undefined) return now + RETURNING_MS;
  // Which events tell that ECS has taken the traffic back is not known.
  if (release.rules.strategy !== undefined) return now + IN_FLIGHT_MS;
  const overdue = request.at + release.rules.rolloutMinutes * MINUTE + 1;
  return overdue > now + IN_FLIGHT_MS ? Math.min(now + ON_COURSE_MS, overdue) : now + IN_FLIGHT_MS;
}

/** At its end, when its alarms have judged all of it, and now and then for what no event told. */
function whileBaking(phase: Baking, now: Moment): Moment {
  if (phase.empty) return now + 60 * MINUTE;
  const { failed, redBeforeAt } = phase.release.evidence;
  const isOnCourse =
    phase.release.rules.judge !== 'act' &&
    failed === 0 &&
    redBeforeAt === undefined &&
    phase.extendedBecause === undefined;
  const next = now + (isOnCourse ? BAKES_ON_COURSE_MS : IN_FLIGHT_MS);
  const ahead = [bakeEndsAt(phase), judgedAt(phase)].filter((moment) => moment > now);
  return ahead.length === 0 ? now + IN_FLIGHT_MS : Math.min(next, ...ahead);
}

/** What this decision announces may not get out: one more handling tells it again. */
function nextTelling(record: TargetRecord, now: Moment, untold: number): Moment | undefined {
  return untold > 0 || announced(record).length > 0 ? now + IN_FLIGHT_MS : undefined;
}

/** At rest with nothing to return to. */
function nextAdoption(record: TargetRecord, now: Moment): Moment | undefined {
  return isAtRest(record) && lacksCandidate(record) ? now + ADOPT_AGAIN_MS : undefined;
}

/** What is planned at rest. */
function whileNothingMoves(record: TargetRecord, now: Moment): Moment | undefined {
  return earliest(
    nextAdoption(record, now),
    nextCheck(record),
    approvalEndsAt(record),
    record.hold?.until,
  );
}

function earliest(...moments: readonly (Moment | undefined)[]): Moment | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** A rollback would fail: whoever mends that wants to see that it is mended. */
function nextCheck({ needsAttention, waysBack }: TargetRecord): Moment | undefined {
  return needsAttention?.unprepared && waysBack !== undefined
    ? waysBack.checkedAt + CHECK_AGAIN_MS
    : undefined;
}

function whileIdle(record: TargetRecord, now: Moment): Moment | undefined {
  const { actedAt, needsAttention: asked } = record;
  if (somethingWaits(record)) {
    const thaws = thawsAt(record, now);
    if (thaws !== undefined && unplacedOf(record).length === 0) {
      return Math.min(thaws, now + FROZEN_MS);
    }
    return now + (asked?.gone ? GONE_MS : IN_FLIGHT_MS);
  }
  const mustAskRule = record.waysBack?.staleSince !== undefined && mustCheckWays(record, now);
  if (isLookedAt(record) || mustAskRule) return now + IN_FLIGHT_MS;
  if (asked?.stillTried !== undefined) {
    return Math.max(asked.stillTried.nextAt, now + RETURNING_MS);
  }
  if (actedAt === undefined || now > actedAt + RESTS_AFTER_MS) return undefined;
  return actedAt + RESTS_AFTER_MS + 1;
}
