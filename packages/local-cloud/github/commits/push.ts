/** What `git push` does at the local GitHub: commits, a ref that moves, and webhooks that tell of it. */

import type { World } from '../../kernel/world.ts';
import type { GithubRepository } from '../state.ts';
import { deliver } from '../webhooks/deliveries.ts';
import { pushPayload } from '../webhooks/payloads.ts';
import { type CommitDraft, fullSha, isAncestor, makeCommit, NO_COMMIT } from './commits.ts';
import { GitError } from './git-error.ts';
import { type RefName, refOf, repositoryOf, resolve } from './refs.ts';

export type GitPush = RefName &
  CommitDraft & {
    /** `owner/name` */
    readonly repository: string;
    /** What the new commit is built on: a ref or a sha. The branch's own tip if absent. */
    readonly parent?: string;
    /** `git push --force`; without a parent the tip is replaced, as after `git commit --amend`. */
    readonly forced?: boolean;
    /** Commits of the same push below the last one, oldest first. */
    readonly earlier?: readonly CommitDraft[];
  };

export interface Pushed {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  /** Ids of the webhook deliveries. */
  readonly deliveries: readonly number[];
}

/**
 * Pushes. A `commit` that is there already is not made again: the ref moves to it; a tag without a
 * commit names the tip of the default branch. Throws as git refuses: for what is no fast-forward
 * unless `forced`, and for a tag that is there. A push that changes nothing tells nobody.
 */
export function gitPush(world: World, push: GitPush): Pushed {
  const repository = repositoryOf(world, push.repository);
  const ref = refOf(push);
  const before = repository.refs[ref] ?? NO_COMMIT;
  const known = knownCommit(repository, push);
  const start = known ?? startOf(repository, push, before);
  if (known !== undefined && known === before) return { ref, before, after: known, deliveries: [] };
  refuse(repository, push, { ref, before, start });
  const after = known ?? makeCommits(world, repository, push, start);
  return moveRef(world, repository, { ref, before, after, pusher: push.author ?? 'octocat' });
}

/** `git push --force`. */
export function forcePush(world: World, push: Omit<GitPush, 'forced'>): Pushed {
  return gitPush(world, { ...push, forced: true });
}

/** `git push --delete`. Throws for a ref that is not there, and for the default branch. */
export function deleteRef(
  world: World,
  deletion: RefName & { readonly repository: string; readonly author?: string },
): Pushed {
  const repository = repositoryOf(world, deletion.repository);
  const ref = refOf(deletion);
  const before = repository.refs[ref];
  if (before === undefined) {
    throw new GitError(
      `${repository.fullName}: unable to delete '${ref}': remote ref does not exist`,
    );
  }
  if (ref === `refs/heads/${repository.defaultBranch}`) {
    throw new GitError(`${repository.fullName}: refusing to delete the current branch: ${ref}`);
  }
  const pusher = deletion.author ?? 'octocat';
  return moveRef(world, repository, { ref, before, after: NO_COMMIT, pusher });
}

interface Move {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly pusher: string;
}

/** Moves a ref and tells the webhooks; `before` and `after` may be `NO_COMMIT`. */
export function moveRef(world: World, repository: GithubRepository, move: Move): Pushed {
  const { ref, before, after } = move;
  const refsBefore = { ...repository.refs };
  if (after === NO_COMMIT) delete repository.refs[ref];
  else repository.refs[ref] = after;
  repository.pushedAt = world.now;
  const payload = pushPayload(repository, { ...move, refsBefore });
  return { ref, before, after, deliveries: deliver(world, repository, 'push', payload) };
}

function knownCommit(repository: GithubRepository, push: GitPush): string | undefined {
  const { commit, tag } = push;
  if (commit !== undefined) {
    const sha = fullSha(commit);
    return Object.hasOwn(repository.commits, sha) ? sha : undefined;
  }
  const isPlainTag = tag !== undefined && push.paths === undefined && push.earlier === undefined;
  return isPlainTag ? resolve(repository, 'HEAD')?.commit.sha : undefined;
}

/** The commit on which the pushed ones are built; undefined: they have no parent. */
function startOf(repository: GithubRepository, push: GitPush, before: string): string | undefined {
  if (push.parent !== undefined) {
    const isHex = /^[0-9a-f]{1,40}$/i.test(push.parent);
    const parent =
      resolve(repository, push.parent) ??
      (isHex ? resolve(repository, fullSha(push.parent)) : undefined);
    if (parent !== undefined) return parent.commit.sha;
    throw new GitError(`${repository.fullName} has no commit "${push.parent}" to build on`);
  }
  if (before === NO_COMMIT) return resolve(repository, 'HEAD')?.commit.sha;
  return push.forced === true ? repository.commits[before]?.parents[0] : before;
}

function refuse(
  repository: GithubRepository,
  { forced = false }: GitPush,
  { ref, before, start }: { ref: string; before: string; start: string | undefined },
): void {
  if (forced || before === NO_COMMIT) return;
  const rejected = `${repository.fullName}: ! [rejected] ${ref}`;
  if (ref.startsWith('refs/tags/')) throw new GitError(`${rejected} (already exists)`);
  if (start === undefined || !isAncestor(repository, before, start)) {
    throw new GitError(`${rejected} (non-fast-forward): it is at ${before}; say forced to push it`);
  }
}

function makeCommits(
  world: World,
  repository: GithubRepository,
  push: GitPush,
  start: string | undefined,
): string {
  let parents = start === undefined ? [] : [start];
  for (const draft of [...(push.earlier ?? []), push]) {
    if (draft.commit !== undefined && Object.hasOwn(repository.commits, fullSha(draft.commit))) {
      throw new GitError(`${repository.fullName} already has a commit "${draft.commit}"`);
    }
    const { author = push.author } = draft;
    const made = makeCommit(world, repository, author ? { ...draft, author } : draft, parents);
    parents = [made.sha];
  }
  return parents[0] ?? NO_COMMIT;
}
