/** A file of a repository as it is at one commit: docs.github.com, rest/repos/contents#get-repository-content */
import type { Commit } from '../core/model/image.ts';
import { GitHubRefuses } from '../github-errors.ts';
import type { FileText } from '../ports.ts';
import type { GitHubClient } from './client.ts';

const needs = 'contents: read';

/** Of what is longer nothing is read: ECS takes no definition of this size. */
const BYTES_MAX = 256 * 1024;
/** A commit never changes: what was read of it is read once a process. */
const KEPT_MAX = 50;

export type ReadFileAt = (commit: Commit, path: string) => Promise<FileText>;

export function createFiles(client: GitHubClient): ReadFileAt {
  const kept = new Map<string, FileText>();
  return async (commit, path) => {
    const key = `${commit.repository}@${commit.sha}:${path}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const read = await orUnknown(readFileAt(client, commit, path));
    if (read.state === 'text') {
      const [oldest] = kept.keys();
      if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest);
      kept.set(key, read);
    }
    return read;
  };
}

async function orUnknown(asked: Promise<FileText>): Promise<FileText> {
  try {
    return await asked;
  } catch (error) {
    return { state: 'unknown', because: error instanceof Error ? error.message : String(error) };
  }
}

async function readFileAt(
  client: GitHubClient,
  { repository, sha }: Commit,
  path: string,
): Promise<FileText> {
  try {
    const { data } = await client.request(
      'GET /repos/{owner}/{repo}/contents/{path}',
      { path, ref: sha },
      { repository, needs },
    );
    if (Array.isArray(data) || data.type !== 'file') {
      return { state: 'missing', because: 'it is no file' };
    }
    if (data.size > BYTES_MAX) {
      return { state: 'missing', because: `it has ${data.size} bytes, too many for a definition` };
    }
    // Of up to 1 MB; a link is followed by GitHub where it leads to a file.
    return { state: 'text', text: Buffer.from(data.content, 'base64').toString('utf8') };
  } catch (error) {
    if (!(error instanceof GitHubRefuses) || error.status !== 404) throw error;
    return await withoutFile(client, repository, sha);
  }
}

/** "Not Found" is said of a file, of a commit, and of a repository that the credentials do not see. */
async function withoutFile(
  client: GitHubClient,
  repository: string,
  sha: string,
): Promise<FileText> {
  await client.request(
    'GET /repos/{owner}/{repo}/commits/{ref}',
    { ref: sha, per_page: 1 },
    { repository, needs },
  );
  return { state: 'missing', because: 'there is no such file' };
}
