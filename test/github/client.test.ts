/** GitHub's API through a real Octokit: who we are there, what a failure means, and that no secret gets out. */
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createGitHubClient, type GitHubOptions } from '../../shared/github/client.ts';
import { createReports } from '../../shared/github/reports.ts';
import { GitHubIsBusy, GitHubRefuses } from '../../shared/github-errors.ts';
import { TransientError } from '../../shared/ports.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { listeningLog } from '../aws/wire.ts';
import { answer } from '../feedback/small-github.ts';

const TOKEN = 'ghp_thisIsASecretOfTheTest0123456789ab';
const NOW = Date.parse('2026-11-20T10:00:00Z');
const STATUS = {
  repository: 'acme/shop',
  sha: '1'.repeat(40),
  context: 'slipway/web',
  state: 'success',
  description: 'proven',
} as const;

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly authorization: string | undefined;
}

function connected(
  answers: readonly (() => Response | Promise<Response>)[],
  options: Partial<GitHubOptions> & { readonly secret?: readonly string[] } = {},
) {
  const asked: Asked[] = [];
  const log = listeningLog();
  const left = [...answers];
  const { secret = [JSON.stringify({ token: TOKEN })], ...rest } = options;
  const client = createGitHubClient({
    secrets: { get: async () => secret },
    github: { apiUrl: 'https://api.github.com', credentials: 'slipway/github' },
    clock: { now: () => NOW },
    log,
    fetch: (async (url: string, init: RequestInit = {}) => {
      const authorization = new Headers(init.headers).get('authorization') ?? undefined;
      asked.push({ url, method: init.method ?? 'GET', authorization });
      const next = left.length > 1 ? left.shift() : left[0];
      if (next === undefined) throw new Error('no answer');
      return await next();
    }) as unknown as typeof fetch,
    polite: false,
    ...rest,
  });
  return { client, reports: createReports(client), asked, log };
}

const created = () => answer(201, { id: 1 });
const refused =
  (status: number, message = 'no', headers = {}) =>
  () =>
    answer(status, { message, documentation_url: 'https://docs.github.com/rest' }, headers);
const gone = (message: string) => () =>
  Promise.reject(new TypeError('fetch failed', { cause: new Error(message) }));

describe('who asks', () => {
  test('a token, at the address of the config', async () => {
    const { reports, asked } = connected([created], {
      github: { apiUrl: 'https://github.example.com/api/v3/', credentials: 'a' },
    });
    await reports.setStatus(STATUS);
    expect(asked).toEqual([
      {
        url: `https://github.example.com/api/v3/repos/acme/shop/statuses/${STATUS.sha}`,
        method: 'POST',
        authorization: `token ${TOKEN}`,
      },
    ]);
  });

  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  test.each([
    ['as GitHub gives it', 'pkcs1', '\n'],
    ['in the newer form', 'pkcs8', '\n'],
    ['on one line', 'pkcs1', '\\n'],
  ] as const)(
    'an app with its key %s: it signs once, and its token is kept',
    async (_, type, end) => {
      const pem = privateKey.export({ type, format: 'pem' }).toString().replaceAll('\n', end);
      const secret = [JSON.stringify({ appId: '7', installationId: 8, privateKey: pem })];
      const token = () =>
        answer(201, { token: 'ghs_ofTheInstallation0123', expires_at: '2999-01-01T00:00:00Z' });
      const { reports, asked } = connected([token, created], { secret });
      await reports.setStatus(STATUS);
      await reports.setStatus(STATUS);
      expect(asked.map(({ url }) => url.replace('https://api.github.com', ''))).toEqual([
        '/app/installations/8/access_tokens',
        `/repos/acme/shop/statuses/${STATUS.sha}`,
        `/repos/acme/shop/statuses/${STATUS.sha}`,
      ]);
      expect(asked.slice(1).map((one) => one.authorization)).toEqual([
        'token ghs_ofTheInstallation0123',
        'token ghs_ofTheInstallation0123',
      ]);
      const [header, payload, signature = ''] = (asked[0]?.authorization ?? '')
        .replace('bearer ', '')
        .split('.');
      expect(JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())).toMatchObject({
        iss: 7,
      });
      const signed = Buffer.from(`${header}.${payload}`);
      const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
      expect(verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))).toBe(true);
    },
  );

  test('while a secret is rotated the version before still counts', async () => {
    const secret = [JSON.stringify({ token: 'new-one' }), JSON.stringify({ token: 'old-one' })];
    const { reports, asked } = connected([refused(401, 'Bad credentials'), created], { secret });
    await reports.setStatus(STATUS);
    expect(asked.map((one) => one.authorization)).toEqual(['token new-one', 'token old-one']);
  });

  test('a token that is taken no longer is read anew, once', async () => {
    const read: (number | undefined)[] = [];
    const secrets = {
      get: async (_: string, newerThanMs?: number) => {
        read.push(newerThanMs);
        return [JSON.stringify({ token: newerThanMs === undefined ? 'old-one' : 'new-one' })];
      },
    };
    const { reports, asked } = connected([refused(401), created], { secrets });
    await reports.setStatus(STATUS);
    expect(asked.map((one) => one.authorization)).toEqual(['token old-one', 'token new-one']);
    expect(read).toEqual([undefined, 10_000]);
  });

  test.each([
    ['no JSON', 'hunter2-hunter2'],
    ['another shape', '{"password":"hunter2-hunter2"}'],
    ['an empty token', '{"token":"","note":"hunter2-hunter2"}'],
    ['a key that is none', '{"appId":1,"installationId":2,"privateKey":"hunter2-hunter2"}'],
  ])('%s is refused by the name of the secret, and not shown', async (_, text) => {
    const { reports, asked, log } = connected([created], { secret: [text] });
    const error = await reports.setStatus(STATUS).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GitHubRefuses);
    expect(String(error)).toContain('The secret slipway/github holds no credentials');
    expect(String(error) + JSON.stringify(log.lines)).not.toContain('hunter2');
    expect(asked).toEqual([]);
  });

  test('a key that signs nothing is refused, and not shown', async () => {
    const privateKey =
      '-----BEGIN RSA PRIVATE KEY-----\nhunter2hunter2\n-----END RSA PRIVATE KEY-----';
    const secret = [JSON.stringify({ appId: 1, installationId: 2, privateKey })];
    const { reports } = connected([created], { secret });
    const error = await reports.setStatus(STATUS).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GitHubRefuses);
    expect(String(error)).toContain('See whether the private key in the secret slipway/github');
    expect(String(error)).not.toContain('hunter2');
  });

  test('a secret that is not there is seen by somebody; one that cannot be read now is waited for', async () => {
    const missing = Object.assign(new Error('no'), { name: 'ResourceNotFoundException' });
    const fails = (cause: Error) => ({
      get: () => Promise.reject(new TransientError('no answer to rely on', { cause })),
    });
    const first = connected([created], { secrets: fails(missing) });
    await expect(first.reports.setStatus(STATUS)).rejects.toThrow(GitHubRefuses);
    const second = connected([created], { secrets: fails(new Error('timeout')) });
    const error = await second.reports.setStatus(STATUS).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransientError);
    expect(error).not.toBeInstanceOf(GitHubRefuses);
  });

  test('an installation that is gone is named as such', async () => {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const secret = [JSON.stringify({ appId: 7, installationId: 8, privateKey: pem })];
    const { reports } = connected([refused(404, 'Not Found')], { secret });
    await expect(reports.setStatus(STATUS)).rejects.toThrow(
      'See whether appId and installationId in the secret slipway/github belong together',
    );
  });
});

describe('what a failure means', () => {
  test.each([
    ['500', refused(500), undefined, false],
    ['503 with a time', refused(503, 'no', { 'retry-after': '7' }), 7, false],
    ['429', refused(429), 60, true],
    ['429 with a time', refused(429, 'no', { 'retry-after': '33' }), 33, true],
    ['a secondary limit', refused(403, 'You have exceeded a secondary rate limit'), 60, true],
    [
      'the limit of the hour',
      refused(403, 'API rate limit exceeded', {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(NOW / 1000 + 600),
      }),
      601,
      true,
    ],
    ['no route', gone('connect ECONNREFUSED'), undefined, false],
  ] as const)('%s passes', async (_, far, afterSeconds, isLimit) => {
    const { reports } = connected([far]);
    const error = await reports.setStatus(STATUS).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GitHubIsBusy);
    expect(error).toMatchObject({ isLimit });
    expect((error as GitHubIsBusy).afterSeconds).toBe(afterSeconds);
  });

  test('every request has an end, that for the token of an app too', async () => {
    const signals: unknown[] = [];
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const token = () => answer(201, { token: 'ghs_1', expires_at: '2999-01-01T00:00:00Z' });
    const { reports } = connected([], {
      secret: [JSON.stringify({ appId: 7, installationId: 8, privateKey: pem })],
      fetch: (async (url: string, init: RequestInit = {}) => {
        signals.push(init.signal);
        return url.endsWith('/access_tokens') ? token() : created();
      }) as unknown as typeof fetch,
    });
    await reports.setStatus(STATUS);
    expect(signals).toEqual([expect.any(AbortSignal), expect.any(AbortSignal)]);
  });

  test('no answer in time passes', async () => {
    const timeout = () => Promise.reject(new DOMException('too slow', 'TimeoutError'));
    const aborted = () => Promise.reject(new DOMException('too slow', 'AbortError'));
    for (const far of [timeout, aborted]) {
      await expect(connected([far]).reports.setStatus(STATUS)).rejects.toThrow(GitHubIsBusy);
    }
  });

  test.each([
    [401, 'Bad credentials'],
    [403, 'Resource not accessible by personal access token'],
    [404, 'Not Found'],
    [422, 'Validation Failed'],
  ])('%i does not pass', async (status, message) => {
    const { reports } = connected([refused(status, message)]);
    const error = await reports.setStatus(STATUS).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GitHubRefuses);
    expect(error).toMatchObject({ status, words: message });
  });

  test('a page of HTML in place of an answer passes, and is not logged whole', async () => {
    const page = `<html>${'x'.repeat(10_000)}</html>`;
    const { reports, log } = connected([
      () => new Response(page, { status: 502, headers: { 'content-type': 'text/html' } }),
    ]);
    await expect(reports.setStatus(STATUS)).rejects.toThrow(GitHubIsBusy);
    expect(JSON.stringify(log.lines).length).toBeLessThan(1_500);
  });
});

describe('politeness', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  async function politely(far: readonly (() => Response | Promise<Response>)[]) {
    vi.useFakeTimers();
    const { reports, asked } = connected(far, { polite: true });
    return { reports, asked, soon: () => vi.advanceTimersByTimeAsync(30_000) };
  }

  test('what passes is asked once more', async () => {
    const { reports, asked, soon } = await politely([refused(502), created]);
    const done = reports.setStatus(STATUS);
    await soon();
    await done;
    expect(asked).toHaveLength(2);
  });

  test('a deployment is never made twice', async () => {
    const { reports, asked, soon } = await politely([gone('other side closed'), created]);
    const facts = {
      ...STATUS,
      environment: 'web',
      isProduction: false,
      release: 'r',
      summary: 's',
    };
    const done = reports.createDeployment(facts).catch((thrown: unknown) => thrown);
    await soon();
    expect(await done).toBeInstanceOf(GitHubIsBusy);
    expect(asked).toHaveLength(1);
  });

  test('a limit of three seconds is waited for, one of a minute is not', async () => {
    const limited = (seconds: string) =>
      refused(403, 'You have exceeded a secondary rate limit', { 'retry-after': seconds });
    const short = await politely([limited('3'), created]);
    const done = short.reports.setStatus(STATUS);
    await short.soon();
    await done;
    expect(short.asked).toHaveLength(2);
    const long = await politely([limited('60'), created]);
    const failed = long.reports.setStatus(STATUS).catch((thrown: unknown) => thrown);
    await long.soon();
    expect(await failed).toMatchObject({ afterSeconds: 60, isLimit: true });
    expect(long.asked).toHaveLength(1);
  });
});

describe('secrets', () => {
  test.each([
    ['in words of GitHub', refused(422, `what is ${TOKEN}?`)],
    ['in words of the network', gone(`proxy says: authorization token ${TOKEN}`)],
    ['of somebody else', refused(403, 'github_pat_11AAAAAAA0123456789_abcdefghijk')],
    ['a web token', refused(401, 'eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjF9.c2lnbmF0dXJl is odd')],
  ])('%s stand in no error and no line', async (_, far) => {
    const lines: string[] = [];
    const log = createLog({ name: 'feedback', level: 'DEBUG', write: (line) => lines.push(line) });
    const { reports } = connected([far], { log });
    const error = await reports.setStatus(STATUS).catch((thrown: unknown) => thrown);
    log.error('failed', { error });
    const said = lines.join('\n') + String((error as Error).stack);
    expect(said).toContain('[secret]');
    expect(said).not.toMatch(/thisIsASecret|11AAAAAAA|eyJhbGci/);
    expect((error as Error).cause).toBeUndefined();
  });

  test('a token that looks like no token is known all the same', async () => {
    const secret = ['{"token":"enterprise-token-of-another-kind"}'];
    const far = [refused(422, 'enterprise-token-of-another-kind is odd')];
    const { reports } = connected(far, { secret });
    await expect(reports.setStatus(STATUS)).rejects.toThrow('422: [secret] is odd');
  });

  test('each call is one line, with what came of it', async () => {
    const calls: object[] = [];
    const { reports, log } = connected([created], { onCall: (call) => calls.push(call) });
    await reports.setStatus(STATUS);
    const call = {
      route: 'POST /repos/{owner}/{repo}/statuses/{sha}',
      repository: 'acme/shop',
      outcome: 'ok',
    };
    expect(calls).toEqual([call]);
    expect(log.lines).toEqual([
      { level: 'info', message: 'called GitHub', facts: { call: { ...call, ms: 0 } } },
    ]);
  });
});
