/** Repositories and refs of the local GitHub, found by their names. */

import type { World } from '../../kernel/world.ts';
import type { GithubCommit, GithubRepository } from '../state.ts';
import { GitError } from './git-error.ts';

/** For the scenario's hands; the REST API answers 404 instead. */
export function repositoryOf(world: World, fullName: string): GithubRepository {
  const repository = world.github.repositories[fullName.toLowerCase()];
  if (repository !== undefined) return repository;
  const known = Object.values(world.github.repositories).map((one) => one.fullName);
  const has = known.length === 0 ? 'none' : known.join(', ');
  throw new GitError(`the local GitHub has no repository "${fullName}"; it has ${has}`);
}

export type RefName = { readonly branch?: string; readonly tag?: string };

/** `refs/heads/…` or `refs/tags/…`: exactly one of both must be named. */
export function refOf({ branch, tag }: RefName): string {
  if ((branch === undefined) === (tag === undefined)) {
    throw new GitError(
      `a ref is a branch or a tag, not ${branch === undefined ? 'neither' : 'both'}`,
    );
  }
  const name = branch ?? tag ?? '';
  if (!isRefName(name))
    throw new GitError(`"${name}" is no name of a branch or tag (git-check-ref-format)`);
  return branch === undefined ? `refs/tags/${name}` : `refs/heads/${name}`;
}

/** git, check-ref-format. Shell characters such as $ ; & | ' are allowed. */
function isRefName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids exactly these.
  if (/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^[/-]|[/.]$/.test(name)) return false;
  return name !== '' && name !== '@' && name.split('/').every((part) => !/^\.|\.lock$/.test(part));
}

export interface Resolved {
  readonly commit: GithubCommit;
  /** The full ref it was found by; absent: by its sha. */
  readonly ref?: string;
}

/**
 * git, rev-parse: branches before tags here, then whole and shortened shas (of 7 digits or more). `heads/…`
 * and `tags/…` are what they say (docs, get-a-commit: `ref`).
 */
export function resolve(repository: GithubRepository, name: string): Resolved | undefined {
  const candidates = [`refs/heads/${name}`, `refs/tags/${name}`, name, `refs/${name}`];
  const named = /^(?:heads|tags)\//.test(name) ? [`refs/${name}`, ...candidates] : candidates;
  const wanted = name === 'HEAD' ? [`refs/heads/${repository.defaultBranch}`] : named;
  const ref = wanted.find((one) => Object.hasOwn(repository.refs, one));
  if (ref !== undefined) {
    const commit = repository.commits[repository.refs[ref] ?? ''];
    return commit && { commit, ref };
  }
  if (!/^[0-9a-f]{7,40}$/.test(name)) return undefined;
  const matching = Object.values(repository.commits).filter(({ sha }) => sha.startsWith(name));
  const [commit] = matching;
  return commit === undefined || matching.length > 1 ? undefined : { commit };
}
