import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { LocalAws } from '../../local/server/local-aws.ts';
import type { PageState, PageTarget, PageTimeline } from '../../local/server/page-state.ts';
import { localAws, post, sharedAws, stopServersAfterwards, warnings } from './http-world.ts';

stopServersAfterwards();

const MINUTE = 60;

async function get<T>(aws: LocalAws, path: string): Promise<T> {
  return (await (await fetch(aws.url + path)).json()) as T;
}

async function web(aws: LocalAws): Promise<PageTarget> {
  const { targets } = await get<PageState>(aws, '/_slipway/state');
  return targets.find(({ id }) => id === 'web') as PageTarget;
}

describe('the story of a bad push, as the page is told it', () => {
  test('what runs, what is wanted, why, and each revision’s own error rate', async () => {
    const aws = await localAws();
    const before = await web(aws);
    expect(before).toMatchObject({
      key: 'ecs/production/web',
      phase: 'idle',
      running: { app: { repository: 'shop/web', tag: 'main-0000000' } },
      wanted: { app: { tag: 'main-0000000' } },
      wayBack: {
        possible: false,
        because: expect.stringContaining('the only proven release runs already'),
      },
      counts: { desired: 4, running: 4, pending: 0 },
      alarms: [{ name: 'web-5xx', state: 'OK', threshold: 5, label: '5xx %' }],
    });
    expect(before.revisions.map(({ revision, status }) => [revision, status])).toEqual([
      ['web:1', 'PRIMARY'],
    ]);

    const push = { repository: 'shop/web', tag: 'main-1', behaviour: { errorRate: 0.4 } };
    const pushed = await post(aws, 'push', push);
    expect(pushed).toMatchObject({
      status: 200,
      body: { repository: 'shop/web', tag: 'main-1', targets: ['web'] },
    });
    expect(pushed.body.digest).toMatch(/^sha256:[0-9a-f]{64}$/);

    await post(aws, 'advance', { seconds: 2 * MINUTE });
    const during = await web(aws);
    expect(during.phase).toMatch(/^(deploying|baking)$/);
    expect(during.wanted.app?.tag).toBe('main-1');
    expect(during.because).toContain('shop/web:main-1');
    const [bad, good] = during.revisions;
    expect([bad?.revision, good?.revision]).toEqual(['web:2', 'web:1']);
    expect(bad?.served.at(-1)).toMatchObject({ errorRate: 0.4, latencyMs: 50 });
    expect(good?.served.at(-1)).toMatchObject({ errorRate: 0 });
    expect(bad?.tasks.some(({ serving }) => serving)).toBe(true);

    await post(aws, 'advance', { seconds: 15 * MINUTE });
    const after = await web(aws);
    expect(after).toMatchObject({
      phase: 'idle',
      running: { app: { tag: 'main-0000000' } },
      wanted: { app: { tag: 'main-0000000' } },
      quarantined: [{ repository: 'shop/web', tag: 'main-1' }],
      // main-1 and main-1 were pushed: a button pushes what nobody has.
      push: { repository: 'shop/web', tag: 'main-2' },
    });
    expect(Math.max(...(after.alarms[0]?.points ?? []).map(({ value }) => value))).toBeGreaterThan(
      5,
    );
    expect(after.revisions.map(({ revision, status }) => `${revision} ${status}`)).toContain(
      'web:2 gone',
    );
    expect(warnings).toEqual([]);
  });
});

describe('the timeline', () => {
  test('goes on from where one asks, numbered without a gap', async () => {
    const aws = await localAws();
    const all = await get<PageTimeline>(aws, '/_slipway/timeline');
    expect(all.entries.map(({ n }) => n)).toEqual(all.entries.map((_, index) => index));
    expect(all.next).toBe(all.entries.length);
    await post(aws, 'push', { repository: 'shop/web', tag: 'main-2' });
    const { entries } = await get<PageTimeline>(aws, `/_slipway/timeline?since=${all.next}`);
    expect(entries[0]).toMatchObject({
      n: all.next,
      type: 'step',
      text: 'shop/web:main-2 is pushed',
    });
  });

  test('a number that is none is refused', async () => {
    const aws = await sharedAws();
    const response = await fetch(`${aws.url}/_slipway/timeline?since=-1`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: 'since is "-1", expected the number of an entry',
    });
  });
});

describe('time', () => {
  test('stands still at speed 0, and passes as told', async () => {
    const aws = await localAws();
    const from = aws.live.cloud.world.now;
    expect((await post(aws, 'advance', { seconds: 90 })).body.now).toBe(from + 90_000);
    expect(await post(aws, 'speed', { speed: 3_000 })).toMatchObject({ body: { speed: 3_000 } });
    expect((await get<PageState>(aws, '/_slipway/state')).speed).toBe(3_000);
    const now = () => aws.live.cloud.world.now;
    await expect.poll(now, { timeout: 30_000 }).toBeGreaterThan(from + 100_000);
    await post(aws, 'speed', { speed: 0 });
    const stopped = (await get<PageState>(aws, '/_slipway/state')).now;
    expect((await get<PageState>(aws, '/_slipway/state')).now).toBe(stopped);
  });
});

describe('server-sent events', () => {
  /** The events up to the first that `until` wants, and how to leave. */
  async function listen(aws: LocalAws, until: (text: string) => boolean, headers = {}) {
    const controller = new AbortController();
    const { signal } = controller;
    const response = await fetch(`${aws.url}/_slipway/events`, { signal, headers });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (until(text)) break;
    }
    controller.abort();
    return text;
  }

  test('bring what happened, the state, and what happens next', async () => {
    const aws = await localAws();
    const heard = listen(aws, (text) => text.includes('main-7 is pushed'));
    await post(aws, 'push', { repository: 'shop/web', tag: 'main-7' });
    const text = await heard;
    expect(text).toMatch(/^retry: 1000\n\nid: \d+\nevent: timeline\ndata: \{/);
  });

  test('go on from the last number that a page saw', async () => {
    const aws = await localAws();
    const { next } = await get<PageTimeline>(aws, '/_slipway/timeline');
    const text = await listen(aws, (heard) => heard.includes('event: state'), {
      'last-event-id': String(next),
    });
    expect(text).not.toContain('event: timeline');
    const [, data = '{}'] = /event: state\ndata: (.*)\n/.exec(text) ?? [];
    expect(JSON.parse(data)).toMatchObject({ format: 1, timeline: { next } });
  });
});

describe('who may change something', () => {
  test.each([
    ['a page of somewhere else', { origin: 'https://evil.example' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
  ])('%s may not', async (_, headers, status) => {
    const aws = await sharedAws();
    const { next } = await get<PageTimeline>(aws, '/_slipway/timeline');
    const push = { repository: 'shop/web', tag: 'main-2' };
    expect((await post(aws, 'push', push, headers)).status).toBe(status);
    expect((await get<PageTimeline>(aws, '/_slipway/timeline')).next).toBe(next);
  });

  test('our own page may', async () => {
    const aws = await localAws();
    const origin = aws.url;
    const { status } = await post(aws, 'speed', { speed: 0 }, { origin });
    expect(status).toBe(200);
  });
});

describe('what is asked wrongly', () => {
  test.each([
    ['push', { repository: 'shop/web' }, 400, /^tag: /],
    [
      'push',
      { repository: 'shop/web', tag: 'no good' },
      400,
      /^push\.tag: is "no good", expected an image tag$/,
    ],
    [
      'push',
      { repository: 'shop/web', tag: 'a', behaviour: { errorRate: 4 } },
      400,
      /^push\.behaviour\.errorRate: .*expected a share from 0 to 1$/,
    ],
    ['push', { repository: 'shop/web', tag: 'a', behaviour: { eror: 1 } }, 400, /eror/],
    ['speed', { speed: -1 }, 400, /^speed: /],
    ['advance', { seconds: 1e9 }, 400, /^seconds: /],
    ['step', { scale: { target: 'nobody', desiredCount: 1 } }, 400, /nobody/],
    [
      'step',
      { setAlarm: { name: 'nobody', state: 'OK' } },
      409,
      /^ResourceNotFound: Alarm not found$/,
    ],
    ['nonsense', {}, 404, /^there is no \/_slipway\/nonsense; there is: /],
    ['state', {}, 405, /takes GET, not POST/],
  ])('%s %j', async (name, body, status, error) => {
    const aws = await sharedAws();
    const answer = await post(aws, name, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatch(error);
  });
});

describe('the page', () => {
  const assets = new Map([
    ['/', { type: 'text/html; charset=utf-8', body: Buffer.from('<h1>hello</h1>') }],
    ['/page.js', { type: 'text/javascript; charset=utf-8', body: Buffer.from('export {};') }],
  ]);

  test('lies at /, with its policy, and nothing else of the disk does', async () => {
    const aws = await localAws({ page: async () => ({ policy: "default-src 'self'", assets }) });
    const page = await fetch(aws.url);
    expect(await page.text()).toBe('<h1>hello</h1>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toBe("default-src 'self'");
    expect((await fetch(`${aws.url}/page.js`)).headers.get('content-type')).toMatch(/javascript/);
    const paths = ['/../package.json', '/..%2fpackage.json', '/package.json', '/page.ts', '/%00'];
    for (const path of paths) expect(await statusOf(aws, path), path).toBe(404);
    const head = await fetch(aws.url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('that cannot be made is told, and tried again at the next look', async () => {
    let times = 0;
    const page = async () => {
      times++;
      if (times === 1) throw new Error('no page today');
      return { policy: '', assets };
    };
    const aws = await localAws({ page });
    expect((await fetch(aws.url)).status).toBe(500);
    expect(warnings.join()).toContain('no page today');
    expect((await fetch(aws.url)).status).toBe(200);
    expect((await fetch(aws.url)).status).toBe(200);
    expect(times).toBe(2);
  });
});

/** Of a path that `fetch` would tidy up first. */
function statusOf(aws: LocalAws, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(aws.url).port), '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    });
    socket.once('data', (data) => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(String(data))?.[1])));
    socket.once('error', reject);
  });
}
