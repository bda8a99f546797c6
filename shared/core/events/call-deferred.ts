/** AWS could not take the call for now: it is asked again, and that counts against nobody. */
import { because, type Decision } from '../model/decision.ts';
import type { CallDeferred } from '../model/event.ts';
import { backOf } from '../model/record/phase.ts';
import type { Deferred } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { REASON_MAX, shorten } from '../model/text.ts';
import { attemptOf, noteDeferred, withAttempt } from '../release/attempt.ts';
import { onWay } from '../release/rollback-candidates.ts';
import { callOf } from './call-refused.ts';

export function callDeferred(record: TargetRecord, event: CallDeferred): Decision {
  const said = `${callOf(event)}: ${event.code}: ${shorten(event.message, REASON_MAX)}`;
  const sentence = `AWS could not take ${said}`;
  const back = backOf(record.phase);
  if (back?.step.step === 'stopping') {
    const { stop: _, ...unasked } = back.step;
    const next = event.action === 'StopRollout' ? onWay(record, back, unasked) : record;
    return because(next, sentence);
  }
  const attempt = attemptOf(record.phase);
  const deferred: Deferred = { at: event.at, because: said, carriedOut: event.carriedOut };
  const next =
    event.action === 'StartRollout' && attempt !== undefined
      ? withAttempt(record, noteDeferred(attempt, deferred))
      : record;
  return because(next, sentence);
}
