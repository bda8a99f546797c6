/** The newest usable rung is sought, and its rollout begins. */

import { because, type Decision } from '../model/decision.ts';
import { revisionName } from '../model/image.ts';
import type { FoundService, Observation } from '../model/observation.ts';
import type { Attempt, Returning, RollbackCandidate, TargetRecord } from '../model/record.ts';
import { isLateCall, prepare } from '../release/attempt.ts';
import { isOverdue, nextCandidate, onWay, skip } from '../release/rollback-candidates.ts';
import { askPerson, replaced, returned } from './ecs-returned.ts';
import { askFor } from './restoring.ts';

/** Our own rollbacks for one condemned release: the newest usable rung, and one further down. */
export const TRIES_MAX = 2;

export function choosing(
  record: TargetRecord,
  phase: Returning,
  service: FoundService,
  observation: Observation,
): Decision {
  if (isExternal(record, phase, service))
    return replaced(record, phase, service.primary, observation);
  const rung = nextCandidate(record, phase);
  if (rung === undefined || phase.tried >= TRIES_MAX) {
    return askPerson(record, phase, observation, whyNoCandidate(phase, rung));
  }
  if (observation.rung?.revision !== rung.revision)
    return because(record, `is ${rung.release} usable?`);
  if (observation.rung.state === 'gone') {
    return skip(record, phase, rung, observation.rung.because, { gone: true });
  }
  return service.primary.revision === rung.revision
    ? alreadyThere(record, phase, rung, service, observation)
    : restore(record, phase, rung, observation);
}

/** A person was faster: neither what must go, nor where ECS went, nor a place to return to. */
export function isExternal(
  record: TargetRecord,
  { condemned, since, way }: Returning,
  { primary }: FoundService,
): boolean {
  const known: readonly (string | undefined)[] = [
    condemned.revision,
    record.runs?.revision,
    way.step === 'choosing' ? way.returnedTo : undefined,
    ...record.ladder.map(({ revision }) => revision),
  ];
  return (
    primary.createdAt > since && !known.includes(primary.revision) && !isLateCall(record, primary)
  );
}

export function whyNoCandidate(phase: Returning, rung: RollbackCandidate | undefined): string {
  const skipped = phase.skipped.map((one) => `${revisionName(one.revision)}: ${one.because}`);
  const why =
    rung !== undefined
      ? 'two rollbacks failed'
      : skipped.length === 0
        ? 'there is no proven release to return to'
        : 'no proven release can be returned to';
  return skipped.length === 0 ? why : `${why} (${skipped.join('; ')})`;
}

/**
 * Somebody, ECS or a late call of ours brings it back, or it never went. UpdateService to what is
 * PRIMARY already starts nothing, so there is nothing to ask for: it is waited for.
 */
function alreadyThere(
  record: TargetRecord,
  phase: Returning,
  rung: RollbackCandidate,
  { primary, deployments }: FoundService,
  observation: Observation,
): Decision {
  const name = revisionName(rung.revision);
  if (primary.rolloutState === 'FAILED') {
    return skip(record, phase, rung, `ECS says that its deployment of ${name} failed`);
  }
  if (primary.rolloutState === 'COMPLETED' && deployments === 1) {
    return returned(record, phase, rung, rung.revision, primary.createdAt, observation);
  }
  return isOverdue(phase, Math.max(phase.since, primary.createdAt), observation)
    ? skip(record, phase, rung, 'it did not become steady in time')
    : because(record, `${name} is already on its way back`);
}

function restore(
  record: TargetRecord,
  phase: Returning,
  rung: RollbackCandidate,
  observation: Observation,
): Decision {
  const bare: Attempt = { images: rung.images, base: rung.revision };
  const tried = { ...phase, tried: phase.tried + 1 };
  const way = { step: 'restoring', rung, since: observation.at } as const;
  if (rung.pinned) {
    return askFor(
      record,
      tried,
      { ...way, attempt: { ...bare, revision: rung.revision } },
      observation,
    );
  }
  return because(
    onWay(record, tried, { ...way, attempt: prepare(bare, observation) }),
    `${revisionName(rung.revision)} names a tag: a copy with its digests is registered`,
  );
}
