/** As much of GitHub as feedback asks, behind a `fetch`: what it was told, and a switch for trouble. */

export interface SmallStatus {
  readonly sha: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
}

export interface SmallDeployment {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly body: Readonly<Record<string, unknown>>;
  readonly statuses: { readonly state: string; readonly description: string }[];
}

export interface SmallRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** In place of an answer. `lost`: it was done, and the answer did not come back. */
export type Trouble = 'lost' | 'unreachable' | Response;

export function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
}

export interface SmallGitHub {
  readonly statuses: SmallStatus[];
  readonly deployments: SmallDeployment[];
  readonly requests: SmallRequest[];
  /** Asked before each request. */
  trouble: (request: SmallRequest) => Promise<Trouble | undefined>;
  /** The newest state of each context of a commit. */
  readonly shown: (sha: string) => Readonly<Record<string, string>>;
  /** By release: the newest state of its deployment. */
  readonly deployed: () => Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
}

export function smallGitHub(): SmallGitHub {
  const statuses: SmallStatus[] = [];
  const deployments: SmallDeployment[] = [];
  const requests: SmallRequest[] = [];
  const far: SmallGitHub = {
    statuses,
    deployments,
    requests,
    trouble: async () => undefined,
    shown: (sha: string) =>
      Object.fromEntries(
        statuses
          .filter((one) => one.sha === sha)
          .map(({ context, state }) => [context, state] as const),
      ),
    deployed: () =>
      Object.fromEntries(
        deployments.map(({ payload, statuses: all }) => [
          (payload as { release: string }).release,
          all.at(-1)?.state,
        ]),
      ),
    fetch: (async (url: string | URL | Request, init: RequestInit = {}) => {
      const { pathname, searchParams } = new URL(String(url));
      const request: SmallRequest = {
        method: init.method ?? 'GET',
        path: pathname,
        query: searchParams,
        headers: Object.fromEntries(new Headers(init.headers)),
        body: JSON.parse(typeof init.body === 'string' ? init.body : '{}'),
      };
      requests.push(request);
      const trouble = await far.trouble(request);
      if (trouble === 'unreachable') throw new TypeError('fetch failed', { cause: noRoute });
      if (trouble instanceof Response) return trouble;
      const done = act(request);
      if (trouble === 'lost') throw new TypeError('fetch failed', { cause: hungUp });
      return done;
    }) as typeof fetch,
  };
  return far;

  function act({ method, path, query, body }: SmallRequest): Response {
    const [, , , , kind = '', id = '', more = ''] = path.split('/');
    if (kind === 'statuses' && method === 'POST') {
      statuses.push({ ...(body as Omit<SmallStatus, 'sha'>), sha: id });
      return answer(201, { id: statuses.length });
    }
    if (kind === 'deployments' && more === 'statuses') {
      const found = deployments.find((one) => String(one.id) === id);
      if (found === undefined) return answer(404, { message: 'Not Found' });
      found.statuses.push(body as SmallDeployment['statuses'][number]);
      return answer(201, { id: 1 });
    }
    if (kind === 'deployments' && method === 'POST') {
      const { ref, environment, payload } = body;
      const made = {
        id: 9_000 + deployments.length,
        sha: String(ref),
        statuses: [],
        body,
        payload,
      };
      deployments.push({ ...made, environment: String(environment) });
      return answer(201, { id: made.id });
    }
    if (kind === 'deployments' && method === 'GET') {
      const fits = deployments.filter(
        (one) => one.sha === query.get('sha') && one.environment === query.get('environment'),
      );
      return answer(200, fits.toReversed());
    }
    return answer(404, { message: 'Not Found' });
  }
}

const noRoute = Object.assign(new Error('connect ETIMEDOUT 192.0.2.1:443'), { code: 'ETIMEDOUT' });
const hungUp = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
