/** A look while nothing of ours is on its way: who runs, and may a waiting image start? */

import { because, type Decision } from '../model/decision.ts';
import type { StandingObservation } from '../model/observation.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { tryAgain } from '../release/condemn.ts';
import { afterReturn } from '../release/judge/returned.ts';
import { adoptIfNone } from './adopting.ts';
import { alsoPrepared } from './prepared.ts';
import { start } from './starting.ts';

export function whileIdle(record: TargetRecord, observation: StandingObservation): Decision {
  const after = afterReturn(record, observation);
  if (after === undefined) return alsoPrepared(adoptOrStart(record, observation), observation);
  const next = alsoPrepared(adoptOrStart(after.record, observation), observation);
  return because(next.record, `${after.because}; ${next.because}`);
}

function adoptOrStart(record: TargetRecord, observation: StandingObservation): Decision {
  const adopted = adoptIfNone(record, observation);
  if (adopted === undefined) return startOrReturn(record, observation);
  const next = startOrReturn(adopted.record, observation);
  return because(next.record, `${adopted.because}; ${next.because}`);
}

/** What waits goes first: a fix is better than the way back. Then the way back is tried again. */
function startOrReturn(record: TargetRecord, observation: StandingObservation): Decision {
  const started = start(record, observation);
  const { needsAttention: asked } = started.record;
  if (asked?.stillTried === undefined) return started;
  if (observation.at < asked.stillTried.nextAt) return started;
  return tryAgain(started.record, asked, asked.stillTried.condemned, observation.at);
}
