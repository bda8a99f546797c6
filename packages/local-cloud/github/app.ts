/** GitHub Apps: the JSON web token that an app signs, and the installation token it gets for it. */
import { verify } from 'node:crypto';
import type { Endpoints } from '@octokit/types';
import { isoSeconds } from '../eventbridge/state.ts';
import { randomHex } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';
import { GithubError, notFound } from './errors.ts';
import { type GithubAnswer, type GithubRequest, notA, textsIn } from './request.ts';
import type { GithubApp, GithubInstallation, Permissions } from './state.ts';

/** docs, generating-a-json-web-token: "no more than 10 minutes into the future". */
const LONGEST_SECONDS = 600;
/** docs, generating-an-installation-access-token: "will expire after one hour". */
const TOKEN_MS = 3_600_000;

/** Which app signed this. Throws a GithubError: 401 in GitHub's words, 404 for an unknown app. */
export function appOfWebToken(world: World, token: string): GithubApp {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { alg } = decoded(header);
  const { iss, iat, exp } = decoded(payload);
  if (alg !== 'RS256' || signature === '') throw undecodable();
  const now = Math.floor(world.now / 1_000);
  if (!Number.isInteger(iat) || Number(iat) > now) {
    throw unauthorized(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (!Number.isInteger(exp) || Number(exp) <= now) {
    throw unauthorized(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (Number(exp) > now + LONGEST_SECONDS) {
    throw unauthorized("'Expiration time' claim ('exp') is too far in the future");
  }
  const id = String(iss);
  const app = Object.hasOwn(world.github.apps, id) ? world.github.apps[id] : undefined;
  if (app === undefined)
    throw new GithubError(404, 'Integration not found', { documentation: 'rest' });
  const signed = Buffer.from(`${header}.${payload}`);
  const isGenuine =
    app.publicKey === undefined ||
    verify('RSA-SHA256', signed, app.publicKey, Buffer.from(signature, 'base64url'));
  if (!isGenuine) throw undecodable();
  return app;
}

function decoded(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Answered below like any other token that nobody can read.
  }
  throw undecodable();
}

function undecodable(): GithubError {
  return unauthorized('A JSON web token could not be decoded');
}

function unauthorized(message: string): GithubError {
  return new GithubError(401, message, { documentation: 'rest' });
}

type TokenView =
  Endpoints['POST /app/installations/{installation_id}/access_tokens']['response']['data'];

/** Gives an app a token for one of its installations, for an hour. */
export function createAccessToken(world: World, request: GithubRequest): GithubAnswer {
  const { app } = request.caller;
  if (app === undefined) throw undecodable();
  const { installations } = world.github;
  const { installation_id: id = '' } = request.params;
  const installation = Object.hasOwn(installations, id) ? installations[id] : undefined;
  if (installation === undefined || installation.appId !== app.id) throw notFound();
  const permissions = readPermissions(request, installation);
  const repositories = readRepositories(world, request, installation);
  const token = `ghs_${randomHex(world.github, 36)}`;
  const expiresAt = world.now + TOKEN_MS;
  world.github.tokens[token] = {
    login: `${app.slug}[bot]`,
    installationId: installation.id,
    permissions,
    expiresAt,
    ...(repositories && { repositories }),
  };
  const body: TokenView = {
    token,
    expires_at: isoSeconds(expiresAt),
    permissions,
    repository_selection: repositories === undefined ? 'all' : 'selected',
  };
  return { status: 201, body };
}

/** As asked for, but never more than the installation has. */
function readPermissions(
  { body }: GithubRequest,
  { permissions }: GithubInstallation,
): Permissions {
  const asked = body.permissions ?? permissions;
  if (typeof asked !== 'object' || Array.isArray(asked)) throw notA('permissions', asked, 'object');
  for (const [name, wanted] of Object.entries(asked)) {
    const has = Object.hasOwn(permissions, name) ? permissions[name] : undefined;
    if (has === 'write' || (has === 'read' && wanted === 'read')) continue;
    throw new GithubError(422, 'The permissions requested are not granted to this installation.');
  }
  return asked as Permissions;
}

function readRepositories(
  world: World,
  request: GithubRequest,
  installation: GithubInstallation,
): readonly string[] | undefined {
  const names = textsIn(request, 'repositories') ?? [];
  const ids = request.body.repository_ids ?? [];
  if (!Array.isArray(ids)) throw notA('repository_ids', ids, 'array of integers');
  if (names.length + ids.length === 0) return installation.repositories;
  const all = Object.values(world.github.repositories);
  const mine = all.filter(({ fullName }) => installation.repositories?.includes(fullName) ?? true);
  const wanted = mine.filter(({ name, id }) => names.includes(name) || ids.includes(id));
  if (wanted.length === names.length + ids.length) return wanted.map(({ fullName }) => fullName);
  throw new GithubError(
    422,
    'There is at least one repository that does not exist or is not accessible to the parent installation.',
  );
}
