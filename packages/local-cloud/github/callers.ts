/** Who asks the local GitHub: a token, an app with its JSON web token, or nobody. */

import type { World } from '../kernel/world.ts';
import { appOfWebToken } from './app.ts';
import { GithubError, notFound } from './errors.ts';
import type { Caller } from './request.ts';
import type { GithubRepository, Permissions } from './state.ts';

const ANONYMOUS: Caller = { key: 'ip', named: '203.0.113.9', login: '', kind: 'anonymous' };

/** Throws a GithubError (401) for what is no token of ours, or not any more. */
export function callerOf(world: World, authorization: string | null): Caller {
  if (authorization === null) return ANONYMOUS;
  const [, token] = /^(?:token|bearer)\s+(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw badCredentials();
  if (token.split('.').length === 3) {
    const app = appOfWebToken(world, token);
    const login = `${app.slug}[bot]`;
    return { key: `app ${app.id}`, named: `app ID ${app.id}`, login, kind: 'app', app };
  }
  const { tokens } = world.github;
  const known = Object.hasOwn(tokens, token) ? tokens[token] : undefined;
  if (known === undefined || (known.expiresAt ?? Number.POSITIVE_INFINITY) <= world.now) {
    throw badCredentials();
  }
  const { login, installationId, permissions, repositories } = known;
  const named =
    installationId === undefined ? `user ID ${login}` : `installation ID ${installationId}`;
  return {
    key: named,
    named,
    login,
    kind: 'token',
    ...(permissions && { permissions }),
    ...(repositories && { repositories }),
  };
}

function badCredentials(): GithubError {
  return new GithubError(401, 'Bad credentials', { documentation: 'rest' });
}

/** The repository, if it is there and the caller may know of it; a 404 tells the two not apart. */
export function visibleRepository(
  world: World,
  caller: Caller,
  fullName: string,
): GithubRepository {
  const repository = world.github.repositories[fullName.toLowerCase()];
  if (repository === undefined) throw notFound();
  const { repositories = [repository.fullName] } = caller;
  const isMember = caller.kind === 'token' && repositories.includes(repository.fullName);
  if (repository.isPrivate && !isMember) throw notFound();
  return repository;
}

/** Throws a GithubError: 401 for nobody who writes, 403 for a missing permission. */
export function checkPermissions(caller: Caller, needs: Permissions): void {
  for (const [name, wanted] of Object.entries(needs)) {
    if (caller.kind === 'anonymous' && wanted === 'write') {
      throw new GithubError(401, 'Requires authentication');
    }
    const { permissions } = caller;
    if (permissions === undefined || name === 'metadata') continue;
    const has = permissions[name];
    if (has !== undefined && (has === 'write' || wanted === 'read')) continue;
    throw new GithubError(403, 'Resource not accessible by integration', {
      headers: { 'x-accepted-github-permissions': `${name}=${wanted}` },
    });
  }
}
