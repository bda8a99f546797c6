/** A look while nothing of ours is on its way: who runs, and may a waiting image start? */

import { because, type Decision } from '../model/decision.ts';
import type { FoundService, Observation, StandingObservation } from '../model/observation.ts';
import type { Running, TargetRecord } from '../model/record.ts';
import { isLateCall } from '../release/attempt.ts';
import { tryAgain } from '../release/condemn.ts';
import { describeLateCall, removeLateCall } from '../release/late-call.ts';
import { wouldReturn } from '../release/watch-mode.ts';
import { announceExternal, ecsReturned, isStale, watchExternal } from './external.ts';
import { start } from './starting.ts';
import { whileWatching } from './watching.ts';

export function whileIdle(record: TargetRecord, observation: StandingObservation): Decision {
  const { service } = observation;
  const { runs } = record;
  if (runs === undefined) {
    const observing = watchExternal(record, service.primary, 0, observation.at);
    return observing.phase.phase === 'watching'
      ? whileWatching(observing, observing.phase, observation)
      : because(observing, 'first look');
  }
  const { primary } = service;
  if (primary.revision === runs.revision) return startOrReturn(record, observation);
  if (primary.createdAt > runs.since) return displaced(record, runs, service, observation);
  return isStale(primary, runs.since, observation)
    ? because(record, 'a stale look')
    : ecsReturned(record, runs.revision, primary, observation);
}

/** What waits goes first: a fix is better than the way back. Then the way back is tried again. */
function startOrReturn(record: TargetRecord, observation: Observation): Decision {
  const started = start(record, observation);
  const { phase } = started.record;
  if (phase.phase !== 'needs-attention' || phase.stillTried === undefined) return started;
  if (observation.at < phase.stillTried.nextAt) return started;
  return tryAgain(started.record, phase, phase.stillTried.condemned, observation.at);
}

/** Something else runs than what we left. */
function displaced(
  record: TargetRecord,
  runs: Running,
  { primary }: FoundService,
  observation: Observation,
): Decision {
  if (!isLateCall(record, primary)) return announceExternal(record, primary, observation.at);
  const sentence = describeLateCall(primary, runs);
  if (record.rules.mode === 'act') return removeLateCall(record, primary, sentence, observation.at);
  const told = wouldReturn(record, sentence, observation.at).record;
  return because(watchExternal(told, primary, record.rules.bakeMinutes, observation.at), sentence);
}
