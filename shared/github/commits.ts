/** The port `Commits`: GitHub's compare API, which says where one commit stands, seen from another. */
import type { Comparison } from '../core/source/observation.ts';
import { GitHubRefuses } from '../github-errors.ts';
import type { Commits } from '../source-ports.ts';
import type { GitHubClient } from './client.ts';

const needs = 'contents: read';

export function createCommits(client: GitHubClient): Commits {
  return {
    compare: async (repository, base, head) => {
      try {
        return await compare(client, repository, base, head);
      } catch (error) {
        return {
          state: 'unknown',
          because: error instanceof Error ? error.message : String(error),
        };
      }
    },
  };
}

/** docs.github.com, rest/commits/commits#compare-two-commits */
async function compare(
  client: GitHubClient,
  repository: string,
  base: string,
  head: string,
): Promise<Comparison> {
  try {
    const { data } = await client.request(
      'GET /repos/{owner}/{repo}/compare/{basehead}',
      // Of the commits none is read.
      { basehead: `${base}...${head}`, per_page: 1 },
      { repository, needs },
    );
    const { status, ahead_by: ahead, behind_by: behind } = data;
    switch (status) {
      case 'identical':
        return { state: 'identical' };
      case 'ahead':
        return { state: 'ahead', by: ahead };
      case 'behind':
        return { state: 'behind', by: behind };
      case 'diverged':
        return { state: 'diverged' };
    }
    return { state: 'unknown', because: `GitHub says ${JSON.stringify(status)} of ${repository}` };
  } catch (error) {
    if (!(error instanceof GitHubRefuses) || error.status !== 404) throw error;
    if (/no common ancestor/i.test(error.words)) return { state: 'unrelated' };
    return await withoutBase(client, repository, head, error);
  }
}

/**
 * "Not Found" is said of a base that is gone, and of a repository that the credentials do not see. Only
 * the first begins a new line: so GitHub must show the newer commit.
 */
async function withoutBase(
  client: GitHubClient,
  repository: string,
  head: string,
  notFound: GitHubRefuses,
): Promise<Comparison> {
  try {
    await client.request(
      'GET /repos/{owner}/{repo}/commits/{ref}',
      { ref: head, per_page: 1 },
      { repository, needs },
    );
    return { state: 'unrelated' };
  } catch (error) {
    if (!(error instanceof GitHubRefuses)) throw error;
    return { state: 'unknown', because: notFound.message };
  }
}
