/**
 * One observation, judged in one fixed order, whatever the phase: is the service gone; whose is what
 * runs; what speaks against it, and the phase's own step; may what waits start. Each file answers its
 * question once.
 */
import { expireApprovals } from './events/approval.ts';
import { placeImages } from './events/unplaced.ts';
import { endHold } from './gates/person-hold.ts';
import { because, type Decision } from './model/decision.ts';
import type { Observation, StandingObservation } from './model/observation.ts';
import { backOf } from './model/record/phase.ts';
import type { TargetRecord } from './model/record/target-record.ts';
import { whileBaking } from './phases/baking.ts';
import { whileDeploying } from './phases/deploying.ts';
import { displaced } from './phases/displaced.ts';
import { whileGone } from './phases/gone.ts';
import { whileIdle } from './phases/idle.ts';
import { whileRollingBack } from './phases/rolling-back.ts';
import { whileWatching } from './phases/watching.ts';
import { stands } from './release/gone.ts';
import { judgeSaysNow } from './release/judge/said-now.ts';
import { rememberMuted } from './release/muting.ts';
import { nextCandidate } from './release/rollback-candidates.ts';
import { whenToLook } from './when-to-look.ts';

export function observed(record: TargetRecord, observation: Observation): Decision {
  const ended = endHold(record, observation.at);
  const { turnAt: _, ...current } = expireApprovals(ended?.record ?? record, observation.at);
  const heard = rememberMuted({ ...current, observedAt: observation.at }, observation);
  const placed = placeImages(heard, observation);
  const decision = stands(observation)
    ? judged(placed.record, observation)
    : whileGone(placed.record, observation);
  const said = judgeSaysNow(record, decision.record);
  const judge = said === undefined ? '' : `the judge says ${said.state}: ${said.because}`;
  const sentences = [ended?.because ?? '', placed.because, decision.because, judge];
  const sentence = sentences.filter((one) => one !== '').join('; ');
  return because(whenToLook(decision.record, observation), sentence);
}

/** What a decision enters may be judged by the same observation: it has all that is asked there. */
function judged(record: TargetRecord, observation: StandingObservation): Decision {
  const decision = displaced(record, observation) ?? step(record, observation);
  if (decision.entered !== true && !hasNoCandidateLeft(decision.record)) return decision;
  const next = judged(decision.record, observation);
  const why = decision.entered === true ? decision.because : '';
  return because(next.record, why === '' ? next.because : why);
}

/** Another look would ask nothing: what follows from that is decided at once. */
function hasNoCandidateLeft(record: TargetRecord): boolean {
  const back = backOf(record.phase);
  return back?.step.step === 'selecting' && nextCandidate(record, back) === undefined;
}

function step(record: TargetRecord, observation: StandingObservation): Decision {
  const { phase } = record;
  switch (phase.phase) {
    case 'idle':
      return whileIdle(record, observation);
    case 'deploying':
      return phase.goal === 'forward'
        ? whileDeploying(record, phase, observation)
        : whileRollingBack(record, phase, observation);
    case 'baking':
      return phase.of === 'release'
        ? whileBaking(record, observation)
        : whileWatching(record, observation);
  }
}
