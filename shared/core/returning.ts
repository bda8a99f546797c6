/** A look at a target whose condemned release must go: ECS returns, or a proven release is rolled out. */
import { choosing } from './choosing.ts';
import type { Decision } from './decision.ts';
import type { Returning, TargetRecord } from './record.ts';
import { restoring } from './restoring.ts';
import { askPerson } from './returned.ts';
import type { Seen } from './seen.ts';
import { stopping } from './stopping.ts';

export function whileReturning(record: TargetRecord, phase: Returning, seen: Seen): Decision {
  if (seen.service.state === 'missing') {
    return askPerson(record, phase, seen, seen.service.because);
  }
  switch (phase.way.step) {
    case 'stopping':
      return stopping(record, phase, phase.way, seen);
    case 'choosing':
      return choosing(record, phase, seen.service, seen);
    case 'restoring':
      return restoring(record, phase, phase.way, seen);
  }
}
