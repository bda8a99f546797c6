/** AWS could not take the call for now: it is asked again, and that counts against nobody. */
import { because, type Decision, inPhase } from '../model/decision.ts';
import type { CallDeferred } from '../model/event.ts';
import type { Deferred, TargetRecord } from '../model/record.ts';
import { REASON_MAX, shorten } from '../model/text.ts';
import { noteDeferred } from '../release/attempt.ts';
import { onWay } from '../release/rollback-candidates.ts';
import { callOf } from './call-refused.ts';

export function callDeferred(record: TargetRecord, event: CallDeferred): Decision {
  const { phase } = record;
  const said = `${callOf(event)}: ${event.code}: ${shorten(event.message, REASON_MAX)}`;
  const sentence = `AWS could not take ${said}`;
  const deferred: Deferred = { at: event.at, because: said, carriedOut: event.carriedOut };
  if (phase.phase !== 'deploying') return because(record, sentence);
  if (phase.goal === 'forward') {
    if (event.action !== 'StartRollout') return because(record, sentence);
    const attempt = noteDeferred(phase.attempt, deferred);
    return because(inPhase(record, { ...phase, attempt }), sentence);
  }
  const { step } = phase;
  if (event.action === 'StartRollout' && step.step === 'redeploying') {
    const attempt = noteDeferred(step.attempt, deferred);
    return because(onWay(record, phase, { ...step, attempt }), sentence);
  }
  if (event.action === 'StopRollout' && step.step === 'stopping') {
    const { stop: _, ...unasked } = step;
    return because(onWay(record, phase, unasked), sentence);
  }
  return because(record, sentence);
}
