/** Images that can never start, however long they wait: refused with the reason. */
import { because, type Decision, leave } from '../model/decision.ts';
import { type ContainerName, imageLabel } from '../model/image.ts';
import type { Observation, StandingObservation } from '../model/observation.ts';
import { isQuarantined } from '../model/record/known.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Waiting } from '../model/record/waiting.ts';
import { whyUnsupported } from '../release/strategy.ts';
import { refusedByDefinition } from './definition-gate.ts';
import type { Refusal } from './gate.ts';
import { refusedByPromotion } from './promotion-gate.ts';
import { sourceFor, whyForeign } from './repository-gate.ts';
import { refusedByScan } from './scan-gate.ts';
import { refusedBySignature } from './signature-gate.ts';

export function refuseImpossible(
  record: TargetRecord,
  observation: StandingObservation,
): Decision | undefined {
  for (const [container, waiting] of Object.entries(record.waiting)) {
    const why = whyImpossible(record, container, waiting, observation);
    if (why === undefined) continue;
    return because(refuse(record, container, waiting, why, observation), why.because);
  }
  return undefined;
}

export function whyImpossible(
  record: TargetRecord,
  container: ContainerName,
  waiting: Waiting,
  observation: StandingObservation,
): Refusal | undefined {
  const { image } = waiting;
  const label = imageLabel(image);
  if (sourceFor(record.rules, container) === undefined) {
    return {
      because: `the config names no container "${container}" any more`,
      next: 'nothing, or put it back into pipeline.config.ts and push again',
    };
  }
  const foreign = whyForeign(record.rules, container, image);
  if (foreign !== undefined) {
    return { because: foreign, next: 'push it to the configured repository' };
  }
  if (isQuarantined(record, image.digest)) {
    return {
      because: `${label} is quarantined`,
      next: 'push a fix, or lift the quarantine by hand',
    };
  }
  const unsupported = whyUnsupported(observation.service, record.rules);
  if (unsupported !== undefined) {
    return { because: unsupported, next: 'then deploy it by hand or push a newer one' };
  }
  const state = observation.waiting?.[image.digest];
  if (state === 'missing' || state === 'archived') {
    return {
      because: `${label} is ${state === 'missing' ? 'no longer in ECR' : 'archived in ECR and cannot be pulled'}`,
      next: 'push it again, or a newer one',
      again: true,
    };
  }
  const has =
    observation.definition === undefined
      ? undefined
      : Object.keys(observation.definition.containers);
  if (has !== undefined && !has.includes(container)) {
    return {
      because: `the task definition has no container "${container}"; it has ${has.map((name) => `"${name}"`).join(', ')}`,
      next: 'mend the container name in pipeline.config.ts or in the task definition, then deploy it by hand or push a newer one',
    };
  }
  return (
    refusedByPromotion(record.rules, waiting, observation) ??
    refusedBySignature(record.rules, waiting, observation) ??
    refusedByScan(record.rules, waiting, observation) ??
    refusedByDefinition(record.rules, container, waiting, observation)
  );
}

export function refuse(
  record: TargetRecord,
  container: ContainerName,
  waiting: Waiting,
  { because: sentence, next, again, isSuperseded }: Refusal,
  observation: Observation,
): TargetRecord {
  const place = record.newest[container];
  const accepted =
    again !== undefined && place?.digest === waiting.image.digest
      ? { ...record.newest, [container]: { ...place, again } }
      : record.newest;
  const why = { at: observation.at, because: sentence, next };
  return leave(
    { ...record, newest: accepted },
    [container],
    isSuperseded ? 'superseded' : 'refused',
    why,
  );
}
