/** Commit statuses, posted and read through a real Octokit. */
import { beforeEach, describe, expect, it } from 'vitest';
import { gitPush } from '../../github/commits/push.ts';
import { statusesOf } from '../../github/statuses.ts';
import type { World } from '../../kernel/world.ts';
import { advance } from '../../services.ts';
import { githubWorld, octokitOf, refusal, SHOP, tip } from './github-world.ts';

const POST = 'POST /repos/{owner}/{repo}/statuses/{sha}';
let world: World;
let sha: string;

beforeEach(() => {
  world = githubWorld();
  sha = tip(world);
});

function post(state: string, more: Record<string, unknown> = {}) {
  return octokitOf(world).request(POST, { ...SHOP, sha, state: state as 'success', ...more });
}

describe('a commit status', () => {
  it('is answered as GitHub shows it', async () => {
    const context = 'slipway/web';
    const { status, data } = await post('pending', {
      context,
      description: 'building',
      target_url: 'https://example.com/1',
    });
    expect(status).toBe(201);
    expect(data).toMatchObject({
      state: 'pending',
      context,
      description: 'building',
      target_url: 'https://example.com/1',
      url: `https://api.github.com/repos/acme/shop/statuses/${sha}`,
      created_at: '2026-11-21T10:00:00Z',
      creator: { login: 'jane' },
    });
  });

  it('replaces the one before in its context; the list keeps both, newest first', async () => {
    await post('pending', { context: 'a' });
    await post('success', { context: 'b' });
    advance(world, world.now + 1_000);
    await post('failure', { context: 'a' });
    expect(
      statusesOf(world, 'acme/shop', sha).map(({ context, state }) => [context, state]),
    ).toEqual([
      ['a', 'failure'],
      ['b', 'success'],
    ]);
    const list = await octokitOf(world).request(
      'GET /repos/{owner}/{repo}/commits/{ref}/statuses',
      { ...SHOP, ref: 'main' },
    );
    expect(list.data.map(({ state }) => state)).toEqual(['failure', 'success', 'pending']);
  });

  it('without a context is "default"', async () => {
    expect((await post('success')).data.context).toBe('default');
  });

  it('belongs to its commit alone', async () => {
    await post('success');
    gitPush(world, { repository: 'acme/shop', branch: 'main', commit: 'a1' });
    expect(statusesOf(world, 'acme/shop', tip(world))).toEqual([]);
  });

  it.each([
    ['pending', []],
    ['success', ['success', 'success']],
    ['pending', ['success', 'pending']],
    ['failure', ['pending', 'error', 'success']],
    ['failure', ['failure', 'pending']],
  ])('together %s of %j', async (combined, states) => {
    for (const [i, state] of states.entries()) await post(state, { context: `c${i}` });
    const { data } = await octokitOf(world).request(
      'GET /repos/{owner}/{repo}/commits/{ref}/status',
      { ...SHOP, ref: sha },
    );
    expect([data.state, data.total_count, data.statuses.length]).toEqual([
      combined,
      states.length,
      states.length,
    ]);
    expect([data.sha, data.repository.full_name]).toEqual([sha, 'acme/shop']);
  });
});

describe('a status is refused', () => {
  const custom = (field: string, message: string) => ({
    resource: 'Status',
    code: 'custom',
    field,
    message,
  });

  it.each([
    [
      'a state of deployments',
      'in_progress',
      {},
      custom('state', 'state is not included in the list'),
    ],
    [
      'a description that is too long',
      'success',
      { description: 'x'.repeat(141) },
      custom('description', 'description is too long (maximum is 140 characters)'),
    ],
    [
      'a link that is none',
      'success',
      { target_url: 'arn:aws:ecs' },
      custom('target_url', 'target_url must use http(s) scheme'),
    ],
    [
      'an empty context',
      'success',
      { context: '' },
      { resource: 'Status', code: 'missing_field', field: 'context' },
    ],
  ])('%s', async (_, state, more, error) => {
    expect(await refusal(post(state, more))).toMatchObject({
      status: 422,
      data: {
        message: 'Validation Failed',
        errors: [error],
        documentation_url: 'https://docs.github.com/rest/commits/statuses#create-a-commit-status',
        status: '422',
      },
    });
    expect(statusesOf(world, 'acme/shop', sha)).toEqual([]);
  });

  it('140 characters pass, whatever they are', async () => {
    expect((await post('success', { description: '🚀'.repeat(140) })).status).toBe(201);
  });

  it('for a commit that is not there, or not whole', async () => {
    for (const other of ['0'.repeat(40), sha.slice(0, 12), 'main']) {
      const asked = octokitOf(world).request(POST, { ...SHOP, sha: other, state: 'success' });
      expect(await refusal(asked)).toMatchObject({
        status: 422,
        data: { message: `No commit found for SHA: ${other}` },
      });
    }
  });

  it('a member of the wrong type', async () => {
    expect(await refusal(post('success', { description: 5 }))).toMatchObject({
      status: 422,
      data: { message: "Invalid request.\n\nFor 'properties/description', 5 is not a string." },
    });
  });

  it('the one after the thousandth of a commit and context', async () => {
    const status = { sha, context: 'full', state: 'success', creator: 'jane' } as const;
    const shop = world.github.repositories['acme/shop'];
    for (let id = 0; id < 999; id++) {
      shop?.statuses.push({ ...status, id, description: null, targetUrl: null, at: world.now });
    }
    await post('success', { context: 'full' });
    expect(await refusal(post('success', { context: 'full' }))).toMatchObject({
      status: 422,
      data: {
        errors: [{ message: 'This SHA and context has reached the maximum number of statuses.' }],
      },
    });
    expect((await post('success', { context: 'other' })).status).toBe(201);
  });
});
