/** A look at a target whose condemned release must go: ECS returns, or a proven release is rolled out. */

import type { Decision } from '../model/decision.ts';
import type { StandingObservation } from '../model/observation.ts';
import type { Back } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { restoring } from './redeploying.ts';
import { choosing } from './selecting.ts';
import { stopping } from './stopping.ts';
import { stayInWatchMode } from './way-back-ends.ts';

export function whileRollingBack(
  record: TargetRecord,
  phase: Back,
  observation: StandingObservation,
): Decision {
  const { step } = phase;
  const untouched =
    step.step === 'selecting' ||
    (step.step === 'stopping' ? step.stop === undefined : step.attempt.request === undefined);
  if (record.rules.mode === 'watch' && untouched) {
    return stayInWatchMode(record, phase, observation);
  }
  switch (phase.step.step) {
    case 'stopping':
      return stopping(record, phase, phase.step, observation);
    case 'selecting':
      return choosing(record, phase, observation);
    case 'redeploying':
      return restoring(record, phase, phase.step, observation);
  }
}
