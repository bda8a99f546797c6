/**
 * What `auto_merge` does before a deployment: the default branch is merged into a branch that is behind
 * it, and nothing is deployed (docs, create-a-deployment).
 */

import type { World } from '../../kernel/world.ts';
import {
  changesOf,
  commitsSince,
  isAncestor,
  makeCommit,
  mergeBaseOf,
} from '../commits/commits.ts';
import { moveRef } from '../commits/push.ts';
import { type Resolved, resolve } from '../commits/refs.ts';
import { GithubError } from '../errors.ts';
import type { GithubRepository } from '../state.ts';

/**
 * Says what was merged; undefined: the ref is not behind. Throws a GithubError (409) where both sides
 * changed a file, and for a ref that is no branch (public logs: "Conflict merging main into <sha>.").
 */
export function autoMerge(
  world: World,
  repository: GithubRepository,
  { commit, ref, name, by }: Resolved & { readonly name: string; readonly by: string },
): string | undefined {
  const { defaultBranch } = repository;
  const tip = resolve(repository, 'HEAD')?.commit;
  if (tip === undefined || isAncestor(repository, tip.sha, commit.sha)) return undefined;
  const base = mergeBaseOf(repository, commit.sha, tip.sha);
  const since = base === undefined ? [] : [base.sha];
  const theirs = changesOf(commitsSince(repository, since, tip.sha));
  const ours = new Set(
    changesOf(commitsSince(repository, since, commit.sha)).map(({ path }) => path),
  );
  const isBranch = ref?.startsWith('refs/heads/') === true;
  if (!isBranch || base === undefined || theirs.some(({ path }) => ours.has(path))) {
    throw new GithubError(409, `Conflict merging ${defaultBranch} into ${name}.`);
  }
  const merge = makeCommit(
    world,
    repository,
    {
      message: `Merge ${defaultBranch} into ${name}`,
      paths: theirs.filter(({ status }) => status !== 'removed').map(({ path }) => path),
      removed: theirs.filter(({ status }) => status === 'removed').map(({ path }) => path),
      author: by,
    },
    [commit.sha, tip.sha],
  );
  moveRef(world, repository, { ref, before: commit.sha, after: merge.sha, pusher: by });
  return `Auto-merged ${defaultBranch} into ${name} on deployment.`;
}
