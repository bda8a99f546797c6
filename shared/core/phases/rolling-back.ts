/** A look at a target whose condemned release must go: ECS returns, or a proven release is rolled out. */

import type { Decision } from '../model/decision.ts';
import type { Observation } from '../model/observation.ts';
import type { Returning, TargetRecord } from '../model/record.ts';
import { choosing } from './choosing.ts';
import { askPerson } from './ecs-returned.ts';
import { restoring } from './restoring.ts';
import { stopping } from './stopping.ts';

export function whileReturning(
  record: TargetRecord,
  phase: Returning,
  observation: Observation,
): Decision {
  if (observation.service.state === 'missing') {
    return askPerson(record, phase, observation, observation.service.because);
  }
  switch (phase.way.step) {
    case 'stopping':
      return stopping(record, phase, phase.way, observation);
    case 'choosing':
      return choosing(record, phase, observation.service, observation);
    case 'restoring':
      return restoring(record, phase, phase.way, observation);
  }
}
