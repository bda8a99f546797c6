/** GitHub for what runs in a simulated world: Octokit over the local one, each request through the gates. */
import { createGithubFetch } from '@slipway/local-cloud/github/fetch.ts';
import { TOKEN } from '../../local/slipway/git-setup.ts';
import { createGitHubClient, type GitHubClient } from '../../shared/github/client.ts';
import { createCommits } from '../../shared/github/commits.ts';
import { createFiles } from '../../shared/github/files.ts';
import type { Definitions, Secrets } from '../../shared/ports.ts';
import type { SourcePorts } from '../../shared/source-ports.ts';
import { SILENT } from './as-port.ts';
import type { Outside } from './engine.ts';

export function thinCommits(outside: Outside): SourcePorts['commits'] {
  const commits = createCommits(clientOf(outside));
  const busy = busyIn(outside);
  return {
    compare: (...asked) => busy(commits.compare(...asked)),
    onRef: (...asked) => busy(commits.onRef(...asked)),
    head: (...asked) => busy(commits.head(...asked)),
    message: (...asked) => busy(commits.message(...asked)),
    named: (...asked) => busy(commits.named(...asked)),
  };
}

/** Files of a repository, as a target with its task definition in git reads them. */
export function thinFiles(outside: Outside): Definitions['written'] {
  const read = createFiles(clientOf(outside));
  const busy = busyIn(outside);
  return (commit, path) => busy(read(commit, path));
}

/** Octokit has much to do between two gates: until then nothing else goes on. */
function busyIn({ engine }: Outside) {
  return async <T>(work: Promise<T>): Promise<T> => {
    engine.working++;
    try {
      return await work;
    } finally {
      engine.working--;
    }
  };
}

function clientOf({ engine, clock, call, pipeline }: Outside): GitHubClient {
  const fetch = createGithubFetch({ world: engine.world });
  const gated: typeof globalThis.fetch = async (url, init) => {
    engine.working--;
    try {
      // Kept as a value until it has passed the gate on its way back.
      const answer = await call('GitHub', () => asValue(fetch(String(url), init)));
      return orThrow(await answer);
    } finally {
      engine.working++;
    }
  };
  return createGitHubClient({
    secrets: SECRETS,
    github: pipeline.github,
    clock,
    log: SILENT,
    fetch: gated,
    polite: false,
  });
}

type Result<T> = { readonly value: T } | { readonly error: unknown };

function asValue<T>(promise: Promise<T>): Promise<Result<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function orThrow<T>(result: Result<T>): T {
  if ('error' in result) throw result.error;
  return result.value;
}

const CREDENTIALS = JSON.stringify({ token: TOKEN });

const SECRETS: Secrets = {
  get: async () => [CREDENTIALS],
  versions: async () => [{ text: CREDENTIALS }],
};
