/** How far one attempt to have ECS run a revision has come, as answered rules. */

import { revisionName } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import type { Observation } from '../model/observation.ts';
import type { Attempt } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Migration } from '../model/rules.ts';
import { type Found, findRollout } from '../release/attempt.ts';
import { given, no, type Tried, unknown, yes } from './rule-result.ts';

/** What has to happen before ECS knows of a rollout. */
export function askedFor(
  { revision, request: ask, migration: run }: Attempt,
  migration?: Migration,
): readonly Tried[] {
  const rule = 'its revision is registered';
  if (revision === undefined) return [no(rule, 'RegisterTaskDefinition comes first')];
  const asked = given('ECS was asked for it', ask !== undefined, 'UpdateService comes next');
  const first = migration === undefined ? [] : [migrated(run)];
  return [yes(rule, revisionName(revision)), ...first, asked];
}

function migrated(run: Attempt['migration']): Tried {
  const rule = 'its migration has ended well';
  if (run === undefined) return no(rule, 'RunTask comes next, when no gate is closed');
  if (run.succeededAt !== undefined) return yes(rule, `at ${clockTime(run.succeededAt)}`);
  return no(rule, run.task === undefined ? 'ECS was asked to run it' : `it runs: ${run.task}`);
}

/** What a look that was for something else did not ask for is not known here. */
export function soughtRollout(
  record: TargetRecord,
  attempt: Attempt,
  observation: Observation,
): Sought {
  return observation.rollouts === undefined
    ? { found: 'unasked' }
    : findRollout(record, attempt, observation);
}

type Sought = Found | { readonly found: 'unasked' };

/** And what ECS has made of it since. */
export function followedTo(found: Sought): readonly Tried[] {
  const rule = 'ECS lists its rollout';
  const undisturbed = 'nobody deployed after it';
  switch (found.found) {
    case 'unasked':
      return [unknown(rule, 'the next look asks')];
    case 'none':
      return [no(rule, 'not yet')];
    case 'newer':
      return [no(undisturbed, `${revisionName(found.newer.revision)} came after it`)];
    case 'ours':
      return [yes(rule, `ECS says ${found.rollout.status}`), yes(undisturbed)];
  }
}
