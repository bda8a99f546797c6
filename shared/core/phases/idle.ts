/** A look while nothing of ours is on its way: who runs, and may a waiting image start? */

import { because, type Decision } from '../model/decision.ts';
import type { Observation, StandingObservation } from '../model/observation.ts';
import type { TargetRecord } from '../model/record.ts';
import { tryAgain } from '../release/condemn.ts';
import { whose } from '../release/whose.ts';
import { adoptIfNone } from './adopting.ts';
import { announceExternal, ecsReturned, putLateCallRight, watchExternal } from './external.ts';
import { start } from './starting.ts';
import { whileWatching } from './watching.ts';

export function whileIdle(record: TargetRecord, observation: StandingObservation): Decision {
  const { service } = observation;
  const { runs } = record;
  if (runs === undefined) {
    const observing = watchExternal(record, service.primary, 0, observation.at);
    return observing.phase.phase === 'baking' && observing.phase.of === 'external'
      ? whileWatching(observing, observing.phase, observation)
      : because(observing, 'first look');
  }
  const { primary } = service;
  const { needsAttention: asked } = record;
  // A try that was thought to be in vain has worked, or somebody did what it was to do.
  if (asked?.stillTried !== undefined) {
    const back = record.rollbackCandidates.some((one) => one.revision === primary.revision);
    const { condemned } = asked.stillTried;
    if (back && primary.revision !== condemned.revision)
      return tryAgain(record, asked, condemned, observation.at);
  }
  switch (whose(record, primary, observation)) {
    case 'ours':
      return adoptThenStart(record, observation);
    case 'stale':
      return because(record, 'a stale look');
    case 'ecs-return':
      return ecsReturned(record, runs.revision, primary, observation);
    case 'late-call':
      return putLateCallRight(record, primary, observation);
    case 'proven':
    case 'external':
      return announceExternal(record, primary, observation);
  }
}

function adoptThenStart(record: TargetRecord, observation: StandingObservation): Decision {
  const adopted = adoptIfNone(record, observation.service, observation);
  if (adopted === undefined) return startOrReturn(record, observation);
  const next = startOrReturn(adopted.record, observation);
  return because(next.record, `${adopted.because}; ${next.because}`);
}

/** What waits goes first: a fix is better than the way back. Then the way back is tried again. */
function startOrReturn(record: TargetRecord, observation: Observation): Decision {
  const started = start(record, observation);
  const { needsAttention: asked } = started.record;
  if (asked?.stillTried === undefined) return started;
  if (observation.at < asked.stillTried.nextAt) return started;
  return tryAgain(started.record, asked, asked.stillTried.condemned, observation.at);
}
