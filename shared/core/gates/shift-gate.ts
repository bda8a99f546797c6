/** What a strategy that shifts traffic needs of the service and its load balancer, before a release starts. */
import type { StandingObservation } from '../model/observation.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { whyNoShift } from '../release/shift.ts';
import { amissNow } from '../traffic/at-rest.ts';
import type { Gate } from './gate.ts';

const BY_ITSELF = 'then it starts by itself';

export function lacksForShift(
  { rules: { strategy } }: TargetRecord,
  { service }: StandingObservation,
): Gate | undefined {
  const lacks = strategy && whyNoShift(service, strategy);
  return (
    lacks && { reason: 'strategy', because: lacks.because, next: `${lacks.next}; ${BY_ITSELF}` }
  );
}

/** A new release would come up beside the old one, or be ended by ECS at once. */
export function trafficElsewhere(
  record: TargetRecord,
  observation: StandingObservation,
): Gate | undefined {
  const amiss = amissNow(record, observation);
  return (
    amiss && {
      reason: amiss.isUnknown ? 'balancer-unknown' : 'balancer',
      because: amiss.because,
      next: amiss.next,
    }
  );
}
