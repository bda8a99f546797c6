/** A request to GitHub's REST API and its answer, as the handlers of `routes.ts` see them. */

import type { World } from '../kernel/world.ts';
import { GithubError } from './errors.ts';
import type { GithubApp, GithubRepository, Permissions } from './state.ts';

/** Who asks. */
export interface Caller {
  /** What the limits count by. */
  readonly key: string;
  /** In GitHub's message when the limit is reached. */
  readonly named: string;
  readonly login: string;
  readonly kind: 'token' | 'app' | 'anonymous';
  readonly app?: GithubApp;
  /** Absent: may do everything. */
  readonly permissions?: Permissions;
  /** Full names; absent: all. */
  readonly repositories?: readonly string[];
}

export interface GithubRequest {
  readonly url: string;
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** What the path names, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
}

export interface GithubAnswer {
  readonly status?: number;
  readonly body: unknown;
  /** In the place of a body of JSON. */
  readonly text?: { readonly type: string; readonly value: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers about one repository, which is there and may be seen. */
export type RepositoryHandler = (
  world: World,
  repository: GithubRepository,
  request: GithubRequest,
) => GithubAnswer;

export interface RepositoryRoute {
  /** `GET /repos/{owner}/{repo}/…`: `{name}` is one part of the path, `{name+}` may have slashes. */
  readonly route: string;
  readonly needs: Permissions;
  /** After https://docs.github.com/rest/ */
  readonly documentation: string;
  readonly handle: RepositoryHandler;
}

/** One member of the body. `null` counts as left out. */
export function textIn({ body }: GithubRequest, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw notA(name, value, 'string');
}

export function flagIn({ body }: GithubRequest, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw notA(name, value, 'boolean');
}

export function textsIn({ body }: GithubRequest, name: string): readonly string[] | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw notA(name, value, 'array of strings');
}

/** GitHub's words for a body that does not fit its schema (public logs). */
export function notA(name: string, value: unknown, type: string): GithubError {
  const shown = JSON.stringify(value);
  const article = /^[aeiou]/.test(type) ? 'an' : 'a';
  return new GithubError(
    422,
    `Invalid request.\n\nFor 'properties/${name}', ${shown} is not ${article} ${type}.`,
  );
}

export function notSupplied(name: string): GithubError {
  return new GithubError(422, `Invalid request.\n\n"${name}" wasn't supplied.`);
}
