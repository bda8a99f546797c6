/**
 * GitHub's REST API over the model: a request comes in, is known, counted and answered. In this order:
 * outage, credentials, limits, path, repository, permission, and only then what it asks for.
 */

import { randomHex } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';
import { callerOf, checkPermissions, visibleRepository } from './callers.ts';
import { GithubError, notFound } from './errors.ts';
import { countRequest, uncountRequest } from './limits.ts';
import type { GithubAnswer, GithubRequest } from './request.ts';
import { type Match, routeOf } from './routes.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `POST /repos/{owner}/{repo}/deployments`; absent: GitHub has no such path, or we do not know it. */
  readonly route?: string;
}

/** `isUnavailable`: this one request is answered as in an outage. */
export function answerGithub(
  world: World,
  request: HttpRequest,
  isUnavailable = false,
): HttpAnswer {
  const match = routeOf(request.method, new URL(request.url).pathname);
  let counted: Readonly<Record<string, string>> = {};
  const count = (headers: Readonly<Record<string, string>>) => {
    counted = headers;
  };
  const answer = attempt(match, () => {
    if (isUnavailable || isDown(world)) throw unavailable();
    return respond(world, request, match, count);
  });
  return {
    status: answer.status ?? 200,
    headers: {
      date: new Date(world.now).toUTCString(),
      'content-type': answer.text?.type ?? 'application/json; charset=utf-8',
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': request.headers['x-github-api-version'] ?? '2022-11-28',
      'x-github-request-id': randomHex(world.github, 16).toUpperCase(),
      ...counted,
      ...answer.headers,
    },
    body: answer.text?.value ?? JSON.stringify(answer.body),
    ...(match && { route: match.route.route }),
  };
}

function respond(
  world: World,
  request: HttpRequest,
  match: Match | undefined,
  count: (headers: Readonly<Record<string, string>>) => void,
): GithubAnswer {
  const caller = callerOf(world, request.headers.authorization ?? null);
  const route = match?.route;
  const isFree = route !== undefined && 'isFree' in route && route.isFree === true;
  if (!isFree) count(countRequest(world, caller, request.method));
  if (match === undefined || route === undefined) throw notFound();
  const read: Omit<GithubRequest, 'body'> = {
    url: request.url,
    headers: request.headers,
    query: new URL(request.url).searchParams,
    params: match.params,
    caller,
  };
  if ('answer' in route) return route.answer(world, { ...read, body: bodyOf(request) });
  const { owner, repo } = match.params;
  const repository = visibleRepository(world, caller, `${owner}/${repo}`);
  checkPermissions(caller, route.needs);
  const answer = route.handle(world, repository, { ...read, body: bodyOf(request) });
  if (answer.status === 304) uncountRequest(world, caller);
  return answer;
}

/** Ends an outage whose time has come. */
export function isDown(world: World): boolean {
  const { outage } = world.github;
  if (outage === undefined) return false;
  if (world.now < outage.until) return true;
  delete world.github.outage;
  return false;
}

function unavailable(): GithubError {
  return new GithubError(
    503,
    'No server is currently available to service your request. Sorry about that. Please try resubmitting your request and contact us if the problem persists.',
  );
}

/** docs, troubleshooting-the-rest-api: both are 400. */
function bodyOf({ body }: HttpRequest): GithubRequest['body'] {
  if (body === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new GithubError(400, 'Problems parsing JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as GithubRequest['body'];
  }
  throw new GithubError(400, 'Body should be a JSON object');
}

function attempt(match: Match | undefined, respondNow: () => GithubAnswer): GithubAnswer {
  try {
    return respondNow();
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    return errorAnswer(error, match);
  }
}

function errorAnswer(error: GithubError, match: Match | undefined): GithubAnswer {
  const page = match === undefined ? 'rest' : `rest/${match.route.documentation}`;
  return {
    status: error.status,
    headers: error.headers,
    body: {
      message: error.message,
      ...(error.errors && { errors: error.errors }),
      documentation_url: `https://docs.github.com/${error.documentation ?? page}`,
      status: String(error.status),
    },
  };
}
