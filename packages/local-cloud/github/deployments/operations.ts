/**
 * Deployments of the local GitHub (docs, rest/deployments/deployments): records of what is to run
 * where. GitHub's defaults are kept, which surprise: it merges the default branch first, and refuses
 * while any status of the commit is not success.
 */
import type { Endpoints } from '@octokit/types';
import { isoSeconds } from '../../eventbridge/state.ts';
import { resolve } from '../commits/refs.ts';
import { repositoryUrl } from '../commits/repository-view.ts';
import { GithubError, invalid } from '../errors.ts';
import { pageOf } from '../pages.ts';
import {
  flagIn,
  type GithubRequest,
  notA,
  notSupplied,
  type RepositoryHandler,
  type RepositoryRoute,
  textIn,
  textsIn,
} from '../request.ts';
import type { GithubDeployment, GithubRepository } from '../state.ts';
import { latestStatuses, tooLong } from '../statuses.ts';
import { nodeIdOf, userView } from '../users.ts';
import { autoMerge } from './auto-merge.ts';
import { deploymentOf } from './statuses.ts';

type DeploymentView =
  Endpoints['GET /repos/{owner}/{repo}/deployments/{deployment_id}']['response']['data'];

const createDeployment: RepositoryHandler = (world, repository, request) => {
  const asked = readDeployment(request);
  const found = resolve(repository, asked.ref);
  if (found === undefined) throw new GithubError(422, `No ref found for: ${asked.ref}`);
  if (flagIn(request, 'auto_merge') ?? true) {
    const merged = autoMerge(world, repository, {
      ...found,
      name: asked.ref,
      by: request.caller.login,
    });
    if (merged !== undefined) return { status: 202, body: { message: merged } };
  }
  const { sha } = found.commit;
  checkContexts(repository, { sha, ref: asked.ref }, textsIn(request, 'required_contexts'));
  const { environment, ...facts } = asked;
  const deployment: GithubDeployment = {
    id: ++world.github.lastId,
    sha,
    ...facts,
    environment,
    originalEnvironment: environment,
    creator: request.caller.login,
    at: world.now,
    updatedAt: world.now,
    statuses: [],
  };
  repository.deployments.push(deployment);
  return { status: 201, body: deploymentView(repository, deployment) };
};

function readDeployment(request: GithubRequest) {
  const ref = textIn(request, 'ref');
  if (ref === undefined) throw notSupplied('ref');
  const description = textIn(request, 'description') ?? null;
  const environment = textIn(request, 'environment') ?? 'production';
  // The limit is documented for deployment statuses; that it holds here too is unverified.
  const problems = tooLong('Deployment', description);
  if (problems.length > 0) throw invalid(...problems);
  return {
    ref,
    description,
    environment,
    task: textIn(request, 'task') ?? 'deploy',
    payload: readPayload(request.body.payload),
    isTransient: flagIn(request, 'transient_environment') ?? false,
    isProduction: flagIn(request, 'production_environment') ?? environment === 'production',
  };
}

function readPayload(value: unknown): GithubDeployment['payload'] {
  if (value === undefined || value === null) return {};
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw notA('payload', value, 'object');
}

/** None named: every context of the commit must be success; an empty list: none is looked at. */
function checkContexts(
  repository: GithubRepository,
  { sha, ref }: { readonly sha: string; readonly ref: string },
  required: readonly string[] | undefined,
): void {
  const latest = latestStatuses(repository, sha);
  const wanted = required ?? latest.map(({ context }) => context);
  const contexts = wanted.map((context) => ({
    context,
    // How GitHub shows a context that never came is unverified.
    state: latest.find((one) => one.context === context)?.state ?? 'pending',
  }));
  if (contexts.every(({ state }) => state === 'success')) return;
  throw new GithubError(409, `Conflict: Commit status checks failed for ${ref}.`, {
    errors: [{ contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' }],
  });
}

const listDeployments: RepositoryHandler = (_world, repository, request) => {
  const fits = (name: string, value: string) => {
    const wanted = request.query.get(name);
    return wanted === null || wanted === 'none' || wanted === value;
  };
  const all = repository.deployments
    .filter(({ sha, ref, task, environment }) => {
      const facts = { sha, ref, task, environment };
      return Object.entries(facts).every(([name, value]) => fits(name, value));
    })
    .toReversed();
  const { items, headers } = pageOf(request, all);
  return { body: items.map((one) => deploymentView(repository, one)), headers };
};

const getDeployment: RepositoryHandler = (_world, repository, { params }) => ({
  body: deploymentView(repository, deploymentOf(repository, params.deployment_id)),
});

function deploymentView(repository: GithubRepository, one: GithubDeployment): DeploymentView {
  const url = `${repositoryUrl(repository)}/deployments/${one.id}`;
  return {
    url,
    id: one.id,
    node_id: nodeIdOf('Deployment', one.id),
    sha: one.sha,
    ref: one.ref,
    task: one.task,
    payload: one.payload,
    original_environment: one.originalEnvironment,
    environment: one.environment,
    description: one.description,
    creator: userView(one.creator),
    created_at: isoSeconds(one.at),
    updated_at: isoSeconds(one.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(repository),
    transient_environment: one.isTransient,
    production_environment: one.isProduction,
  };
}

const DEPLOYMENTS = '/repos/{owner}/{repo}/deployments';

export const deploymentRoutes: readonly RepositoryRoute[] = [
  {
    route: `POST ${DEPLOYMENTS}`,
    needs: { deployments: 'write' },
    documentation: 'deployments/deployments#create-a-deployment',
    handle: createDeployment,
  },
  {
    route: `GET ${DEPLOYMENTS}`,
    needs: { deployments: 'read' },
    documentation: 'deployments/deployments#list-deployments',
    handle: listDeployments,
  },
  {
    route: `GET ${DEPLOYMENTS}/{deployment_id}`,
    needs: { deployments: 'read' },
    documentation: 'deployments/deployments#get-a-deployment',
    handle: getDeployment,
  },
];
