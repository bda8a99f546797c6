/** How two commits of the local GitHub stand to each other (docs, compare-two-commits). */
import type { Endpoints } from '@octokit/types';
import { notFound } from '../errors.ts';
import { pageOf } from '../pages.ts';
import type { RepositoryHandler, RepositoryRoute } from '../request.ts';
import { changesOf, commitsSince, mergeBaseOf } from './commits.ts';
import { resolve } from './refs.ts';
import { repositoryPage, repositoryUrl } from './repository-view.ts';
import { commitView, FILES_MOST, fileView } from './views.ts';

type Comparison = Endpoints['GET /repos/{owner}/{repo}/compare/{basehead}']['response']['data'];

/** Without paging: the newest 250, the last of them the newest of all. */
const UNPAGED = 250;

const compare: RepositoryHandler = (_world, repository, request) => {
  const { basehead = '' } = request.params;
  const [base, head, ...rest] = basehead.split('...');
  if (base === undefined || head === undefined || rest.length > 0) throw notFound();
  const [from, to] = [resolve(repository, base)?.commit, resolve(repository, head)?.commit];
  if (from === undefined || to === undefined) throw notFound();
  const mergeBase = mergeBaseOf(repository, from.sha, to.sha);
  if (mergeBase === undefined) throw notFound(`No common ancestor between ${base} and ${head}.`);
  const ahead = commitsSince(repository, [from.sha], to.sha);
  const behind = commitsSince(repository, [to.sha], from.sha);
  const isPaged = request.query.has('page') || request.query.has('per_page');
  const { items, headers } = isPaged
    ? pageOf(request, ahead)
    : { items: ahead.slice(-UNPAGED), headers: {} };
  const isFirst = ['1', null].includes(request.query.get('page'));
  const files = changesOf(commitsSince(repository, [mergeBase.sha], to.sha)).slice(0, FILES_MOST);
  const page = `${repositoryPage(repository)}/compare`;
  const body: Comparison = {
    url: `${repositoryUrl(repository)}/compare/${base}...${head}`,
    html_url: `${page}/${base}...${head}`,
    permalink_url: `${page}/${repository.owner}:${from.sha.slice(0, 7)}...${repository.owner}:${to.sha.slice(0, 7)}`,
    diff_url: `${page}/${base}...${head}.diff`,
    patch_url: `${page}/${base}...${head}.patch`,
    base_commit: commitView(repository, from),
    merge_base_commit: commitView(repository, mergeBase),
    status: statusOf(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: items.map((commit) => commitView(repository, commit)),
    ...(isFirst && { files: files.map((file) => fileView(repository, file, to.sha)) }),
  };
  return { body, headers };
};

function statusOf(ahead: number, behind: number): Comparison['status'] {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

export const comparisonRoutes: readonly RepositoryRoute[] = [
  {
    route: 'GET /repos/{owner}/{repo}/compare/{basehead+}',
    needs: { contents: 'read' },
    documentation: 'commits/commits#compare-two-commits',
    handle: compare,
  },
];
