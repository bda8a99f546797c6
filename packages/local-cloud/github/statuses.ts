/** Commit statuses of the local GitHub: a thousand for each commit and context, the newest counts. */
import type { Endpoints } from '@octokit/types';
import { isoSeconds } from '../eventbridge/state.ts';
import type { World } from '../kernel/world.ts';
import { repositoryOf, resolve } from './commits/refs.ts';
import { minimalRepositoryView, repositoryUrl } from './commits/repository-view.ts';
import { GithubError, invalid, notFound, type ValidationProblem } from './errors.ts';
import { pageOf } from './pages.ts';
import { type RepositoryHandler, type RepositoryRoute, textIn } from './request.ts';
import type { GithubRepository, GithubStatus, StatusState } from './state.ts';
import { nodeIdOf, userView } from './users.ts';

/** docs, create-a-commit-status. */
const MOST = 1_000;
const DESCRIPTION_MOST = 140;
const STATES: readonly string[] = ['error', 'failure', 'pending', 'success'];

/** What stands on a commit now: the newest status of each context, in the order the contexts came. */
export function statusesOf(world: World, fullName: string, sha: string): readonly GithubStatus[] {
  return latestStatuses(repositoryOf(world, fullName), sha);
}

export function latestStatuses(
  { statuses }: GithubRepository,
  sha: string,
): readonly GithubStatus[] {
  const latest = new Map<string, GithubStatus>();
  for (const status of statuses) if (status.sha === sha) latest.set(status.context, status);
  return [...latest.values()];
}

type StatusView = Endpoints['POST /repos/{owner}/{repo}/statuses/{sha}']['response']['data'];
type CombinedView = Endpoints['GET /repos/{owner}/{repo}/commits/{ref}/status']['response']['data'];

const createStatus: RepositoryHandler = (world, repository, request) => {
  const { sha = '' } = request.params;
  // A shortened sha is refused too (public logs: "sha must be a 40 character SHA1").
  if (!Object.hasOwn(repository.commits, sha)) {
    throw new GithubError(422, `No commit found for SHA: ${sha}`);
  }
  const description = textIn(request, 'description') ?? null;
  const targetUrl = textIn(request, 'target_url') ?? null;
  const context = textIn(request, 'context') ?? 'default';
  const state = readState(request.body.state);
  const problems = [
    ...(state === undefined ? [problem('state', 'state is not included in the list')] : []),
    ...(context === '' ? [{ resource: 'Status', code: 'missing_field', field: 'context' }] : []),
    ...tooLong('Status', description),
    ...(targetUrl === null || /^https?:\/\//i.test(targetUrl)
      ? []
      : [problem('target_url', 'target_url must use http(s) scheme')]),
  ];
  if (state === undefined || problems.length > 0) throw invalid(...problems);
  const same = repository.statuses.filter((one) => one.sha === sha && one.context === context);
  if (same.length >= MOST) {
    const message = 'This SHA and context has reached the maximum number of statuses.';
    throw invalid({ resource: 'Status', code: 'custom', message });
  }
  const status: GithubStatus = {
    id: ++world.github.lastId,
    sha,
    context,
    state,
    description,
    targetUrl: targetUrl === '' ? null : targetUrl,
    creator: request.caller.login,
    at: world.now,
  };
  repository.statuses.push(status);
  return { status: 201, body: statusView(repository, status) };
};

function readState(value: unknown): StatusState | undefined {
  return typeof value === 'string' && STATES.includes(value) ? (value as StatusState) : undefined;
}

function problem(field: string, message: string): ValidationProblem {
  return { resource: 'Status', code: 'custom', field, message };
}

/** Characters, as Ruby counts them, not UTF-16 units (unverified). */
export function tooLong(resource: string, description: string | null): ValidationProblem[] {
  if (description === null || [...description].length <= DESCRIPTION_MOST) return [];
  const message = `description is too long (maximum is ${DESCRIPTION_MOST} characters)`;
  return [{ resource, code: 'custom', field: 'description', message }];
}

const listStatuses: RepositoryHandler = (_world, repository, request) => {
  const { sha } = commitNamed(repository, request.params.ref);
  const all = repository.statuses.filter((one) => one.sha === sha).toReversed();
  const { items, headers } = pageOf(request, all);
  return { body: items.map((status) => statusView(repository, status)), headers };
};

/** docs, get-the-combined-status: failure before pending before success; pending if there is none. */
const combinedStatus: RepositoryHandler = (_world, repository, request) => {
  const { sha } = commitNamed(repository, request.params.ref);
  const all = latestStatuses(repository, sha);
  const has = (...states: readonly StatusState[]) =>
    all.some(({ state }) => states.includes(state));
  const isPending = all.length === 0 || has('pending');
  const { items, headers } = pageOf(request, all);
  const url = `${repositoryUrl(repository)}/commits/${sha}`;
  const body: CombinedView = {
    state: has('error', 'failure') ? 'failure' : isPending ? 'pending' : 'success',
    statuses: items.map((status) => {
      const { creator: _, ...view } = statusView(repository, status);
      return view;
    }),
    sha,
    total_count: all.length,
    repository: minimalRepositoryView(repository),
    commit_url: url,
    url: `${url}/status`,
  };
  return { body, headers };
};

function commitNamed(repository: GithubRepository, ref = '') {
  const found = resolve(repository, ref);
  if (found === undefined) throw notFound();
  return found.commit;
}

function statusView(repository: GithubRepository, status: GithubStatus): StatusView {
  const creator = userView(status.creator);
  return {
    url: `${repositoryUrl(repository)}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: nodeIdOf('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: isoSeconds(status.at),
    updated_at: isoSeconds(status.at),
    creator,
  };
}

const COMMITS = '/repos/{owner}/{repo}/commits/{ref+}';

export const statusRoutes: readonly RepositoryRoute[] = [
  {
    route: 'POST /repos/{owner}/{repo}/statuses/{sha}',
    needs: { statuses: 'write' },
    documentation: 'commits/statuses#create-a-commit-status',
    handle: createStatus,
  },
  {
    route: `GET ${COMMITS}/statuses`,
    needs: { statuses: 'read' },
    documentation: 'commits/statuses#list-commit-statuses-for-a-reference',
    handle: listStatuses,
  },
  {
    route: `GET ${COMMITS}/status`,
    needs: { statuses: 'read' },
    documentation: 'commits/statuses#get-the-combined-status-for-a-specific-reference',
    handle: combinedStatus,
  },
];
