/** Deployments and their statuses, by GitHub's real rules, through a real Octokit. */
import { beforeEach, describe, expect, it } from 'vitest';
import { fullSha } from '../../github/commits/commits.ts';
import { gitPush } from '../../github/commits/push.ts';
import { deploymentsOf } from '../../github/deployments/statuses.ts';
import type { World } from '../../kernel/world.ts';
import { arriving, githubWorld, octokitOf, refusal, SHOP, tip } from './github-world.ts';

const MAIN = { repository: 'acme/shop', branch: 'main' } as const;
const DEPLOYMENTS = '/repos/{owner}/{repo}/deployments';
let world: World;

beforeEach(() => {
  world = githubWorld();
});

function deploy(more: Record<string, unknown> = {}) {
  const body = { ref: 'main', auto_merge: false, required_contexts: [], ...more };
  return octokitOf(world).request(`POST ${DEPLOYMENTS}`, { ...SHOP, ...body });
}

async function idOf(asked: ReturnType<typeof deploy>): Promise<number> {
  const { data } = await asked;
  if (!('id' in data)) throw new Error(`no deployment: ${data.message}`);
  return Number(data.id);
}

function report(deployment_id: number, state: string, more: Record<string, unknown> = {}) {
  return octokitOf(world).request(`POST ${DEPLOYMENTS}/{deployment_id}/statuses`, {
    ...SHOP,
    deployment_id,
    state: state as 'success',
    ...more,
  });
}

function statesOf(environment: string) {
  return deploymentsOf(world, 'acme/shop', environment).map(({ latest }) => latest?.state);
}

describe('a deployment', () => {
  it('is of a commit, for an environment', async () => {
    const { status, data } = await deploy({ environment: 'staging', payload: { a: 1 } });
    expect(status).toBe(201);
    expect(data).toMatchObject({
      ref: 'main',
      sha: tip(world),
      task: 'deploy',
      environment: 'staging',
      original_environment: 'staging',
      payload: { a: 1 },
      production_environment: false,
      transient_environment: false,
      creator: { login: 'jane' },
    });
    expect(deploymentsOf(world, 'acme/shop', 'staging')).toEqual([
      expect.objectContaining({ ref: 'main', sha: tip(world), environment: 'staging' }),
    ]);
    expect(statesOf('staging')).toEqual([undefined]);
  });

  it('may be of a sha or a tag; without an environment it is production', async () => {
    gitPush(world, { repository: 'acme/shop', tag: 'v1' });
    for (const ref of [tip(world), 'v1']) {
      expect((await deploy({ ref })).data).toMatchObject({
        ref,
        sha: tip(world),
        environment: 'production',
        production_environment: true,
      });
    }
  });

  it('is made again by the same request: there is no idempotency', async () => {
    await deploy();
    await deploy();
    expect(statesOf('production')).toHaveLength(2);
  });

  it('is listed newest first, by sha, ref, task and environment', async () => {
    const [one, two] = [await idOf(deploy({ environment: 'a' })), await idOf(deploy())];
    const ids = async (more: object = {}) => {
      const { data } = await octokitOf(world).request(`GET ${DEPLOYMENTS}`, { ...SHOP, ...more });
      return data.map(({ id }) => id);
    };
    expect(await ids()).toEqual([two, one]);
    expect(await ids({ environment: 'a' })).toEqual([one]);
    expect(await ids({ sha: '0'.repeat(40) })).toEqual([]);
    const next = await octokitOf(world).request(`GET ${DEPLOYMENTS}`, { ...SHOP, per_page: 1 });
    expect(next.headers.link).toContain('&page=2>; rel="next"');
  });

  it.each([
    ['without a ref', { ref: undefined }, 'Invalid request.\n\n"ref" wasn\'t supplied.'],
    ['of a ref that is not there', { ref: 'nope' }, 'No ref found for: nope'],
    ['with a long description', { description: 'x'.repeat(141) }, 'Validation Failed'],
    [
      'with contexts that are no list',
      { required_contexts: 'ci' },
      `Invalid request.\n\nFor 'properties/required_contexts', "ci" is not an array of strings.`,
    ],
  ])('is refused %s', async (_, more, message) => {
    expect(await refusal(deploy(more))).toMatchObject({ status: 422, data: { message } });
    expect(statesOf('production')).toEqual([]);
  });
});

describe('required contexts', () => {
  const status = (state: 'pending' | 'success', context: string) =>
    octokitOf(world).request('POST /repos/{owner}/{repo}/statuses/{sha}', {
      ...SHOP,
      sha: tip(world),
      state,
      context,
    });

  it('left out: every status of the commit must be success', async () => {
    await status('success', 'ci');
    await status('pending', 'lint');
    const asked = deploy({ required_contexts: undefined });
    expect(await refusal(asked)).toMatchObject({
      status: 409,
      data: {
        message: 'Conflict: Commit status checks failed for main.',
        errors: [
          {
            contexts: [
              { context: 'ci', state: 'success' },
              { context: 'lint', state: 'pending' },
            ],
            resource: 'Deployment',
            field: 'required_contexts',
            code: 'invalid',
          },
        ],
        status: '409',
      },
    });
    await status('success', 'lint');
    expect((await deploy({ required_contexts: undefined })).status).toBe(201);
  });

  it('named: those must be success, and one that never came is not', async () => {
    await status('success', 'ci');
    await status('pending', 'lint');
    expect((await deploy({ required_contexts: ['ci'] })).status).toBe(201);
    expect(await refusal(deploy({ required_contexts: ['absent'] }))).toMatchObject({ status: 409 });
  });

  it('an empty list looks at nothing', async () => {
    await status('pending', 'lint');
    expect((await deploy()).status).toBe(201);
  });
});

describe('auto_merge', () => {
  beforeEach(() => {
    gitPush(world, { ...MAIN, branch: 'topic', commit: 'b1', paths: ['topic.ts'] });
    gitPush(world, { ...MAIN, commit: 'a1', paths: ['main.ts'] });
    arriving(world);
  });

  it('is on by default: a branch behind the default one is merged, and nothing is deployed', async () => {
    const { status, data } = await deploy({ ref: 'topic', auto_merge: undefined });
    expect(status).toBe(202);
    expect(data).toEqual({ message: 'Auto-merged main into topic on deployment.' });
    expect(statesOf('production')).toEqual([]);
    const merge = world.github.repositories['acme/shop']?.commits[tip(world, 'topic')];
    expect(merge?.parents).toEqual([fullSha('b1'), fullSha('a1')]);
    expect(arriving(world)).toMatchObject([{ event: 'push' }]);
    expect((await deploy({ ref: 'topic', auto_merge: true })).status).toBe(201);
  });

  it('does nothing to a branch that is not behind', async () => {
    expect((await deploy({ auto_merge: true })).status).toBe(201);
  });

  it('is 409 where both changed a file, and for a sha', async () => {
    gitPush(world, { ...MAIN, branch: 'topic', commit: 'b2', paths: ['main.ts'] });
    for (const ref of ['topic', fullSha('b2')]) {
      expect(await refusal(deploy({ ref, auto_merge: true }))).toMatchObject({
        status: 409,
        data: { message: `Conflict merging main into ${ref}.` },
      });
    }
  });

  it('off: the branch is deployed as it is', async () => {
    expect((await deploy({ ref: 'topic' })).data).toMatchObject({ sha: fullSha('b1') });
  });
});

describe('a deployment status', () => {
  it('is shown with its links; the newest counts', async () => {
    const id = await idOf(deploy({ environment: 'staging' }));
    await report(id, 'in_progress');
    const { status, data } = await report(id, 'success', {
      description: 'proven',
      log_url: 'https://example.com/log',
      environment_url: 'https://staging.example.com',
    });
    expect(status).toBe(201);
    expect(data).toMatchObject({
      state: 'success',
      description: 'proven',
      environment: 'staging',
      log_url: 'https://example.com/log',
      target_url: 'https://example.com/log',
      environment_url: 'https://staging.example.com',
      deployment_url: `https://api.github.com/repos/acme/shop/deployments/${id}`,
    });
    expect(statesOf('staging')).toEqual(['success']);
    const list = await octokitOf(world).request(`GET ${DEPLOYMENTS}/{deployment_id}/statuses`, {
      ...SHOP,
      deployment_id: id,
    });
    expect(list.data.map(({ state }) => state)).toEqual(['success', 'in_progress']);
  });

  it('of success retires earlier ones of its environment that were a success', async () => {
    const ids = [];
    for (let i = 0; i < 4; i++) ids.push(await idOf(deploy({ environment: 'staging' })));
    const elsewhere = await idOf(deploy({ environment: 'qa' }));
    const [one = 0, two = 0, three = 0, four = 0] = ids;
    await report(elsewhere, 'success');
    await report(one, 'success');
    await report(two, 'failure');
    await report(four, 'success', { auto_inactive: false });
    await report(three, 'success');
    expect(statesOf('staging')).toEqual(['success', 'success', 'failure', 'inactive']);
    expect(statesOf('qa')).toEqual(['success']);
  });

  it('retires nothing in production, nothing transient, and nothing unless it is success', async () => {
    for (const more of [
      { environment: 'production' },
      { environment: 'live', production_environment: true },
      { environment: 'pr-1', transient_environment: true },
    ]) {
      const [one, two] = [await idOf(deploy(more)), await idOf(deploy(more))];
      await report(one, 'success');
      await report(two, 'success');
      expect(statesOf(more.environment)).toEqual(['success', 'success']);
    }
    const [one, two] = [
      await idOf(deploy({ environment: 'staging' })),
      await idOf(deploy({ environment: 'staging' })),
    ];
    await report(one, 'success');
    await report(two, 'failure');
    expect(statesOf('staging')).toEqual(['failure', 'success']);
  });

  it('may be any of seven states and may move the deployment to another environment', async () => {
    const id = await idOf(deploy({ environment: 'staging' }));
    for (const state of ['queued', 'pending', 'in_progress', 'error', 'failure', 'inactive']) {
      expect((await report(id, state)).data.state).toBe(state);
    }
    await report(id, 'success', { environment: 'qa' });
    expect([statesOf('staging'), statesOf('qa')]).toEqual([[], ['success']]);
  });

  it.each([
    [
      'another state',
      'done',
      {},
      [{ field: 'state', message: 'state is not included in the list' }],
    ],
    [
      'a long description',
      'success',
      { description: 'x'.repeat(141) },
      [{ field: 'description', message: 'description is too long (maximum is 140 characters)' }],
    ],
  ])('is refused with %s', async (_, state, more, errors) => {
    const id = await idOf(deploy());
    expect(await refusal(report(id, state, more))).toMatchObject({
      status: 422,
      data: { errors: errors.map((error) => ({ resource: 'DeploymentStatus', ...error })) },
    });
    expect(statesOf('production')).toEqual([undefined]);
  });

  it('of a deployment that is not there is 404', async () => {
    expect(await refusal(report(77, 'success'))).toMatchObject({ status: 404 });
  });
});
