/** Who may ask the local GitHub, through Octokit and its own app authentication. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGithubFetch, type GithubCall } from '../../github/fetch.ts';
import { addApp, addGithubRepository } from '../../github/setup.ts';
import type { World } from '../../kernel/world.ts';
import { advance } from '../../services.ts';
import { githubWorld, octokitOf, refusal, SHOP, SILENT, tip } from './github-world.ts';

const GET = 'GET /repos/{owner}/{repo}';
const TOKENS = 'POST /app/installations/{installation_id}/access_tokens';
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
let world: World;

beforeEach(() => {
  world = githubWorld();
  addApp(
    world,
    { id: 7, slug: 'slipway', publicKey: keys.publicKey },
    {
      id: 70,
      appId: 7,
      permissions: { metadata: 'read', contents: 'read', statuses: 'write' },
      repositories: ['acme/shop'],
    },
  );
});

interface Claims {
  readonly iat?: unknown;
  readonly exp?: unknown;
  readonly iss?: unknown;
}

/** As universal-github-app-jwt makes it, by the world's clock. */
function webToken(claims: Claims = {}, { alg = 'RS256', key = keys.privateKey } = {}): string {
  const now = Math.floor(world.now / 1_000);
  const payload = { iat: now - 30, exp: now + 570, iss: 7, ...claims };
  const parts = [{ alg, typ: 'JWT' }, payload].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = createSign('RSA-SHA256').update(parts.join('.')).sign(key, 'base64url');
  return [...parts, signature].join('.');
}

function appOctokit(calls: GithubCall[] = []) {
  const cached = new Map<string, string>();
  return new Octokit({
    authStrategy: createAppAuth,
    auth: {
      appId: 7,
      installationId: 70,
      createJwt: async () => ({ jwt: webToken(), expiresAt: '' }),
      cache: {
        get: (key: string) => cached.get(key) ?? '',
        set: (key: string, value: string) => cached.set(key, value),
      },
    },
    request: { fetch: createGithubFetch({ world, onCall: (call) => calls.push(call) }) },
    log: SILENT,
  });
}

describe('a token', () => {
  it('that nobody gave out is 401', async () => {
    for (const auth of ['wrong', 'constructor']) {
      expect(await refusal(octokitOf(world, { auth }).request(GET, SHOP))).toMatchObject({
        status: 401,
        data: {
          message: 'Bad credentials',
          documentation_url: 'https://docs.github.com/rest',
          status: '401',
        },
      });
    }
  });

  it('opens every repository to a person, whatever the case of its name', async () => {
    const { data } = await octokitOf(world).request(GET, { owner: 'ACME', repo: 'Shop' });
    expect(data).toMatchObject({ full_name: 'acme/shop', default_branch: 'main', private: true });
  });

  it('nobody reads what is public, writes nothing and finds nothing private', async () => {
    addGithubRepository(world, { name: 'acme/open', isPrivate: false });
    const anonymous = octokitOf(world, { auth: '' });
    const open = { owner: 'acme', repo: 'open' };
    const { data, headers } = await anonymous.request(GET, open);
    expect(data.full_name).toBe('acme/open');
    expect(headers['x-ratelimit-limit']).toBe('60');
    expect(await refusal(anonymous.request(GET, SHOP))).toMatchObject({ status: 404 });
    const written = anonymous.request('POST /repos/{owner}/{repo}/deployments', {
      ...open,
      ref: 'main',
    });
    expect(await refusal(written)).toMatchObject({
      status: 401,
      data: { message: 'Requires authentication' },
    });
  });

  it('what GitHub does not have is 404 in its words', async () => {
    const asked = octokitOf(world).request('GET /repos/{owner}/{repo}/pulls', SHOP);
    expect((await refusal(asked)).data).toEqual({
      message: 'Not Found',
      documentation_url: 'https://docs.github.com/rest',
      status: '404',
    });
    const other = octokitOf(world).request(GET, { owner: 'acme', repo: 'nothing' });
    expect(await refusal(other)).toMatchObject({ status: 404 });
  });

  it.each([
    ['{"state"', 'Problems parsing JSON'],
    ['[]', 'Body should be a JSON object'],
  ])('a body %s is 400', async (body, message) => {
    const fetch = createGithubFetch({ world });
    const headers = { authorization: 'token a-token-of-jane' };
    const url = `https://api.github.com/repos/acme/shop/statuses/${tip(world)}`;
    const response = await fetch(url, { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ message, status: '400' }),
    ]);
  });
});

describe('an app', () => {
  it("gets a token through Octokit's own strategy, speaks as a bot, and asks once an hour", async () => {
    const calls: GithubCall[] = [];
    const octokit = appOctokit(calls);
    const posted = () =>
      octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
        ...SHOP,
        sha: tip(world),
        state: 'success',
      });
    expect((await posted()).data.creator).toMatchObject({ login: 'slipway[bot]', type: 'Bot' });
    await posted();
    expect(calls.map(({ route, status }) => [route, status])).toEqual([
      [TOKENS, 201],
      ['POST /repos/{owner}/{repo}/statuses/{sha}', 201],
      ['POST /repos/{owner}/{repo}/statuses/{sha}', 201],
    ]);
  });

  it('gets a token for an hour', async () => {
    const app = octokitOf(world, { auth: webToken() });
    const { data } = await app.request(TOKENS, { installation_id: 70 });
    expect(data).toMatchObject({
      token: expect.stringMatching(/^ghs_[0-9a-f]{36}$/),
      expires_at: '2026-11-21T11:00:00Z',
      permissions: { statuses: 'write' },
      repository_selection: 'selected',
    });
    const read = () => octokitOf(world, { auth: data.token }).request(GET, SHOP);
    advance(world, world.now + 3_599_000);
    expect((await read()).status).toBe(200);
    advance(world, world.now + 1_000);
    expect(await refusal(read())).toMatchObject({ status: 401 });
  });

  it('may do what its installation may, where it is installed', async () => {
    addGithubRepository(world, { name: 'acme/other' });
    const octokit = appOctokit();
    expect((await octokit.request(GET, SHOP)).status).toBe(200);
    const elsewhere = octokit.request(GET, { owner: 'acme', repo: 'other' });
    expect(await refusal(elsewhere)).toMatchObject({ status: 404 });
    const deployed = octokit.request('POST /repos/{owner}/{repo}/deployments', {
      ...SHOP,
      ref: 'main',
    });
    expect(await refusal(deployed)).toMatchObject({
      status: 403,
      data: { message: 'Resource not accessible by integration' },
      headers: { 'x-accepted-github-permissions': 'deployments=write' },
    });
  });

  it('may ask for less, and not for more', async () => {
    const app = octokitOf(world, { auth: webToken() });
    const less = await app.request(TOKENS, {
      installation_id: 70,
      permissions: { contents: 'read' },
      repositories: ['shop'],
    });
    expect(less.data.permissions).toEqual({ contents: 'read' });
    for (const more of [{ permissions: { contents: 'write' } }, { repositories: ['other'] }]) {
      const asked = app.request(TOKENS, { installation_id: 70, ...(more as object) });
      expect(await refusal(asked)).toMatchObject({ status: 422 });
    }
    expect(await refusal(app.request(TOKENS, { installation_id: 71 }))).toMatchObject({
      status: 404,
    });
  });

  const seconds = () => Math.floor(world.now / 1_000);
  const other = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  const undecodable = 'A JSON web token could not be decoded';
  it.each([
    [
      'of another key',
      () => webToken({}, { key: other.export({ type: 'pkcs8', format: 'pem' }).toString() }),
      401,
      undecodable,
    ],
    ['of another algorithm', () => webToken({}, { alg: 'HS256' }), 401, undecodable],
    ['that is no JSON', () => 'a.b.c', 401, undecodable],
    ['that lives too long', () => webToken({ exp: seconds() + 601 }), 401, 'too far in the future'],
    ['that is over', () => webToken({ exp: seconds() }), 401, "'exp'"],
    ['without an end', () => webToken({ exp: undefined }), 401, "'exp'"],
    ['of the future', () => webToken({ iat: seconds() + 1 }), 401, "'Issued at' claim ('iat')"],
    ['of another app', () => webToken({ iss: 8 }), 404, 'Integration not found'],
  ])('with a web token %s is refused', async (_, token, status, message) => {
    const asked = octokitOf(world, { auth: token() }).request(TOKENS, { installation_id: 70 });
    const told = await refusal(asked);
    expect(told.status).toBe(status);
    expect(told.message).toContain(message);
  });

  it('a plain token gets no installation token', async () => {
    const asked = octokitOf(world).request(TOKENS, { installation_id: 70 });
    expect(await refusal(asked)).toMatchObject({ status: 401, data: { message: undecodable } });
  });
});
