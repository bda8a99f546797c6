/** Whether an event is a reason to look now, and when `tick` sends the next look should none come. */

import { unplacedOf } from './events/unplaced.ts';
import { announced, isNew } from './model/decision.ts';
import type { Event } from './model/event.ts';
import type { Moment } from './model/image.ts';
import type { Observation } from './model/observation.ts';
import type { TargetRecord } from './model/record.ts';
import { MINUTE } from './model/rules.ts';
import { ADOPT_AGAIN_MS, lacksCandidate } from './phases/adopting.ts';
import { judgedAt } from './release/bake-window.ts';

/** Looks of one target keep this distance, however many hints come. */
const LOOKS_APART_MS = 5_000;
/** A look answers what happened this long before it began: seconds are cut off, clocks differ. */
const ANSWERED_AFTER_MS = 2_000;
/** reconcile's timeout: a handler that is paused now can still call until then. */
export const RECONCILE_TIMEOUT_MS = 30_000;
const IN_FLIGHT_MS = MINUTE;
const RETURNING_MS = 30_000;
/** A service that is gone is seldom there again within minutes. */
const GONE_MS = 5 * MINUTE;
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
  if (record === undefined) return 'no';
  const { waiting, observeAt: lookAt, observedAt: lookedAt } = record;
  if (record.retired) return 'no';
  if (event.type === 'Hinted') {
    if (lookedAt === undefined) return 'yes';
    const happenedAt = event.happenedAt ?? event.at;
    if (lookedAt > happenedAt + ANSWERED_AFTER_MS) return 'no';
    const age = now - lookedAt;
    return age >= 0 && age < LOOKS_APART_MS ? 'later' : 'yes';
  }
  return isAtRest(record) && Object.keys(waiting).length === 0 && lookAt === undefined
    ? 'no'
    : 'yes';
}

/** Nothing of ours is on its way, and it is known what runs. */
export function isAtRest(record: TargetRecord): boolean {
  return record.phase.phase === 'idle' && !isNew(record);
}

export function whenToLook(
  record: TargetRecord,
  { at: now, undelivered: untold }: Observation,
): TargetRecord {
  const lookAt =
    nextLook(record, now) ?? nextTelling(record, now, untold) ?? nextAdoption(record, now);
  if (lookAt === record.observeAt) return record;
  if (lookAt !== undefined) return { ...record, observeAt: lookAt };
  const { observeAt: _, ...resting } = record;
  return resting;
}

function nextLook(record: TargetRecord, now: Moment): Moment | undefined {
  const { phase } = record;
  switch (phase.phase) {
    case 'deploying':
      return now + (phase.goal === 'forward' ? IN_FLIGHT_MS : RETURNING_MS);
    case 'baking':
      if (phase.of === 'external') return now + IN_FLIGHT_MS;
      if (phase.empty) return now + 60 * MINUTE;
      return now < judgedAt(phase)
        ? Math.min(now + IN_FLIGHT_MS, judgedAt(phase))
        : now + IN_FLIGHT_MS;
    case 'idle':
      return whileIdle(record, now);
  }
}

/** What this decision announces may not get out: one more handling tells it again. */
function nextTelling(record: TargetRecord, now: Moment, untold: number): Moment | undefined {
  return untold > 0 || announced(record).length > 0 ? now + IN_FLIGHT_MS : undefined;
}

/** At rest with nothing to return to. */
function nextAdoption(record: TargetRecord, now: Moment): Moment | undefined {
  return isAtRest(record) && lacksCandidate(record) ? now + ADOPT_AGAIN_MS : undefined;
}

function whileIdle(record: TargetRecord, now: Moment): Moment | undefined {
  const { actedAt, needsAttention: asked } = record;
  if (Object.keys(record.waiting).length + unplacedOf(record).length > 0) {
    return now + (asked?.gone ? GONE_MS : IN_FLIGHT_MS);
  }
  if (asked?.stillTried !== undefined) {
    return Math.max(asked.stillTried.nextAt, now + RETURNING_MS);
  }
  if (actedAt === undefined || now > actedAt + RESTS_AFTER_MS) return undefined;
  return actedAt + RESTS_AFTER_MS + 1;
}
