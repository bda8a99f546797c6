/** When `tick` sends the next look, should no event come before. */

import { unplacedOf } from './events/unplaced.ts';
import { announced } from './model/decision.ts';
import type { Moment } from './model/image.ts';
import type { Seen } from './model/observation.ts';
import type { TargetRecord } from './model/record.ts';
import { MINUTE } from './model/rules.ts';
import { bakeEndsAt } from './release/bake-window.ts';

/** reconcile's timeout: a handler that is paused now can still call until then. */
export const RECONCILE_TIMEOUT_MS = 30_000;
const IN_FLIGHT_MS = MINUTE;
const RETURNING_MS = 30_000;
/** A target rests only after a look this long after its last act: then a late call would be seen. */
const RESTS_AFTER_MS = RECONCILE_TIMEOUT_MS + MINUTE;

export function whenToLook(record: TargetRecord, { at: now, untold }: Seen): TargetRecord {
  const lookAt = nextLook(record, now) ?? nextTelling(record, now, untold);
  if (lookAt === record.lookAt) return record;
  if (lookAt !== undefined) return { ...record, lookAt };
  const { lookAt: _, ...resting } = record;
  return resting;
}

function nextLook(record: TargetRecord, now: Moment): Moment | undefined {
  const { phase } = record;
  switch (phase.phase) {
    case 'introduced':
    case 'rolling':
    case 'observing':
      return now + IN_FLIGHT_MS;
    case 'baking':
      if (phase.empty) return now + 60 * MINUTE;
      return now < bakeEndsAt(phase)
        ? Math.min(now + IN_FLIGHT_MS, bakeEndsAt(phase))
        : now + IN_FLIGHT_MS;
    case 'returning':
      return now + RETURNING_MS;
    case 'resting':
    case 'asking':
      return whileResting(record, now);
    case 'retired':
      return undefined;
  }
}

/** What this decision announces may not get out: one more handling tells it again. */
function nextTelling(record: TargetRecord, now: Moment, untold: number): Moment | undefined {
  if (record.phase.phase === 'retired') return undefined;
  return untold > 0 || announced(record).length > 0 ? now + IN_FLIGHT_MS : undefined;
}

function whileResting(record: TargetRecord, now: Moment): Moment | undefined {
  if (Object.keys(record.waiting).length + unplacedOf(record).length > 0) return now + IN_FLIGHT_MS;
  const { actedAt } = record;
  if (actedAt === undefined || now > actedAt + RESTS_AFTER_MS) return undefined;
  return actedAt + RESTS_AFTER_MS + 1;
}
