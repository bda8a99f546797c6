/** The port `Reports`: commit statuses, deployments and their statuses. */
import { defined } from '../core/model/defined.ts';
import type { DeploymentFacts, Reports } from '../feedback/ports.ts';
import { GitHubRefuses } from '../github-errors.ts';
import type { GitHubClient } from './client.ts';

const STATUSES = 'statuses: write';
const DEPLOYMENTS = 'deployments: write';
const TASK = 'deploy';

export function createReports(client: GitHubClient): Reports {
  return {
    /** docs.github.com, rest/commits/statuses#create-a-commit-status */
    setStatus: async ({ repository, sha, context, state, description, targetUrl }) => {
      await client.request(
        'POST /repos/{owner}/{repo}/statuses/{sha}',
        defined({
          sha,
          context,
          state,
          description,
          target_url: targetUrl,
        }),
        { repository, needs: STATUSES },
      );
    },

    createDeployment: (facts) => createDeployment(client, facts),

    findDeployment: (facts) => findDeployment(client, facts),

    /** docs.github.com, rest/deployments/statuses#create-a-deployment-status */
    setDeploymentStatus: async (repository, deployment, { state, description, logUrl }) => {
      await client.request(
        'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
        {
          deployment_id: deployment,
          state,
          description,
          log_url: logUrl,
          // GitHub's own would pass over production, and cannot know what was rolled back.
          auto_inactive: false,
        },
        { repository, needs: DEPLOYMENTS },
      );
    },
  };
}

/**
 * docs.github.com, rest/deployments/deployments#create-a-deployment. By its defaults GitHub merges the
 * default branch first, and refuses while another status of the commit is not success: ours is pending.
 */
async function createDeployment(
  client: GitHubClient,
  { environment, isProduction, repository, sha, release, summary }: DeploymentFacts,
): Promise<number> {
  const { data } = await client.request(
    'POST /repos/{owner}/{repo}/deployments',
    {
      ref: sha,
      task: TASK,
      auto_merge: false,
      required_contexts: [],
      payload: { release },
      environment,
      description: summary,
      transient_environment: false,
      production_environment: isProduction,
    },
    { repository, needs: DEPLOYMENTS, once: true },
  );
  // 202: GitHub merged something in place of it, which it was asked not to do.
  if ('id' in data) return Number(data.id);
  throw new GitHubRefuses(
    `GitHub made no deployment of ${sha} in ${repository}: ${data.message ?? 'it does not say why'}`,
  );
}

/** docs.github.com, rest/deployments/deployments#list-deployments: newest first, at most 100 a page. */
async function findDeployment(
  client: GitHubClient,
  { environment, repository, sha, release }: DeploymentFacts,
): Promise<number | undefined> {
  const { data } = await client.request(
    'GET /repos/{owner}/{repo}/deployments',
    { sha, environment, task: TASK, per_page: 100 },
    { repository, needs: DEPLOYMENTS },
  );
  const found = data.find(({ payload }) => releaseIn(payload) === release);
  return found === undefined ? undefined : Number(found.id);
}

/** GitHub may give a payload back as the text that it was sent as. */
function releaseIn(payload: unknown): unknown {
  if (typeof payload !== 'string') return (payload as { release?: unknown } | null)?.release;
  try {
    return (JSON.parse(payload) as { release?: unknown } | null)?.release;
  } catch {
    return undefined;
  }
}
