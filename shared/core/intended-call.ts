/**
 * intendedCall(record, observation) -> the call that `decide` wrote into the record, or nothing. It
 * compares nothing and chooses nothing: the decision stands in the record, saved, before the call
 * is made, since ECS takes no idempotency token. Pure.
 */
import type { Action, RegisterRevision, RunMigration, StartRollout } from './model/action.ts';
import { defined } from './model/defined.ts';
import type { Observation } from './model/observation.ts';
import type { Back, Forward } from './model/record/phase.ts';
import type { Attempt, Release } from './model/record/release.ts';
import type { TargetRecord } from './model/record/target-record.ts';
import { RELEASE_TAG, releaseTag } from './model/release-tag.ts';
import { attemptOf, registers } from './release/attempt.ts';
import { restoreTag } from './release/rollback-candidates.ts';
import { deploymentConfiguration } from './release/strategy.ts';

/** What AWS takes as the value of a tag. */
const TAG_VALUE_MAX = 256;
/** Of 64 that ECS takes as a token. (API_RunTask) */
const TOKEN_NAME_MAX = 48;

/**
 * Only for the handler whose observation decided: its id stands in the record. Every other one gets
 * nothing here, and searches for what became of the call.
 */
export function intendedCall(record: TargetRecord, observation: Observation): Action | undefined {
  const { phase } = record;
  // Whatever was decided before: in watch mode nothing is changed in AWS.
  if (record.rules.mode === 'watch' || phase.phase !== 'deploying') return undefined;
  if (phase.goal === 'back' && phase.step.step === 'stopping') {
    const { stop } = phase.step;
    return stop?.observation === observation.id
      ? { type: 'StopRollout', rollout: stop.rollout }
      : undefined;
  }
  const attempt = attemptOf(phase);
  if (attempt === undefined) return undefined;
  if (phase.goal === 'forward' && attempt.migration?.observation === observation.id) {
    return runMigration(phase);
  }
  if (!registers(attempt, observation)) return startRollout(record, phase, attempt, observation);
  const { base, images } = attempt;
  const tags =
    phase.goal === 'forward'
      ? releaseTags(record, phase.release)
      : { [RELEASE_TAG]: restoreTag(record, phase) };
  return defined({ type: 'RegisterRevision', base, images, tags, definition: overlayOf(phase) });
}

/** A way back brings what ran: what its revision says, it says again. */
function overlayOf(phase: Forward | Back): RegisterRevision['definition'] {
  if (phase.goal === 'back') return undefined;
  const { definition, rules } = phase.release;
  if (definition === undefined || rules.definition === undefined) return undefined;
  const { leave, roles } = rules.definition;
  return { ...definition, leave, roles };
}

/** Made once for each release, and again only with the same token. */
function runMigration({ release, attempt }: Forward): RunMigration | undefined {
  const { migration } = release.rules;
  const { revision, migration: run } = attempt;
  if (migration === undefined || revision === undefined || run?.task !== undefined) return;
  const { container, command } = migration;
  return { type: 'RunMigration', revision, container, command, token: tokenOf(release) };
}

/** No two releases of an account have the same one: the end of its name, and the moment of its start. */
function tokenOf({ id, startedAt }: Release): string {
  return `${id.slice(-TOKEN_NAME_MAX)}/${startedAt.toString(36)}`;
}

function startRollout(
  record: TargetRecord,
  phase: Forward | Back,
  { request, revision }: Attempt,
  { id, service }: Observation,
): StartRollout | undefined {
  if (request?.observation !== id || revision === undefined) return undefined;
  if (service.state === 'missing') return undefined;
  const now = service.deploymentConfiguration;
  return {
    type: 'StartRollout',
    revision,
    requestedAt: request.lastAt,
    deploymentConfiguration:
      phase.goal === 'forward'
        ? deploymentConfiguration(now, phase.release.rules, {
            forward: true,
            ...request,
            ownBakeMinutes: record.ownBakeMinutes,
          })
        : deploymentConfiguration(now, record.rules, {
            forward: false,
            withoutAlarms: request.withoutAlarms,
          }),
  };
}

/** `slipway:commit` is the part of the first tag that looks like a commit, when there is one. */
function releaseTags({ rules }: TargetRecord, release: Release): Readonly<Record<string, string>> {
  const labels = Object.values(release.images).flatMap((image) => image.tags.slice(0, 1));
  const commit = labels.map((tag) => /(?:^|[-_.])([0-9a-f]{7,40})$/.exec(tag)?.[1]).find(Boolean);
  return {
    [RELEASE_TAG]: releaseTag(rules, release.id),
    ...(labels.length === 0
      ? {}
      : { 'slipway:image-tag': labels.join(' ').slice(0, TAG_VALUE_MAX) }),
    ...(commit === undefined ? {} : { 'slipway:commit': commit }),
  };
}
