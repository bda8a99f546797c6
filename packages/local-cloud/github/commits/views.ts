/** Commits and changed files as GitHub's REST API shows them. */

import { createHash } from 'node:crypto';
import type { Endpoints } from '@octokit/types';
import { isoSeconds } from '../../eventbridge/state.ts';
import type { GithubCommit, GithubRepository } from '../state.ts';
import { emailOf, nodeIdOf, userView } from '../users.ts';
import { type FileChange, treeOf } from './commits.ts';
import { repositoryPage, repositoryUrl } from './repository-view.ts';

export type CommitView = Endpoints['GET /repos/{owner}/{repo}/commits/{ref}']['response']['data'];
export type FileView = NonNullable<CommitView['files']>[number];

/** docs, compare-two-commits and get-a-commit: 300 files on a page. */
export const FILES_MOST = 300;

export function commitView(repository: GithubRepository, commit: GithubCommit): CommitView {
  const { sha, author, at, message, parents } = commit;
  const url = repositoryUrl(repository);
  const person = { name: author, email: emailOf(author), date: isoSeconds(at) };
  return {
    sha,
    node_id: nodeIdOf('Commit', sha),
    commit: {
      author: person,
      committer: person,
      message,
      tree: { sha: treeOf(sha), url: `${url}/git/trees/${treeOf(sha)}` },
      url: `${url}/git/commits/${sha}`,
      comment_count: 0,
      verification: {
        verified: false,
        reason: 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    url: `${url}/commits/${sha}`,
    html_url: `${repositoryPage(repository)}/commit/${sha}`,
    comments_url: `${url}/commits/${sha}/comments`,
    author: userView(author),
    committer: userView(author),
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${url}/commits/${parent}`,
      html_url: `${repositoryPage(repository)}/commit/${parent}`,
    })),
  };
}

/** Every change counts as one line: nobody keeps the contents. */
export function fileView(
  repository: GithubRepository,
  { path, status }: FileChange,
  sha: string,
): FileView {
  const page = repositoryPage(repository);
  const name = path.split('/').map(encodeURIComponent).join('/');
  const [additions, deletions] = { added: [1, 0], modified: [1, 1], removed: [0, 1] }[status];
  return {
    sha: createHash('sha1').update(`${sha} ${path}`).digest('hex'),
    filename: path,
    status,
    additions: additions ?? 0,
    deletions: deletions ?? 0,
    changes: (additions ?? 0) + (deletions ?? 0),
    blob_url: `${page}/blob/${sha}/${name}`,
    raw_url: `${page}/raw/${sha}/${name}`,
    contents_url: `${repositoryUrl(repository)}/contents/${name}?ref=${sha}`,
  };
}
