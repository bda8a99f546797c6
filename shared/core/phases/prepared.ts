/** At rest: a rollback that would fail is told before somebody needs it, and no longer once it is mended. */
import { announce, because, type Decision, withoutAttention } from '../model/decision.ts';
import type { StandingObservation } from '../model/observation.ts';
import type { NeedsAttention } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';
import { isSteady } from '../release/doubt.ts';
import { isUnsure, whyUnprepared } from '../release/ways-back.ts';

/** `decision`: what the look led to otherwise; this adds to it, and starts or ends nothing. */
export function alsoPrepared(decision: Decision, observation: StandingObservation): Decision {
  const { record } = decision;
  if (observation.waysBack === undefined || record.phase.phase !== 'idle') return decision;
  const told = prepared(rememberWays(record, observation), observation);
  return because(told.record, [decision.because, told.because].filter(Boolean).join('; '));
}

function prepared(record: TargetRecord, observation: StandingObservation): Decision {
  const { needsAttention: asked } = record;
  // Whatever else a person was asked for comes first, and stays.
  if (asked !== undefined && asked.unprepared === undefined) return because(record, '');
  const found = whyUnprepared(record, observation);
  if (found === undefined) {
    if (asked === undefined || isUnsure(observation)) return because(record, '');
    return because(withoutAttention(record), 'a rollback would work again');
  }
  const { at } = observation;
  const asking: NeedsAttention = {
    because: found.because,
    since: asked?.since ?? at,
    unprepared: true,
  };
  const next = { ...record, needsAttention: asking };
  if (asked?.because === found.because) return because(next, found.because);
  return because(announce(next, 'needs-attention', { at, ...found }), found.because);
}

/** While the tasks of before stop, nobody knows whether the traffic stays as it is: so long it is asked again. */
const STOPS_WITHIN_MS = 15 * MINUTE;

function rememberWays(
  record: TargetRecord,
  { at, service, waysBack = [] }: StandingObservation,
): TargetRecord {
  const staleSince = record.waysBack?.staleSince;
  const isStale =
    staleSince !== undefined && !isSteady(service) && at < staleSince + STOPS_WITHIN_MS;
  const forbidden = waysBack.flatMap((way) =>
    way.state === 'forbidden' ? [{ revision: way.revision, because: way.because }] : [],
  );
  return {
    ...record,
    waysBack: {
      checkedAt: at,
      ...(forbidden.length === 0 ? {} : { forbidden }),
      ...(isStale ? { staleSince } : {}),
    },
  };
}
