/** What the local GitHub's REST API knows, by method and path. */

import type { World } from '../kernel/world.ts';
import { createAccessToken } from './app.ts';
import { comparisonRoutes } from './commits/comparison.ts';
import { contentRoutes } from './commits/contents.ts';
import { deploymentRoutes } from './deployments/operations.ts';
import { deploymentStatusRoutes } from './deployments/statuses.ts';
import { rateLimitView } from './limits.ts';
import type { GithubAnswer, GithubRequest, RepositoryRoute } from './request.ts';
import { statusRoutes } from './statuses.ts';
import { hookRoutes } from './webhooks/operations.ts';

/** A route that is about no repository. */
export interface PlainRoute {
  readonly route: string;
  readonly documentation: string;
  /** Whether the primary limit counts it. */
  readonly isFree?: boolean;
  readonly answer: (world: World, request: GithubRequest) => GithubAnswer;
}

export type Route = RepositoryRoute | PlainRoute;

const PLAIN: readonly PlainRoute[] = [
  {
    route: 'POST /app/installations/{installation_id}/access_tokens',
    documentation: 'apps/apps#create-an-installation-access-token-for-an-app',
    answer: createAccessToken,
  },
  {
    route: 'GET /rate_limit',
    documentation: 'rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user',
    isFree: true,
    answer: (world, { caller }) => ({ body: rateLimitView(world, caller) }),
  },
];

/** The first that fits counts: a ref may have slashes, so the longer paths stand first. */
const ROUTES: readonly Route[] = [
  ...PLAIN,
  ...statusRoutes,
  ...deploymentStatusRoutes,
  ...deploymentRoutes,
  ...comparisonRoutes,
  ...contentRoutes,
  ...hookRoutes,
];

const patterns = ROUTES.map((route) => {
  const [method = '', path = ''] = route.route.split(' ');
  const source = path
    .replaceAll(/[.]/g, '\\$&')
    .replaceAll(/\{(\w+)\+\}/g, '(?<$1>.+)')
    .replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return { method, route, pattern: new RegExp(`^${source}$`) };
});

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** The route of a request; undefined: GitHub answers 404. HEAD is answered like GET. */
export function routeOf(method: string, path: string): Match | undefined {
  const asked = method === 'HEAD' ? 'GET' : method;
  for (const { method: of, route, pattern } of patterns) {
    const found = of === asked ? pattern.exec(path) : null;
    if (found === null) continue;
    const params = Object.entries(found.groups ?? {}).map(([name, text]) => [name, decoded(text)]);
    return { route, params: Object.fromEntries(params) };
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
