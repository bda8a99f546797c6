/** Whether requests reach a target as a scenario sets it up. */
import type { Target } from '../../../shared/config/config.ts';
import type { TargetSetup } from './setup-format.ts';

/** A service with alarms is one that answers requests. */
export function answersRequests(
  { rules }: Target,
  { loadBalancer, serviceConnect }: TargetSetup,
): boolean {
  if (serviceConnect === true || typeof loadBalancer === 'object') return true;
  return loadBalancer ?? rules.alarms.length > 0;
}
