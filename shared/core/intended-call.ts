/**
 * intendedCall(record, observation) -> the call that `decide` wrote into the record, or nothing. It
 * compares nothing and chooses nothing: the decision stands in the record, saved, before the call
 * is made, since ECS takes no idempotency token. Pure.
 */
import type { Action, RegisterRevision, StartRollout } from './model/action.ts';
import type { Observation } from './model/observation.ts';
import type { Attempt, Back, Release, TargetRecord } from './model/record.ts';
import type { Rules } from './model/rules.ts';
import { registers } from './release/attempt.ts';
import { restoreTag } from './release/rollback-candidates.ts';
import { deploymentConfiguration } from './release/strategy.ts';

/** What AWS takes as the value of a tag. */
const TAG_VALUE_MAX = 256;

/**
 * Only for the handler whose observation decided: its id stands in the record. Every other one gets
 * nothing here, and searches for what became of the call.
 */
export function intendedCall(record: TargetRecord, observation: Observation): Action | undefined {
  const { phase } = record;
  // Whatever was decided before: in watch mode nothing is changed in AWS.
  if (record.rules.mode === 'watch') return undefined;
  switch (phase.phase) {
    case 'deploying':
      if (phase.goal === 'back') return rollbackCall(record, phase, observation);
      if (registers(phase.attempt, observation))
        return register(phase.attempt, releaseTags(phase.release));
      return startRollout(phase.attempt, phase.release.rules, record, observation);
    case 'idle':
    case 'baking':
      return undefined;
  }
}

function rollbackCall(
  record: TargetRecord,
  phase: Back,
  observation: Observation,
): Action | undefined {
  const { step: way } = phase;
  switch (way.step) {
    case 'stopping':
      return way.stop?.observation === observation.id
        ? { type: 'StopRollout', rollout: way.stop.rollout }
        : undefined;
    case 'selecting':
      return undefined;
    case 'redeploying':
      if (registers(way.attempt, observation)) {
        return register(way.attempt, { 'slipway:release': restoreTag(record, phase) });
      }
      return startRollout(way.attempt, record.rules, 'back', observation);
  }
}

function register(attempt: Attempt, tags: Readonly<Record<string, string>>): RegisterRevision {
  return { type: 'RegisterRevision', base: attempt.base, images: attempt.images, tags };
}

function startRollout(
  attempt: Attempt,
  rules: Rules,
  forward: Pick<TargetRecord, 'ownBakeMinutes'> | 'back',
  observation: Observation,
): StartRollout | undefined {
  const { request: ask, revision } = attempt;
  if (ask === undefined || ask.observation !== observation.id || revision === undefined)
    return undefined;
  if (observation.service.state === 'missing') return undefined;
  return {
    type: 'StartRollout',
    revision,
    requestedAt: ask.lastAt,
    deploymentConfiguration: deploymentConfiguration(
      observation.service.deploymentConfiguration,
      rules,
      forward === 'back'
        ? { forward: false, withoutAlarms: ask.withoutAlarms }
        : { forward: true, ...ask, ownBakeMinutes: forward.ownBakeMinutes },
    ),
  };
}

/** `slipway:commit` is the part of the first tag that looks like a commit, when there is one. */
function releaseTags(release: Release): Readonly<Record<string, string>> {
  const labels = Object.values(release.images).flatMap((image) => image.tags.slice(0, 1));
  const commit = labels.map((tag) => /(?:^|[-_.])([0-9a-f]{7,40})$/.exec(tag)?.[1]).find(Boolean);
  return {
    'slipway:release': release.id,
    ...(labels.length === 0
      ? {}
      : { 'slipway:image-tag': labels.join(' ').slice(0, TAG_VALUE_MAX) }),
    ...(commit === undefined ? {} : { 'slipway:commit': commit }),
  };
}
