/**
 * GitHub's REST API through Octokit, as an app or with a token from Secrets Manager. It waits politely
 * where GitHub asks for it, but never for long: who calls has seconds, and can come back later.
 */
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import type { Endpoints } from '@octokit/types';
import { GitHubRefuses } from '../github-errors.ts';
import type { Clock, Log, Secrets } from '../ports.ts';
import { readCredentials, refusedSecret, withoutSecrets } from './credentials.ts';
import { type Asked, failureOf } from './failure.ts';

/** A limit that passes sooner is waited for here; a longer one by who called. */
const WAIT_SECONDS_MAX = 5;
const RETRIES = 1;
/** One attempt; two of them and the wait in between fit into what a caller must have left. */
const TIMEOUT_MS = 6_000;
/** After a 401 a secret that was read longer ago is read again: it may have been rotated. */
const SECRET_READ_AGAIN_MS = 10_000;
/** Answers that stay the same: 429 is the throttling's. */
const NEVER_AGAIN = [400, 401, 403, 404, 409, 410, 422, 429, 451];
/** The answer to a conditional request; Octokit throws it as an error. */
export const NOT_MODIFIED = 304;
const API_VERSION = '2022-11-28';

export interface GitHubOptions {
  readonly secrets: Pick<Secrets, 'get'>;
  /** Of `pipeline.config.ts`: where the API is, and the name of the secret. */
  readonly github: { readonly apiUrl: string; readonly credentials: string };
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Node's own unless given. */
  readonly fetch?: typeof fetch | undefined;
  /** False: no waiting and no retries, whose timers are real ones; the local world has its own time. */
  readonly polite?: boolean | undefined;
  /** Told of every call. */
  readonly onCall?: ((call: GitHubCall) => void) | undefined;
}

export interface GitHubCall {
  /** `POST /repos/{owner}/{repo}/statuses/{sha}` */
  readonly route: string;
  readonly repository: string;
  /** `ok`, or the name of the error. */
  readonly outcome: string;
}

export interface CallSettings extends Pick<Asked, 'repository' | 'needs'> {
  /** A second one would do something a second time: not repeated when the answer is lost. */
  readonly once?: true;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GitHubClient {
  /** Throws `GitHubIsBusy`, `GitHubRefuses`, or `TransientError` when the secret cannot be read. */
  request<R extends keyof Endpoints>(
    route: R,
    parameters: Omit<Endpoints[R]['parameters'], 'owner' | 'repo'>,
    settings: CallSettings,
  ): Promise<Endpoints[R]['response']>;
}

/** It holds an installation's token for the hour that it is good for, so once per process. */
export function createGitHubClient(options: GitHubOptions): GitHubClient {
  const { secrets, github, clock } = options;
  const secret = github.credentials;
  const made = new Map<string, Octokit>();

  const octokitFor = (text: string, texts: readonly string[]): Octokit => {
    const known = made.get(text);
    if (known !== undefined) return known;
    for (const old of made.keys()) if (!texts.includes(old)) made.delete(old);
    const octokit = createOctokit(text, options);
    made.set(text, octokit);
    return octokit;
  };

  return {
    request: async (route, parameters, { repository, needs, once, headers: more }) => {
      const from = clock.now();
      const [owner = '', repo = ''] = repository.split('/');
      const headers = { ...more, 'x-github-api-version': API_VERSION };
      const call = { ...parameters, owner, repo, headers };
      const say = (outcome: string, facts: object = {}) => {
        options.onCall?.({ route, repository, outcome });
        const ms = clock.now() - from;
        const level = route.startsWith('GET') ? 'debug' : 'info';
        options.log[level]('called GitHub', { call: { route, repository, outcome, ms, ...facts } });
      };
      let texts: readonly string[] = [];
      const send = async (text: string) => {
        const request = once === true ? { retries: 0 } : {};
        return await octokitFor(text, texts).request(route, { ...call, request } as never);
      };
      try {
        const answer = await withEach(async (newerThanMs) => {
          texts = await readSecret(secrets, secret, newerThanMs);
          return texts;
        }, send);
        say('ok');
        return answer as never;
      } catch (error) {
        const clean = (message: string) => withoutSecrets(message, texts);
        const failure = failureOf(error, { route, repository, needs, secret, now: from, clean });
        if (failure instanceof GitHubRefuses && failure.status === NOT_MODIFIED)
          say('not modified');
        else say(failure.name, { because: failure.message });
        throw failure;
      }
    },
  };
}

/** While a secret is rotated either of its two versions may be the one that GitHub takes. */
async function withEach<T>(
  read: (newerThanMs?: number) => Promise<readonly string[]>,
  send: (text: string) => Promise<T>,
): Promise<T> {
  const tried = new Set<string>();
  let refused: unknown;
  for (const newerThanMs of [undefined, SECRET_READ_AGAIN_MS]) {
    for (const text of await read(newerThanMs)) {
      if (tried.has(text)) continue;
      tried.add(text);
      try {
        return await send(text);
      } catch (error) {
        if ((error as { status?: unknown }).status !== 401) throw error;
        refused ??= error;
      }
    }
  }
  throw refused;
}

async function readSecret(
  secrets: Pick<Secrets, 'get'>,
  name: string,
  newerThanMs: number | undefined,
): Promise<readonly string[]> {
  try {
    return await secrets.get(name, newerThanMs);
  } catch (error) {
    throw refusedSecret(name, error);
  }
}

const Polite = Octokit.plugin(throttling, retry);

function createOctokit(text: string, options: GitHubOptions): Octokit {
  const { github, fetch: send = fetch, polite = true, log } = options;
  const credentials = readCredentials(text, github.credentials);
  const clean = (message: unknown) => withoutSecrets(String(message), [text]);
  const lines = {
    debug: () => undefined,
    info: () => undefined,
    warn: (message: string) => log.warn('Octokit', { says: clean(message) }),
    error: (message: string) => log.warn('Octokit', { says: clean(message) }),
  };
  const waits = (seconds: number, _: unknown, __: unknown, retries: number) =>
    seconds <= WAIT_SECONDS_MAX && retries < RETRIES;
  return new Polite({
    userAgent: 'slipway',
    baseUrl: github.apiUrl.replace(/\/$/, ''),
    log: lines,
    request: { log: lines, fetch: withTimeout(send) },
    throttle: polite ? { onRateLimit: waits, onSecondaryRateLimit: waits } : { enabled: false },
    retry: polite ? { retries: RETRIES, doNotRetry: NEVER_AGAIN } : { enabled: false },
    ...('token' in credentials
      ? { auth: credentials.token }
      : { authStrategy: createAppAuth, auth: credentials }),
  });
}

/** Of every request, that for an installation's token too. */
function withTimeout(send: typeof fetch): typeof fetch {
  return (url, init) => send(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
}
