/** How much the local GitHub takes, how it fails, and how Octokit's own plugins deal with it. */
import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { beforeEach, describe, expect, it } from 'vitest';
import { gitPush } from '../../github/commits/push.ts';
import {
  createGithubFetch,
  type GithubCall,
  type GithubFault,
  type GithubFetchOptions,
} from '../../github/fetch.ts';
import { githubDown, limitGithub } from '../../github/setup.ts';
import { statusesOf } from '../../github/statuses.ts';
import type { World } from '../../kernel/world.ts';
import { advance } from '../../services.ts';
import {
  arriving,
  githubWorld,
  octokitOf,
  refusal,
  SHOP,
  SILENT,
  START,
  TOKEN,
  tip,
} from './github-world.ts';

const POST = 'POST /repos/{owner}/{repo}/statuses/{sha}';
let world: World;

beforeEach(() => {
  world = githubWorld();
});

function post(octokit: Octokit, state: 'success' | 'pending' = 'success') {
  return octokit.request(POST, { ...SHOP, sha: tip(world), state });
}

function read(octokit: Octokit) {
  return octokit.request('GET /repos/{owner}/{repo}', SHOP);
}

/** Runs what is asked of it, at once: the plugin's own groups wait by the real clock. */
const AT_ONCE = {
  key: () => ({
    schedule: (_: object, job: (...args: unknown[]) => unknown, ...args: unknown[]) => job(...args),
  }),
};

/** Octokit as a product has it, but without waiting; `waited` gets what it would have waited for. */
function patient(options: Omit<GithubFetchOptions, 'world'>, waited: string[] = []): Octokit {
  const note = (kind: string) => (seconds: number, _: object, __: object, retryCount: number) => {
    waited.push(`${kind} ${seconds}`);
    if (kind === 'secondary') advance(world, world.now + seconds * 1_000);
    return retryCount < 1;
  };
  const groups = { global: AT_ONCE, auth: AT_ONCE, write: AT_ONCE };
  const throttle = {
    ...groups,
    retryAfterBaseValue: 0,
    onRateLimit: note('primary'),
    onSecondaryRateLimit: note('secondary'),
  };
  return new (Octokit.plugin(throttling, retry))({
    auth: TOKEN,
    request: { fetch: createGithubFetch({ world, ...options }) },
    // The plugin's types ask for Bottleneck's groups whole.
    throttle: throttle as never,
    retry: { retryAfterBaseValue: 0 },
    log: SILENT,
  });
}

describe('the primary limit', () => {
  it('is counted down in the headers of every answer, refusals too', async () => {
    const octokit = octokitOf(world);
    const { headers } = await read(octokit);
    expect(headers).toMatchObject({
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4999',
      'x-ratelimit-used': '1',
      'x-ratelimit-reset': String(START / 1_000 + 3_600),
      'x-ratelimit-resource': 'core',
      date: 'Sat, 21 Nov 2026 10:00:00 GMT',
    });
    const told = await refusal(octokit.request('GET /nothing'));
    expect(told.headers['x-ratelimit-remaining']).toBe('4998');
  });

  it('used up is 403 until the hour is over', async () => {
    limitGithub(world, { perHour: 2 });
    const octokit = octokitOf(world);
    await read(octokit);
    await read(octokit);
    expect(await refusal(read(octokit))).toMatchObject({
      status: 403,
      data: {
        message: 'API rate limit exceeded for user ID jane.',
        documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
        status: '403',
      },
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-used': '2' },
    });
    advance(world, START + 3_600_000);
    expect((await read(octokit)).headers['x-ratelimit-remaining']).toBe('1');
  });

  it('asking for it costs nothing', async () => {
    const octokit = octokitOf(world);
    await read(octokit);
    const ask = async () => (await octokit.request('GET /rate_limit')).data.rate;
    const reset = START / 1_000 + 3_600;
    expect([await ask(), await ask()]).toEqual(
      Array(2).fill({ limit: 5_000, used: 1, remaining: 4_999, reset }),
    );
  });
});

describe('the secondary limit', () => {
  it('80 pieces of content a minute pass, the next is 403 with retry-after', async () => {
    const octokit = octokitOf(world);
    for (let i = 0; i < 80; i++) await post(octokit);
    advance(world, START + 20_000);
    const told = await refusal(post(octokit));
    expect(told).toMatchObject({ status: 403, headers: { 'retry-after': '40' } });
    expect(told.data?.message).toMatch(/^You have exceeded a secondary rate limit\. Please wait/);
    expect((await read(octokit)).status).toBe(200);
    advance(world, START + 60_000);
    expect((await post(octokit)).status).toBe(201);
    expect(statusesOf(world, 'acme/shop', tip(world))).toHaveLength(1);
  });

  it('500 an hour', async () => {
    limitGithub(world, { contentPerHour: 3 });
    const octokit = octokitOf(world);
    for (let i = 0; i < 3; i++) await post(octokit);
    advance(world, START + 600_000);
    expect(await refusal(post(octokit))).toMatchObject({ headers: { 'retry-after': '3000' } });
  });

  it('900 points a minute, one for reading', async () => {
    limitGithub(world, { pointsPerMinute: 7 });
    const octokit = octokitOf(world);
    await post(octokit);
    await read(octokit);
    await read(octokit);
    expect(await refusal(read(octokit))).toMatchObject({ status: 403 });
    advance(world, START + 60_000);
    expect((await read(octokit)).status).toBe(200);
  });
});

describe("Octokit's throttling and retry plugins", () => {
  it('wait out a secondary limit and then succeed', async () => {
    limitGithub(world, { contentPerMinute: 1 });
    const waited: string[] = [];
    const calls: GithubCall[] = [];
    const octokit = patient({ onCall: (call) => calls.push(call) }, waited);
    await post(octokit);
    expect((await post(octokit)).status).toBe(201);
    expect(waited).toEqual(['secondary 60']);
    expect(calls.map(({ status }) => status)).toEqual([201, 403, 201]);
  });

  it('know a used-up primary limit by its headers', async () => {
    limitGithub(world, { perHour: 1 });
    const waited: string[] = [];
    const octokit = patient({}, waited);
    await read(octokit);
    expect(await refusal(read(octokit))).toMatchObject({ status: 403 });
    expect(waited.map((text) => text.split(' ')[0])).toEqual(['primary', 'primary']);
  });

  it.each(['unavailable', 'unreachable'] as const)('try again when GitHub is %s', async (fault) => {
    const faults: GithubFault[] = [fault, fault];
    const calls: GithubCall[] = [];
    const octokit = patient({
      fault: () => faults.shift() ?? 'none',
      onCall: (call) => calls.push(call),
    });
    expect((await post(octokit)).status).toBe(201);
    expect(calls.map((call) => call.fault)).toEqual([fault, fault, 'none']);
  });

  it('do a thing twice whose answer was lost', async () => {
    const faults: GithubFault[] = ['lost-answer'];
    const octokit = patient({ fault: () => faults.shift() ?? 'none' });
    const made = await octokit.request('POST /repos/{owner}/{repo}/deployments', {
      ...SHOP,
      ref: 'main',
      auto_merge: false,
      required_contexts: [],
    });
    expect(made.status).toBe(201);
    expect(world.github.repositories['acme/shop']?.deployments).toHaveLength(2);
  });

  it('give up, and nothing was done, when GitHub stays down', async () => {
    githubDown(world, { until: START + 600_000, how: 'unavailable' });
    const calls: GithubCall[] = [];
    const octokit = patient({ onCall: (call) => calls.push(call) });
    expect(await refusal(post(octokit))).toMatchObject({ status: 503 });
    expect(calls).toHaveLength(4);
    expect(statusesOf(world, 'acme/shop', tip(world))).toEqual([]);
  });
});

describe('an outage', () => {
  it('answers 503 in the words of GitHub until it is over, and counts nothing', async () => {
    githubDown(world, { until: START + 600_000, how: 'unavailable' });
    const octokit = octokitOf(world);
    expect(await refusal(read(octokit))).toMatchObject({
      status: 503,
      data: {
        message: expect.stringContaining('No server is currently available'),
        status: '503',
      },
    });
    advance(world, START + 600_000);
    expect((await read(octokit)).headers['x-ratelimit-used']).toBe('1');
  });

  it('or no connection comes about', async () => {
    githubDown(world, { until: START + 600_000, how: 'unreachable' });
    const fetch = createGithubFetch({ world });
    await expect(fetch('https://api.github.com/rate_limit')).rejects.toThrow(TypeError);
    expect(await refusal(read(octokitOf(world)))).toMatchObject({
      status: 500,
      message: 'connect ETIMEDOUT api.github.com:443',
    });
  });

  it('does not stop webhooks', () => {
    githubDown(world, { until: START + 600_000, how: 'unreachable' });
    gitPush(world, { repository: 'acme/shop', branch: 'main' });
    expect(arriving(world)).toHaveLength(1);
  });
});

describe('the fetch', () => {
  it('knows no host but the API', async () => {
    const asked = createGithubFetch({ world })('https://example.com/');
    await expect(asked).rejects.toMatchObject({ cause: { code: 'ENOTFOUND' } });
  });

  it('does nothing for a request that was given up', async () => {
    const signal = AbortSignal.abort();
    const asked = octokitOf(world).request(POST, {
      ...SHOP,
      sha: tip(world),
      state: 'success',
      request: { signal },
    });
    expect(await refusal(asked)).toMatchObject({ status: 500 });
    expect(statusesOf(world, 'acme/shop', tip(world))).toEqual([]);
  });

  it('leaves a world that survives JSON', async () => {
    await post(octokitOf(world));
    gitPush(world, { repository: 'acme/shop', branch: 'main' });
    expect(JSON.parse(JSON.stringify(world.github))).toEqual(world.github);
  });

  it('the same seed gives the same answers, byte for byte', async () => {
    const texts = [];
    for (const seed of [3, 3]) {
      world = githubWorld(seed);
      const octokit = octokitOf(world);
      const { data, headers } = await post(octokit);
      texts.push(JSON.stringify([data, headers, world.github]));
    }
    expect(texts[0]).toBe(texts[1]);
  });
});
