/** What an error of Octokit means for us: GitHub is busy, or it refuses and a person must mend it. */

import { GitHubIsBusy, GitHubRefuses } from '../github-errors.ts';
import { TransientError } from '../ports.ts';

export interface Asked {
  /** `POST /repos/{owner}/{repo}/statuses/{sha}` */
  readonly route: string;
  readonly repository: string;
  /** The permission of a GitHub App or fine-grained token that it takes: `statuses: write`. */
  readonly needs: string;
  /** Name of the secret with the credentials. */
  readonly secret: string;
  /** Our clock, ms. */
  readonly now: number;
  /** Takes secrets out of a message. */
  readonly clean: (message: string) => string;
}

/** docs.github.com, rest/using-the-rest-api: "wait for at least one minute". */
const LIMIT_SECONDS = 60;
const WORDS_MAX = 300;

export function failureOf(error: unknown, asked: Asked): TransientError | GitHubRefuses {
  // Of the secret: told where it was read.
  if (error instanceof TransientError || error instanceof GitHubRefuses) return error;
  const words = asked.clean(wordsOf(error)).slice(0, WORDS_MAX);
  const call = `GitHub, ${asked.route} of ${asked.repository}`;
  if (!isHttpError(error)) return notAsked(call, words, asked);
  const { status } = error;
  if (error.response === undefined) return new GitHubIsBusy(`${call}: no answer: ${words}`);
  const { headers } = error.response;
  const afterSeconds = secondsToWait(headers, asked.now);
  if (isLimit(status, headers, words)) {
    const told = afterSeconds ?? LIMIT_SECONDS;
    const message = `${call}: a rate limit is reached (${status}): ${words}; asked again after ${told} s`;
    return new GitHubIsBusy(message, { afterSeconds: told, isLimit: true });
  }
  if (status >= 500 || status === 408) {
    const told = afterSeconds === undefined ? {} : { afterSeconds };
    return new GitHubIsBusy(`${call}: ${status}: ${words}`, told);
  }
  return new GitHubRefuses(`${call}: ${status}: ${words}. ${adviceFor(error, asked)}`, {
    status,
    words,
  });
}

/** By its shape: each package of Octokit may bring a class of its own. Without an answer its status is 500. */
interface HttpError {
  readonly message: string;
  readonly status: number;
  readonly request?: { readonly url: string };
  readonly response?: { readonly headers: Headers };
}

function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}

/** A key that signs nothing. */
function notAsked(call: string, words: string, { secret }: Asked): GitHubRefuses {
  return new GitHubRefuses(
    `${call} could not be asked: ${words}. See whether the private key in the secret ${secret} is ` +
      'the one that GitHub gave for the app, whole and in PEM.',
  );
}

type Headers = Readonly<Record<string, string | number | undefined>>;

/**
 * docs.github.com, rest/using-the-rest-api/rate-limits-for-the-rest-api: 403 or 429, with `retry-after`,
 * or nothing remaining, or words alone.
 */
function isLimit(status: number, headers: Headers, words: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers['retry-after'] !== undefined ||
    String(headers['x-ratelimit-remaining']) === '0' ||
    /\brate limit\b|abuse detection/i.test(words)
  );
}

/** `x-ratelimit-reset` is a moment of GitHub's clock, in seconds; its `date` says what that is now. */
function secondsToWait(headers: Headers, now: number): number | undefined {
  const after = Number(headers['retry-after']);
  if (Number.isFinite(after) && after >= 0) return Math.ceil(after);
  if (String(headers['x-ratelimit-remaining']) !== '0') return undefined;
  const reset = Number(headers['x-ratelimit-reset']);
  if (!Number.isFinite(reset)) return undefined;
  const theirs = Date.parse(String(headers.date));
  const seconds = reset - (Number.isNaN(theirs) ? now : theirs) / 1000;
  return Math.max(1, Math.ceil(seconds) + 1);
}

function adviceFor(error: HttpError, { repository, needs, secret }: Asked): string {
  if (error.request?.url.includes('/access_tokens')) {
    return `See whether appId and installationId in the secret ${secret} belong together, and the app is still installed.`;
  }
  switch (error.status) {
    case 401:
      return `The credentials in the secret ${secret} are not taken: put new ones there.`;
    case 403: {
      const wanted = error.response?.headers['x-accepted-github-permissions'];
      const lacking = wanted === undefined ? needs : `${needs} (GitHub says: ${wanted})`;
      return `Give the app or token in the secret ${secret} the permission ${lacking} on ${repository}.`;
    }
    case 404:
      return `Either ${repository} is gone, or the credentials in the secret ${secret} do not see it: install the app there, with ${needs}.`;
    default:
      return 'It would be refused again: see what GitHub says.';
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Octokit adds the address of the documentation.
  return error.message.replace(/ - https:\/\/docs\.github\.com\S*$/, '');
}
