/** Requests of our own at the test listener: what was answered, by whom, and what that says of a release. */
import { describe, expect, test } from 'vitest';
import { createTestListener } from '../../shared/aws/test-listener.ts';
import type { OwnRequests } from '../../shared/core/model/rules.ts';
import { sendOwnRequests } from '../../shared/reconcile/answers/own-requests.ts';
import { createLog } from '../../shared/runtime/log.ts';

const SECRET = 'hush-4711';
const REQUESTS: OwnRequests = {
  url: 'https://test.shop.example:8443',
  paths: [{ path: '/' }, { path: '/health', status: 204 }],
  headers: { 'x-test': SECRET, 'User-Agent': 'shop-tester' },
  count: 200,
};
const TESTED = {
  traffic: {
    balancers: 1,
    shiftable: 1,
    connects: false,
    pairs: [{ rule: 'rule', groups: ['blue', 'green'], testRule: 'test-rule' }],
  },
} as const;

type Answer = (path: string, n: number) => number | [status: number, server: string] | Error;

/** What a release that answers so is found to be, and what was asked and logged. */
async function found(
  answer: Answer,
  { service = TESTED as object, timeLeft = 30_000, now = (): number => 0 } = {},
) {
  const asked: { url: string; headers: Headers; redirect: unknown }[] = [];
  const lines: string[] = [];
  const fetcher: typeof fetch = async (input, init) => {
    const url = String(input);
    asked.push({ url, headers: new Headers(init?.headers), redirect: init?.redirect });
    const said = answer(new URL(url).pathname, asked.length);
    if (said instanceof Error) throw said;
    const [status, server] = typeof said === 'number' ? [said, 'nginx'] : said;
    return new Response(null, { status, headers: { server } });
  };
  const log = createLog({ name: 'test', level: 'DEBUG', write: (line) => lines.push(line) });
  const testListener = createTestListener(fetcher, now, log);
  const clock = { now: () => 0, newId: () => '1', timeLeft: () => timeLeft };
  const said = await sendOwnRequests({ name: 'web:8' }, REQUESTS, service, { testListener, clock });
  return { ...said, asked, lines };
}

/** Every so many of the good answers is another. */
const each =
  (every: number, status: number): Answer =>
  (path, n) =>
    n % every === 0 ? status : path === '/health' ? 204 : 200;
const refused = Object.assign(new TypeError('fetch failed'), {
  cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
});

test('paths are asked in turn, with the headers of the config, and no header is logged', async () => {
  const { asked, lines, state, because } = await found(each(1_000, 500));
  expect(asked).toHaveLength(200);
  expect(asked.slice(0, 2).map(({ url }) => url)).toEqual([
    'https://test.shop.example:8443/',
    'https://test.shop.example:8443/health',
  ]);
  expect(asked.every(({ headers }) => headers.get('x-test') === SECRET)).toBe(true);
  expect(asked[0]?.headers.get('user-agent')).toBe('shop-tester');
  expect(new Set(asked.map(({ redirect }) => redirect))).toEqual(new Set(['manual']));
  expect([state, because]).toEqual([
    'good',
    'of 200 requests of our own to web:8 at the test listener, 0 failed (0 %)',
  ]);
  expect(lines.join('')).toContain('sent requests of our own');
  expect(lines.join('')).not.toContain(SECRET);
});

describe('it is bad', () => {
  test.each([
    ['a quarter of errors', each(4, 500), 50],
    ['eight of 200, at 50,000 to 1', each(25, 503), 8],
    [
      '504 of the load balancer: its target did not answer',
      (path, n) => (n % 4 === 0 ? [504, 'awselb/2.0'] : each(1_000, 0)(path, n)),
      50,
    ],
    [
      'another status than the one that a path is to have',
      (path) => (path === '/' ? 200 : 302),
      100,
    ],
  ] satisfies [string, Answer, number][])('%s', async (_, answer, failures) => {
    const { state, because } = await found(answer);
    expect(state).toBe('bad');
    expect(because).toContain(`to web:8 at the test listener, ${failures} failed`);
  });

  test('requests without an answer beside some that were answered', async () => {
    const { state, because } = await found((path, n) =>
      n % 2 === 0 ? refused : each(1_000, 0)(path, n),
    );
    expect(state).toBe('bad');
    expect(because).toContain('100 failed (50 %), like GET /health: ECONNREFUSED');
  });
});

test('seven of 200 may be chance', async () => {
  const { state } = await found((path, n) => (n <= 7 ? 500 : each(1_000, 0)(path, n)));
  expect(state).toBe('good');
});

describe('nobody is blamed for', () => {
  test.each([
    [
      'a rule that does not lead there',
      () => [404, 'awselb/2.0'],
      'the load balancer itself answered 200 (GET /: 404)',
    ],
    [
      'a balancer without targets',
      () => [503, 'awselb/2.0'],
      'the load balancer itself answered 200 (GET /: 503)',
    ],
    ['a port that nobody opens', () => refused, 'nobody answered 200 (GET /: ECONNREFUSED)'],
  ] satisfies [string, Answer, string][])('%s', async (_, answer, because) => {
    expect(await found(answer)).toMatchObject({
      state: 'unmeasured',
      because: `of 200, ${because}`,
    });
  });

  test('a rule that leads to it for every fourth request only', async () => {
    const { state } = await found((_, n) => (n % 4 === 0 ? 500 : [404, 'awselb/2.0']));
    expect(state).toBe('unmeasured');
  });

  test('a service without a test listener: they would meet what runs', async () => {
    const pairs = [{ rule: 'rule', groups: ['blue', 'green'] }];
    const service = { traffic: { ...TESTED.traffic, pairs } };
    const { state, because, asked } = await found(each(1, 500), { service });
    expect([state, asked]).toEqual(['unmeasured', []]);
    expect(because).toContain('names no testListenerRule');
  });

  test('a handling that is near its end', async () => {
    const { state, asked } = await found(each(1, 500), { timeLeft: 15_000 });
    expect([state, asked]).toEqual(['unmeasured', []]);
  });
});

test('none begins after eight seconds', async () => {
  let seconds = 0;
  const now = () => seconds * 1_000;
  const { asked, because } = await found(
    (path, n) => {
      seconds = n / 10;
      return each(1_000, 0)(path, n);
    },
    { now },
  );
  expect(asked.length).toBeLessThanOrEqual(90);
  expect(because).toContain(`of ${asked.length} requests`);
});

test('a person who only looks sends none', async () => {
  const clock = { now: () => 0, newId: () => '1', timeLeft: () => 60_000 };
  expect(await sendOwnRequests({ name: 'web:8' }, REQUESTS, TESTED, { clock })).toBeUndefined();
});
