/** Commits of the local GitHub: how they are made, and who descends from whom. */

import { createHash } from 'node:crypto';
import { randomHex } from '../../kernel/random.ts';
import type { World } from '../../kernel/world.ts';
import type { GithubCommit, GithubRepository } from '../state.ts';
import { GitError } from './git-error.ts';

/** The sha that stands for "no commit" in a push. */
export const NO_COMMIT = '0'.repeat(40);

export interface CommitDraft {
  /** 1 to 40 hexadecimal digits, filled up by `fullSha`; drawn if absent. */
  readonly commit?: string;
  readonly message?: string;
  /** Added, or modified where the parent has them. */
  readonly paths?: readonly string[];
  readonly removed?: readonly string[];
  /** What stands in some of `paths`. */
  readonly texts?: Readonly<Record<string, string>>;
  /** A login. */
  readonly author?: string;
}

const AUTHOR = 'octocat';

/** A sha that begins with these digits; the same digits always give the same sha. */
export function fullSha(digits: string): string {
  const start = digits.toLowerCase();
  if (!/^[0-9a-f]{1,40}$/.test(start)) {
    throw new GitError(`commit "${digits}": 1 to 40 hexadecimal digits were expected`);
  }
  return (start + createHash('sha1').update(start).digest('hex')).slice(0, 40);
}

/** The id of a commit's tree: nobody asks for trees, so it is only a name. */
export function treeOf(sha: string): string {
  return createHash('sha1').update(`tree ${sha}`).digest('hex');
}

/** Adds a commit to the repository; no ref names it yet. */
export function makeCommit(
  world: World,
  repository: GithubRepository,
  draft: CommitDraft,
  parents: readonly string[],
): GithubCommit {
  const sha = draft.commit === undefined ? randomHex(world.github, 40) : fullSha(draft.commit);
  const [parent] = parents;
  const isThere = (path: string) => parent !== undefined && hasPath(repository, parent, path);
  const paths = [...new Set(draft.paths ?? [])];
  const commit: GithubCommit = {
    sha,
    order: Object.keys(repository.commits).length,
    parents,
    message: draft.message ?? `Change ${paths[0] ?? 'nothing'}`,
    author: draft.author ?? AUTHOR,
    at: world.now,
    added: paths.filter((path) => !isThere(path)),
    modified: paths.filter(isThere),
    removed: draft.removed ?? [],
    ...(draft.texts && { texts: draft.texts }),
  };
  repository.commits[sha] = commit;
  return commit;
}

/** Whether the tree of a commit has this file. */
function hasPath(repository: GithubRepository, sha: string, path: string): boolean {
  return textAt(repository, sha, path) !== undefined;
}

/** What stands in a file at a commit: nothing, where nobody said; undefined: there is no such file. */
export function textAt(
  repository: GithubRepository,
  sha: string,
  path: string,
): string | undefined {
  let commit = repository.commits[sha];
  while (commit !== undefined) {
    if (commit.removed.includes(path)) return undefined;
    if (commit.added.includes(path) || commit.modified.includes(path)) {
      return commit.texts?.[path] ?? '';
    }
    const [parent] = commit.parents;
    commit = parent === undefined ? undefined : repository.commits[parent];
  }
  return undefined;
}

/** The commits from which these descend, and they themselves. */
function reachable(repository: GithubRepository, heads: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [...heads];
  for (let sha = waiting.pop(); sha !== undefined; sha = waiting.pop()) {
    const commit = repository.commits[sha];
    if (commit === undefined || seen.has(sha)) continue;
    seen.add(sha);
    waiting.push(...commit.parents);
  }
  return seen;
}

export function isAncestor(repository: GithubRepository, older: string, newer: string): boolean {
  return reachable(repository, [newer]).has(older);
}

/** What is reachable from `head` and not from `others`, oldest first: `git log others..head`. */
export function commitsSince(
  repository: GithubRepository,
  others: readonly string[],
  head: string,
): readonly GithubCommit[] {
  const known = reachable(repository, others);
  return [...reachable(repository, [head])]
    .filter((sha) => !known.has(sha))
    .flatMap((sha) => repository.commits[sha] ?? [])
    .sort((one, other) => one.order - other.order);
}

/** The newest common ancestor; undefined if the histories never met. */
export function mergeBaseOf(
  repository: GithubRepository,
  base: string,
  head: string,
): GithubCommit | undefined {
  const ofBase = reachable(repository, [base]);
  return [...reachable(repository, [head])]
    .filter((sha) => ofBase.has(sha))
    .flatMap((sha) => repository.commits[sha] ?? [])
    .sort((one, other) => other.order - one.order)[0];
}

export interface FileChange {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'removed';
}

/** What a row of commits, oldest first, comes to for each file, by path. */
export function changesOf(commits: readonly GithubCommit[]): readonly FileChange[] {
  const files = new Map<string, { readonly before: boolean; after: boolean }>();
  const note = (path: string, before: boolean, after: boolean) => {
    const known = files.get(path);
    if (known === undefined) files.set(path, { before, after });
    else known.after = after;
  };
  for (const { added, modified, removed } of commits) {
    for (const path of added) note(path, false, true);
    for (const path of modified) note(path, true, true);
    for (const path of removed) note(path, true, false);
  }
  return [...files]
    .filter(([, { before, after }]) => before || after)
    .map(([path, { before, after }]): FileChange => {
      if (!after) return { path, status: 'removed' };
      return { path, status: before ? 'modified' : 'added' };
    })
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}
