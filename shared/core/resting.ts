/** A look while nothing of ours is on its way: who runs, and may a waiting image start? */
import { isLateCall } from './attempt.ts';
import { because, type Decision } from './decision.ts';
import { ecsReturned, isStale, observe, watchDeployment } from './foreign.ts';
import { describeLateCall, removeLateCall } from './late-call.ts';
import { whileObserving } from './observing.ts';
import type { Running, TargetRecord } from './record.ts';
import type { FoundService, Seen } from './seen.ts';
import { start } from './starting.ts';
import { wouldReturn } from './watch-mode.ts';

export function whileResting(record: TargetRecord, seen: Seen): Decision {
  const { service } = seen;
  if (service.state === 'missing') {
    const started = start(record, seen);
    return started.record === record ? because(record, service.because) : started;
  }
  const { runs } = record;
  if (runs === undefined) {
    const observing = watchDeployment(record, service.primary, 0, seen.at);
    return observing.phase.phase === 'observing'
      ? whileObserving(observing, observing.phase, seen)
      : because(observing, 'first look');
  }
  const { primary } = service;
  if (primary.revision === runs.revision) return start(record, seen);
  if (primary.createdAt > runs.since) return displaced(record, runs, service, seen);
  return isStale(primary, runs.since, seen)
    ? because(record, 'a stale look')
    : ecsReturned(record, runs.revision, primary, seen);
}

/** Something else runs than what we left. */
function displaced(
  record: TargetRecord,
  runs: Running,
  { primary }: FoundService,
  seen: Seen,
): Decision {
  if (!isLateCall(record, primary)) return observe(record, primary, seen.at);
  const sentence = describeLateCall(primary, runs);
  if (record.rules.mode === 'act') return removeLateCall(record, primary, sentence, seen.at);
  const told = wouldReturn(record, sentence, seen.at).record;
  return because(watchDeployment(told, primary, record.rules.bakeMinutes, seen.at), sentence);
}
