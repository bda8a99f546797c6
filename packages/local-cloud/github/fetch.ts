/**
 * The transport under Octokit: a `fetch` for `new Octokit({ request: { fetch } })` that asks the local GitHub
 * instead of the network. Every real header, body and error of Octokit passes through it.
 */

import type { World } from '../kernel/world.ts';
import { answerGithub, type HttpAnswer, type HttpRequest, isDown } from './api.ts';

/**
 * What goes wrong with a request. `unreachable`: it never arrived. `lost-answer`: it was carried out,
 * and the answer did not come back. `unavailable`: 503, nothing was done.
 */
export type GithubFault = 'none' | 'unavailable' | 'unreachable' | 'lost-answer';

export interface GithubCall {
  readonly method: string;
  readonly url: string;
  readonly fault: GithubFault;
  /** Absent: no answer came about. */
  readonly status?: number;
  readonly route?: string;
}

export interface GithubFetchOptions {
  readonly world: World;
  /** Asked before each request; time may pass in it. */
  readonly fault?: (request: HttpRequest) => GithubFault;
  /** Told of every request after it was carried out (or not). */
  readonly onCall?: (call: GithubCall) => void;
}

/** Octokit hands over a text as the body and plain headers. */
export type GithubFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

const HOST = 'api.github.com';

export function createGithubFetch({ world, fault, onCall }: GithubFetchOptions): GithubFetch {
  return async (address, init = {}) => {
    init.signal?.throwIfAborted();
    const request = readRequest(new URL(address), init);
    const { method, url } = request;
    const drawn = fault?.(request) ?? 'none';
    const isCut = isDown(world) && world.github.outage?.how === 'unreachable';
    const chosen = isCut || new URL(url).host !== HOST ? 'unreachable' : drawn;
    if (chosen === 'unreachable') {
      onCall?.({ method, url, fault: chosen });
      throw noConnection(url);
    }
    const answer = answerGithub(world, request, chosen === 'unavailable');
    const { status, route } = answer;
    onCall?.({ method, url, fault: chosen, status, ...(route && { route }) });
    if (chosen === 'lost-answer') throw failed('other side closed', 'UND_ERR_SOCKET');
    return toResponse(request, answer);
  };
}

function readRequest(url: URL, { method = 'GET', headers, body = '' }: RequestInit): HttpRequest {
  const text = body ?? '';
  if (typeof text !== 'string') {
    throw new TypeError(`the local GitHub takes a text as body, not ${typeof text}`);
  }
  return { method, url: url.href, headers: Object.fromEntries(new Headers(headers)), body: text };
}

function toResponse({ method }: HttpRequest, { status, headers, body }: HttpAnswer): Response {
  return new Response(method === 'HEAD' || status === 304 ? null : body, { status, headers });
}

function noConnection(url: string): TypeError {
  const { host } = new URL(url);
  if (host !== HOST) return failed(`getaddrinfo ENOTFOUND ${host}`, 'ENOTFOUND');
  return failed(`connect ETIMEDOUT ${host}:443`, 'ETIMEDOUT');
}

/** What Node's fetch throws: a TypeError with the reason as its cause. */
function failed(message: string, code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
}
