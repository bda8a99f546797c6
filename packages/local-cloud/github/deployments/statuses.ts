/** Statuses of deployments at the local GitHub (docs, rest/deployments/statuses). */
import type { Endpoints } from '@octokit/types';
import { isoSeconds } from '../../eventbridge/state.ts';
import type { World } from '../../kernel/world.ts';
import { repositoryOf } from '../commits/refs.ts';
import { repositoryUrl } from '../commits/repository-view.ts';
import { invalid, notFound } from '../errors.ts';
import { pageOf } from '../pages.ts';
import {
  flagIn,
  notSupplied,
  type RepositoryHandler,
  type RepositoryRoute,
  textIn,
} from '../request.ts';
import type {
  DeploymentState,
  GithubDeployment,
  GithubDeploymentStatus,
  GithubRepository,
} from '../state.ts';
import { tooLong } from '../statuses.ts';
import { nodeIdOf, userView } from '../users.ts';

const STATES: readonly string[] = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
];

export interface DeploymentNow {
  readonly id: number;
  readonly ref: string;
  readonly sha: string;
  readonly environment: string;
  readonly at: number;
  /** The newest status; absent: none came yet, and GitHub shows it as pending. */
  readonly latest?: GithubDeploymentStatus;
}

/** The deployments of an environment, newest first, each with its newest status. */
export function deploymentsOf(
  world: World,
  fullName: string,
  environment: string,
): readonly DeploymentNow[] {
  return repositoryOf(world, fullName)
    .deployments.filter((one) => one.environment === environment)
    .map(({ id, ref, sha, at, statuses }) => {
      const latest = statuses.at(-1);
      return { id, ref, sha, environment, at, ...(latest && { latest }) };
    })
    .reverse();
}

/** Throws a GithubError (404) for one that is not there. */
export function deploymentOf({ deployments }: GithubRepository, id = ''): GithubDeployment {
  const found = deployments.find((one) => String(one.id) === id);
  if (found === undefined) throw notFound();
  return found;
}

type StatusView =
  Endpoints['POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses']['response']['data'];

const createStatus: RepositoryHandler = (world, repository, request) => {
  const deployment = deploymentOf(repository, request.params.deployment_id);
  const asked = textIn(request, 'state');
  if (asked === undefined) throw notSupplied('state');
  const state = STATES.includes(asked) ? (asked as DeploymentState) : undefined;
  const description = textIn(request, 'description') ?? '';
  const resource = 'DeploymentStatus';
  const problems = [
    ...(state === undefined
      ? [{ resource, code: 'custom', field: 'state', message: 'state is not included in the list' }]
      : []),
    ...tooLong(resource, description),
  ];
  if (state === undefined || problems.length > 0) throw invalid(...problems);
  deployment.environment = textIn(request, 'environment') ?? deployment.environment;
  const status = addStatus(world, deployment, {
    state,
    description,
    // docs: `log_url` replaces `target_url`, which is still taken.
    logUrl: textIn(request, 'log_url') ?? textIn(request, 'target_url') ?? '',
    environmentUrl: textIn(request, 'environment_url') ?? '',
    creator: request.caller.login,
  });
  if (state === 'success' && (flagIn(request, 'auto_inactive') ?? true)) {
    retireOthers(world, repository, deployment, status);
  }
  return { status: 201, body: statusView(repository, deployment, status) };
};

function addStatus(
  world: World,
  deployment: GithubDeployment,
  facts: Omit<GithubDeploymentStatus, 'id' | 'environment' | 'at'>,
): GithubDeploymentStatus {
  const { environment } = deployment;
  const status = { id: ++world.github.lastId, environment, at: world.now, ...facts };
  deployment.statuses.push(status);
  deployment.updatedAt = world.now;
  return status;
}

/**
 * docs, `auto_inactive`: "all prior non-transient, non-production environment deployments with the same
 * repository and environment name", if their state is success. So production is never retired.
 */
function retireOthers(
  world: World,
  { deployments }: GithubRepository,
  deployment: GithubDeployment,
  { creator }: GithubDeploymentStatus,
): void {
  for (const other of deployments) {
    if (other.id >= deployment.id || other.environment !== deployment.environment) continue;
    if (other.isTransient || other.isProduction) continue;
    if (other.statuses.at(-1)?.state !== 'success') continue;
    const facts = { description: '', logUrl: '', environmentUrl: '', creator };
    addStatus(world, other, { state: 'inactive', ...facts });
  }
}

const listStatuses: RepositoryHandler = (_world, repository, request) => {
  const deployment = deploymentOf(repository, request.params.deployment_id);
  const { items, headers } = pageOf(request, deployment.statuses.toReversed());
  return { body: items.map((one) => statusView(repository, deployment, one)), headers };
};

const getStatus: RepositoryHandler = (_world, repository, { params }) => {
  const deployment = deploymentOf(repository, params.deployment_id);
  const found = deployment.statuses.find(({ id }) => String(id) === params.status_id);
  if (found === undefined) throw notFound();
  return { body: statusView(repository, deployment, found) };
};

function statusView(
  repository: GithubRepository,
  deployment: GithubDeployment,
  status: GithubDeploymentStatus,
): StatusView {
  const url = `${repositoryUrl(repository)}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeIdOf('DeploymentStatus', status.id),
    state: status.state,
    creator: userView(status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: isoSeconds(status.at),
    updated_at: isoSeconds(status.at),
    deployment_url: url,
    repository_url: repositoryUrl(repository),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
  };
}

const STATUSES = '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses';

export const deploymentStatusRoutes: readonly RepositoryRoute[] = [
  {
    route: `POST ${STATUSES}`,
    needs: { deployments: 'write' },
    documentation: 'deployments/statuses#create-a-deployment-status',
    handle: createStatus,
  },
  {
    route: `GET ${STATUSES}`,
    needs: { deployments: 'read' },
    documentation: 'deployments/statuses#list-deployment-statuses',
    handle: listStatuses,
  },
  {
    route: `GET ${STATUSES}/{status_id}`,
    needs: { deployments: 'read' },
    documentation: 'deployments/statuses#get-a-deployment-status',
    handle: getStatus,
  },
];
