/** The port `Commits`: where one commit stands, seen from another, and what a branch or tag points to. */
import type { Comparison, OnRef } from '../core/source/observation.ts';
import { GitHubRefuses } from '../github-errors.ts';
import type { Commits, Head, Message, NamedCommit } from '../source-ports.ts';
import { type GitHubClient, NOT_MODIFIED } from './client.ts';

const needs = 'contents: read';

/** What of a failure is known. */
interface Unknown {
  readonly state: 'unknown';
  readonly because: string;
}

export function createCommits(client: GitHubClient): Commits {
  return {
    compare: (repository, base, head) => orUnknown(compare(client, repository, base, head)),
    onRef: (repository, commit, ref) => orUnknown(onRef(client, repository, commit, ref)),
    head: (repository, ref, known) => orUnknown(head(client, repository, ref, known)),
    named: (repository, digits) => orUnknown(named(client, repository, digits)),
    message: (repository, commit) => orUnknown(message(client, repository, commit)),
  };
}

async function orUnknown<T>(asked: Promise<T>): Promise<T | Unknown> {
  try {
    return await asked;
  } catch (error) {
    return { state: 'unknown', because: error instanceof Error ? error.message : String(error) };
  }
}

async function head(
  client: GitHubClient,
  repository: string,
  ref: string,
  known: string | undefined,
): Promise<Head> {
  const commit = await headOf(client, repository, ref, known);
  return commit === undefined ? { state: 'gone' } : { state: 'at', commit };
}

async function message(client: GitHubClient, repository: string, commit: string): Promise<Message> {
  const { data } = await client.request(
    'GET /repos/{owner}/{repo}/commits/{ref}',
    { ref: commit, per_page: 1 },
    { repository, needs },
  );
  return { state: 'known', text: data.commit.message };
}

/** A name of hex digits may be a branch's, too: what it leads to must begin like that. */
async function named(
  client: GitHubClient,
  repository: string,
  digits: string,
): Promise<NamedCommit> {
  const commit = await headOf(client, repository, digits, undefined);
  return commit?.startsWith(digits) === true ? { state: 'known', commit } : { state: 'missing' };
}

async function onRef(
  client: GitHubClient,
  repository: string,
  commit: string,
  ref: string,
): Promise<OnRef> {
  const head = await headOf(client, repository, ref, commit);
  if (head === undefined) return { state: 'off', because: `it has no ${ref}` };
  if (head === commit) return { state: 'on', head };
  const comparison = await compare(client, repository, commit, head);
  switch (comparison.state) {
    case 'identical':
    case 'ahead':
      return { state: 'on', head };
    case 'behind':
    case 'diverged':
    case 'unrelated':
      return { state: 'off', because: `that is at ${head.slice(0, 7)}, and does not lead there` };
    case 'unknown':
      return comparison;
  }
}

/**
 * The commit that a branch or tag points to; undefined: there is none. `known` goes along as the ETag, and
 * if it is still that one the answer is 304, which no rate limit counts. (docs.github.com,
 * rest/commits/commits#get-a-commit: "by providing the local SHA-1 reference as the ETag";
 * rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests)
 */
async function headOf(
  client: GitHubClient,
  repository: string,
  ref: string,
  known: string | undefined,
): Promise<string | undefined> {
  try {
    const { data } = await client.request(
      'GET /repos/{owner}/{repo}/commits/{ref}',
      // `heads/main` and `tags/v1`: a tag of the branch's name is not asked for.
      { ref: ref.replace(/^refs\//, '') },
      {
        ...{ repository, needs },
        headers: {
          accept: 'application/vnd.github.sha',
          ...(known === undefined ? {} : { 'if-none-match': `"${known}"` }),
        },
      },
    );
    const sha = String(data).trim();
    if (/^[0-9a-f]{40}$/.test(sha)) return sha;
    throw new GitHubRefuses(`GitHub says ${JSON.stringify(sha.slice(0, 100))} of ${ref}`);
  } catch (error) {
    if (!(error instanceof GitHubRefuses)) throw error;
    if (error.status === NOT_MODIFIED) return known;
    // Of a repository that is not seen it is 404. "No commit found for SHA: heads/gone"
    if (error.status === 422 && /no commit found/i.test(error.words)) return undefined;
    throw error;
  }
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
