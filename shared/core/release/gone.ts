/** Is there a service of ours to drive? Answered here, and nowhere else. */
import type { Observation, ObservedService, StandingObservation } from '../model/observation.ts';

/** Why there is nothing to drive, with the next step; undefined: it stands. */
export function whyGone(service: ObservedService): string | undefined {
  if (service.state === 'missing') return service.because;
  if (service.status === 'INACTIVE') return 'the service was deleted (ECS calls it INACTIVE)';
  if (service.status === 'DRAINING') return 'the service is being deleted (ECS calls it DRAINING)';
  if (service.status !== 'ACTIVE') return `the service is ${service.status}, not ACTIVE`;
  if (service.controller !== 'ECS') {
    return `the service is driven by the ${service.controller} deployment controller, and this version drives ECS only`;
  }
  return undefined;
}

export function howItComesBack(service: ObservedService): string {
  return service.state === 'found' && service.status === 'ACTIVE'
    ? 'migrate it with UpdateService (deploymentController), or leave it to its controller and take the target out of pipeline.config.ts'
    : 'create it again, or take the target out of pipeline.config.ts';
}

export function stands(observation: Observation): observation is StandingObservation {
  return whyGone(observation.service) === undefined;
}
