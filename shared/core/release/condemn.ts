/** A release must go: its digests are quarantined, and the way back begins. */
import { because, conclude, type Decision, inPhase, quarantineImages } from '../model/decision.ts';
import { defined } from '../model/defined.ts';
import type { Moment } from '../model/image.ts';
import type {
  Baking,
  Condemned,
  Deploying,
  NeedsAttention,
  RollbackStep,
  TargetRecord,
} from '../model/record.ts';

export interface Verdict {
  readonly because: string;
  readonly alarms: readonly string[];
  /** The release that a person chose to return to. */
  readonly to?: string;
}

export function condemn(
  record: TargetRecord,
  phase: Deploying | Baking,
  verdict: Verdict,
  at: Moment,
): TargetRecord {
  const { release, attempt } = phase;
  const condemned: Condemned = defined({
    release: release.id,
    images: release.images,
    because: verdict.because,
    alarms: verdict.alarms,
    rollbackMinutes: release.rules.rollbackMinutes,
    revision: attempt.revision,
    to: verdict.to,
  });
  const way = firstRollbackStep(phase, verdict);
  const quarantined = quarantineImages(
    record,
    release.images,
    attempt.revision,
    verdict.because,
    at,
  );
  // Superseded by our own rollback: it is not followed any further.
  const { rollout } = attempt;
  const left =
    way.step === 'selecting' && rollout !== undefined
      ? conclude(quarantined, rollout.arn)
      : quarantined;
  return beginReturn(left, condemned, at, way);
}

export function beginReturn(
  record: TargetRecord,
  condemned: Condemned,
  at: Moment,
  way: RollbackStep = { step: 'selecting' },
): TargetRecord {
  return inPhase(record, {
    phase: 'rolling-back',
    condemned,
    since: at,
    step: way,
    skipped: [],
    started: 0,
  });
}

/** The way back that attention was asked for is tried once more, from the newest candidate on. */
export function tryAgain(
  record: TargetRecord,
  { since }: NeedsAttention,
  condemned: Condemned,
  at: Moment,
): Decision {
  const again = beginReturn(record, condemned, at);
  if (again.phase.phase !== 'rolling-back') return because(again, 'nothing to try');
  const phase = { ...again.phase, attentionSince: since };
  return because(inPhase(again, phase), `the rollback is tried again: ${condemned.because}`);
}

/**
 * In flight, ECS itself returns fastest, but only to its last completed deployment: it is asked where
 * that one is proven. Otherwise our own rollout of a candidate supersedes what is in flight.
 */
function firstRollbackStep({ phase, attempt }: Deploying | Baking, verdict: Verdict): RollbackStep {
  const ecsRollsBack = phase === 'deploying' && attempt.request?.ecsRollsBack === true;
  return ecsRollsBack && verdict.to === undefined
    ? { step: 'stopping', attempt }
    : { step: 'selecting' };
}
