/** What is taken of a request, what counts as signed, and what a push says. */
import { describe, expect, test } from 'vitest';
import { readPush, skipIn } from '../../shared/edge/push.ts';
import { readWebhook } from '../../shared/edge/webhook.ts';
import {
  readRequest,
  WEBHOOK_BYTES_MAX,
  type WebhookRequest,
} from '../../shared/edge/webhook-request.ts';
import { isSigned, secretIn, signedText } from '../../shared/edge/webhook-signature.ts';
import {
  DELIVERY,
  delivered,
  formOf,
  githubSamples,
  payloadOf,
  push,
  SECRET,
  sample,
  signatureOf,
} from './requests.ts';

function taken(event: unknown): WebhookRequest {
  const request = readRequest(event);
  if (request.kind === 'refused') throw new Error(request.because);
  return request;
}

async function verifies(event: unknown, secrets: readonly string[] = [SECRET]): Promise<boolean> {
  const signed = signedText(taken(event));
  return 'text' in signed && isSigned(signed, secrets);
}

describe('of a request', () => {
  test('the text and four headers are taken, whatever the door', () => {
    for (const door of ['http-api', 'function-url'] as const) {
      expect(readRequest(delivered('{}', { door }))).toEqual({
        kind: 'request',
        text: '{}',
        contentType: 'application/json',
        event: 'push',
        delivery: DELIVERY,
        signature: signatureOf('{}'),
      });
    }
  });

  test('the names of headers may be written in any case', () => {
    const { headers, ...rest } = delivered('{}');
    const shouted = Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]);
    const event = { ...rest, headers: Object.fromEntries(shouted) };
    expect(readRequest(event)).toEqual(readRequest(delivered('{}')));
  });

  test('a header that is no text is no header', () => {
    const headers = {
      'content-type': 5,
      'x-github-event': null,
      'x-hub-signature-256': ['sha256='],
    };
    expect(readRequest({ ...delivered('{}'), headers })).toEqual({ kind: 'request', text: '{}' });
  });

  test.each(['GET', 'PUT', 'HEAD', 'post', ''])('no method but POST is taken: %s', (method) => {
    const event = { ...delivered('{}'), requestContext: { http: { method } } };
    expect(readRequest(event)).toMatchObject({ kind: 'refused', status: 405 });
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'POST'],
    ['a list', []],
    ['an event of AWS', { source: 'aws.ecr', detail: {} }],
    ['no method', { headers: {}, requestContext: {} }],
    ['no headers', { requestContext: { http: { method: 'POST' } } }],
    ['a body that is no text', { ...delivered('{}'), body: { a: 1 } }],
  ])('what is no request is unreadable: %s', (_, event) => {
    expect(readRequest(event)).toMatchObject({ kind: 'refused', status: 400 });
  });

  test('five megabytes are taken and a byte more is not, in base64 or as they are', () => {
    const sizeOf = (body: string, base64 = false) => {
      const request = readRequest(delivered(body, { base64 }));
      return request.kind === 'refused' ? `${request.status}: ${request.message}` : 'taken';
    };
    const most = 'x'.repeat(WEBHOOK_BYTES_MAX);
    for (const base64 of [false, true]) {
      expect(sizeOf(most, base64)).toBe('taken');
      expect(sizeOf(`${most}x`, base64)).toBe('413: the body is larger than 5242880 bytes');
    }
    const letters = 'ü'.repeat(WEBHOOK_BYTES_MAX / 2);
    expect(sizeOf(letters)).toBe('taken');
    expect(sizeOf(`${letters}ü`)).toMatch(/^413/);
  });
});

describe('a signature', () => {
  test("is GitHub's: the example of its documentation", async () => {
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    expect(signatureOf('Hello, World!')).toBe(signature);
    expect(await verifies(delivered('Hello, World!'))).toBe(true);
  });

  test('of every sample verifies, but for the two that say otherwise', async () => {
    const results = await Promise.all(
      githubSamples.map(async (file) => [file, await verifies(sample(file))] as const),
    );
    const wrong = ['github-push-bad-signature.json', 'github-push-unsigned.json'];
    expect(results.filter(([, isRight]) => !isRight).map(([file]) => file)).toEqual(wrong);
    expect(results.length).toBeGreaterThan(10);
  });

  const bodies: readonly (readonly [string, string])[] = [
    ['letters of all kinds', '{"a":"Größe 中文 emoji 🚀 \u2028 \u0000"}'],
    ['half of a surrogate pair, as JSON escapes it', '{"a":"\\ud83d"}'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['the character for what could not be read', '{"a":"\ufffd"}'],
    ['spaces and line ends that JSON does not need', ' {\r\n "a" :\t1 }\n'],
    ['noncharacters', '{"a":"\ufffe\uffff"}'],
  ];
  test.each(bodies)('is over the exact bytes: %s', async (_, body) => {
    for (const base64 of [false, true]) {
      const event = delivered(body, { base64 });
      expect(await verifies(event)).toBe(true);
      expect(taken(event).text).toBe(body);
      expect(await verifies({ ...event, body: delivered(`${body} `, { base64 }).body })).toBe(
        false,
      );
    }
  });

  test('over a body that was read and written again does not count', async () => {
    const body = '{ "a": "\\u00fc" }';
    const again = signatureOf(JSON.stringify(JSON.parse(body)));
    expect(await verifies(delivered(body, { headers: { 'x-hub-signature-256': again } }))).toBe(
      false,
    );
  });

  test('of the letters in base64 is not that of the bytes', async () => {
    const event = delivered('{}', { base64: true });
    const signature = signatureOf(event.body ?? '');
    const headers = { 'x-hub-signature-256': signature };
    expect(await verifies(delivered('{}', { base64: true, headers }))).toBe(false);
  });

  test('over bytes that are not UTF-8 does not count, nor does one over what replaces them', async () => {
    const bytes = Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d);
    expect(await verifies(delivered(bytes))).toBe(false);
    const replaced = Buffer.from(bytes).toString('utf8');
    const headers = { 'x-hub-signature-256': signatureOf(replaced) };
    expect(await verifies(delivered(bytes, { headers }))).toBe(false);
    const half = { ...delivered('{"\ufffd"}'), body: '{"\ud83d"}' };
    expect(await verifies(half)).toBe(false);
  });

  test('of an empty body does not count', async () => {
    expect(await verifies(delivered(''))).toBe(false);
    const { body: _, ...without } = delivered('');
    expect(await verifies(without)).toBe(false);
  });

  const right = signatureOf('{}');
  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['of the right length and a wrong value', `sha256=${'0'.repeat(64)}`],
    ['with another last digit', right.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
    ['of another secret', signatureOf('{}', 'another secret')],
    ['of no secret', signatureOf('{}', '')],
    ['over another body', signatureOf('{} ')],
    ['cut off', right.slice(0, -1)],
    ['too long', `${right}0`],
    ['without its prefix', right.slice('sha256='.length)],
    ['of another prefix', right.replace('sha256', 'sha512')],
    ['called SHA-1', right.replace('sha256', 'sha1')],
    ['in capitals', right.toUpperCase()],
    ['with capital digits', right.replace(/[a-f]/, (digit) => digit.toUpperCase())],
    ['with spaces around', ` ${right} `],
    ['twice, as a door joins two headers', `${right},${right}`],
    ['in base64', `sha256=${Buffer.from(right.slice(7), 'hex').toString('base64')}`],
    ['of a prototype', '__proto__'],
  ])('that is wrong does not count: %s', async (_, signature) => {
    expect(right).toMatch(/[a-f]/);
    const event = delivered('{}', { headers: { 'x-hub-signature-256': signature } });
    expect(await verifies(event)).toBe(false);
    expect(await verifies(delivered('{}'))).toBe(true);
  });

  test('of SHA-1 alone does not count', async () => {
    const headers = { 'x-hub-signature-256': undefined };
    const event = delivered('{}', { headers });
    expect(event.headers['x-hub-signature']).toMatch(/^sha1=/);
    expect(await verifies(event)).toBe(false);
  });

  test('of the secret before a rotation counts, of the one before that does not', async () => {
    const event = delivered('{}', { secret: 'old' });
    expect(await verifies(event, ['new', 'old'])).toBe(true);
    expect(await verifies(event, ['newer', 'new'])).toBe(false);
    expect(await verifies(event, [])).toBe(false);
  });

  test('with an empty secret, which anybody can make, does not count', async () => {
    expect(await verifies(delivered('{}', { secret: '' }), ['', SECRET])).toBe(false);
    expect(await verifies(delivered('{}'), ['', SECRET])).toBe(true);
    expect(await verifies(delivered('{}', { secret: '' }), [''])).toBe(false);
  });
});

test.each([
  ['plain', 'plain'],
  ['with a line end\n', 'with a line end'],
  ['with a line end\r\n', 'with a line end'],
  ['two\n\n', 'two\n'],
  [' spaces are part of it ', ' spaces are part of it '],
  ['{"secret":"in JSON"}', 'in JSON'],
  ['\n{"secret":"in JSON","more":1}\n', 'in JSON'],
  ['{"token":"x"}', '{"token":"x"}'],
  ['{"secret":5}', '{"secret":5}'],
  ['{not JSON', '{not JSON'],
])('the secret in %j', (text, secret) => {
  expect(secretIn(text)).toBe(secret);
});

describe('what was signed is then read', () => {
  const headers = { contentType: 'application/json', event: 'push', delivery: DELIVERY };
  const read = (text: string, more: object = {}) => readWebhook({ ...headers, ...more }, text);
  const json = JSON.stringify(push());
  const cause = { id: DELIVERY, source: 'github', detailType: 'push' };

  test('in a form as in JSON', () => {
    const form = { contentType: 'application/x-www-form-urlencoded' };
    expect(read(json)).toEqual({ kind: 'push', push: readPush(push()), cause });
    expect(read(formOf(json), form)).toEqual(read(json));
    const letters = JSON.stringify(push({ pusher: { name: 'Jürgen & 100 % +🚀' } }));
    expect(read(formOf(letters), form)).toMatchObject({ push: { by: 'Jürgen & 100 % +🚀' } });
    expect(read(formOf(letters), form)).toEqual(read(letters));
  });

  test.each(['application/json; charset=utf-8', 'Application/JSON', ' application/json '])(
    'the content type may be written %j',
    (contentType) => expect(read(json, { contentType }).kind).toBe('push'),
  );

  test('a byte order mark before the JSON does no harm', () => {
    expect(read(`\ufeff${json}`)).toEqual(read(json));
  });

  test('a ping is a ping, and any other event is not for us, whatever its body', () => {
    expect(read('{}', { event: 'ping' })).toEqual({
      kind: 'ping',
      cause: { ...cause, detailType: 'ping' },
    });
    expect(read('nonsense', { event: 'issues' })).toMatchObject({
      kind: 'ignored',
      because: 'nobody here listens to "issues"',
    });
  });

  test.each([
    ['{', {}, 'the push cannot be read: it is not JSON'],
    ['', {}, 'the push cannot be read: it is not JSON'],
    ['null', {}, 'the push cannot be read: the payload is null, expected a push'],
    ['[]', {}, 'the push cannot be read: the payload is a list of 0, expected a push'],
    [
      json,
      { contentType: undefined },
      'the header content-type is missing, expected application/json or application/x-www-form-urlencoded',
    ],
    [
      json,
      { contentType: 'text/plain' },
      'the header content-type is "text/plain", expected application/json or application/x-www-form-urlencoded',
    ],
    [json, { contentType: 'application/x-www-form-urlencoded' }, 'the form has no payload'],
    [json, { event: undefined }, 'the header x-github-event is missing'],
    [json, { delivery: undefined }, 'the header x-github-delivery is missing, expected a GUID'],
    [
      json,
      { delivery: 'a b;c "; drop' },
      'the header x-github-delivery is "a b;c \\"; drop", expected a GUID',
    ],
  ])('what cannot be read is refused, and says what: %#', (text, more, message) => {
    expect(read(text, more)).toMatchObject({ kind: 'refused', status: 400, message });
  });

  test('a delivery is named by at most a hundred characters', () => {
    expect(read(json, { delivery: 'a'.repeat(100) }).kind).toBe('push');
    expect(read(json, { delivery: 'a'.repeat(101) })).toMatchObject({ status: 400 });
  });
});

describe('a push', () => {
  const commit = (changed: object = {}) => ({ added: [], removed: [], modified: [], ...changed });

  test('to a branch: from, to, the paths, by whom', () => {
    expect(readPush(payloadOf('github-push-branch.json'))).toEqual({
      repository: 'acme/shop',
      ref: 'refs/heads/main',
      before: 'c312acdb6d3eebc4a24524cd32060db529e9e542',
      after: 'a1f29bc91bbdab169fc0c0a326965953d11c7dff',
      forced: false,
      paths: ['web/src/price.ts', 'web/test/price.test.ts'],
      by: 'octocat',
    });
  });

  test('that makes a branch comes from nowhere, and does not tell all paths', () => {
    expect(readPush(payloadOf('github-push-branch-created.json'))).toEqual({
      repository: 'acme/shop',
      ref: 'refs/heads/feature/search',
      after: 'b17e83ca2a65d6f90a809c8570c6c905a941b877',
      forced: false,
      by: 'octocat',
    });
  });

  test('that deletes a branch leads nowhere', () => {
    expect(readPush(payloadOf('github-push-branch-deleted.json'))).toEqual({
      repository: 'acme/shop',
      ref: 'refs/heads/feature/search',
      before: 'b17e83ca2a65d6f90a809c8570c6c905a941b877',
      forced: false,
      by: 'octocat',
    });
    expect(readPush(payloadOf('github-push-tag-deleted.json'))).toMatchObject({
      ref: 'refs/tags/v1.4.2',
      before: 'a3252bc06763afb3b6c2a0802f7346700ab55f46',
    });
  });

  test('that rewrites a branch says so, and its paths are not all that changed', () => {
    const forced = readPush(payloadOf('github-push-forced.json'));
    expect(forced).toMatchObject({
      before: 'a2b9f85daa6f83cf02ce5c31913d1f64d3f5c8fa',
      forced: true,
    });
    expect(forced).not.toHaveProperty('paths');
  });

  test('without commits does not tell what changed', () => {
    for (const commits of [[], undefined, null, 'many', [5], [commit({ added: 'a.ts' })]]) {
      expect(readPush(push({ commits })), JSON.stringify(commits)).not.toHaveProperty('paths');
    }
  });

  test('of an annotated tag leads to the commit, not to the tag itself', () => {
    const tag = 'd'.repeat(40);
    const head = { id: 'e'.repeat(40), message: 'm' };
    const tagged = push({ ref: 'refs/tags/v1', after: tag, head_commit: head });
    expect(readPush(tagged)).toMatchObject({ after: head.id });
    expect(readPush({ ...tagged, ref: 'refs/heads/v1' })).toMatchObject({ after: tag });
    expect(readPush({ ...tagged, head_commit: null })).toMatchObject({ after: tag });
  });

  test('names each path once, out of all its commits', () => {
    const commits = [
      commit({ added: ['a'], removed: ['b'] }),
      commit({ modified: ['c', 'a'] }),
      { added: ['d'] },
    ];
    expect(readPush(push({ commits }))).toMatchObject({ paths: ['a', 'b', 'c', 'd'] });
  });

  test('of 2,047 commits is told whole; a list as long as it may be was cut off', () => {
    const list = (length: number) => Array.from({ length }, (_, i) => commit({ added: [`${i}`] }));
    const pathsOf = (length: number) => (readPush(push({ commits: list(length) })) as Paths).paths;
    expect(pathsOf(2_047)).toHaveLength(2_047);
    expect(pathsOf(2_048)).toBeUndefined();
    expect(pathsOf(6_000)).toBeUndefined();
  });

  test('with a commit that changes as many files as are told was cut off', () => {
    const files = (length: number) => Array.from({ length }, (_, i) => `web/${i}`);
    const pathsOf = (...commits: object[]) => (readPush(push({ commits })) as Paths).paths;
    expect(pathsOf(commit({ added: files(2_999) }))).toHaveLength(2_999);
    expect(pathsOf(commit({ added: files(1_500), removed: files(1_500) }))).toBeUndefined();
    expect(pathsOf(commit({ added: ['a'] }), commit({ modified: files(3_000) }))).toBeUndefined();
  });

  test('with more paths than anybody compares counts as not told', () => {
    const commits = Array.from({ length: 5 }, (_, c) =>
      commit({ added: Array.from({ length: 2_500 }, (_, i) => `${c}/${i}`) }),
    );
    expect(readPush(push({ commits }))).not.toHaveProperty('paths');
    expect(readPush(push({ commits: commits.slice(1) }))).toHaveProperty('paths');
    expect(
      readPush(push({ commits: [commit({ added: ['x'.repeat(5_000)] })] })),
    ).not.toHaveProperty('paths');
  });

  test('to a branch whose name a shell would read is a push like any other', () => {
    const ref = 'refs/heads/main;$(rm -rf ~)';
    expect(readPush(push({ ref }))).toMatchObject({ ref });
  });

  test('is told as somebody’s in a few words', () => {
    const by = (name: string) => readPush(push({ pusher: { name } }));
    expect(by('x'.repeat(900))).toMatchObject({ by: 'x'.repeat(100) });
    expect(by(`${'x'.repeat(99)}🚀`)).toMatchObject({ by: `${'x'.repeat(99)}\ufffd` });
  });

  const zeros = '0'.repeat(40);
  test.each<[Readonly<Record<string, unknown>>, string]>([
    [{ ref: undefined }, 'ref is missing, expected a ref like refs/heads/main'],
    [{ ref: 'main' }, 'ref is "main", expected a ref like refs/heads/main'],
    [{ ref: 'refs/heads/a\nb' }, 'ref is "refs/heads/a\\nb", expected a ref like refs/heads/main'],
    [
      { ref: 'refs/heads/\ud83d' },
      'ref is "refs/heads/\\ud83d", expected a ref like refs/heads/main',
    ],
    [{ after: 'abc' }, 'after is "abc", expected the 40 hex digits of a commit'],
    [{ before: null }, 'before is null, expected the 40 hex digits of a commit'],
    [
      { before: zeros, after: zeros },
      'before and after are both zeros, expected a commit in one of them',
    ],
    [{ forced: 'no' }, 'forced is "no", expected true or false'],
    [{ pusher: {} }, 'pusher.name is missing, expected a name'],
    [{ repository: 5 }, 'repository is the number 5, expected a repository'],
    [
      { repository: { full_name: '../../etc' } },
      `repository.full_name is "../../etc", expected owner and name of a repository, like 'acme/shop'`,
    ],
    [{ head_commit: 'x' }, 'head_commit is "x", expected a commit, or null'],
  ])('that cannot be read says what and where: %#', (changes, unreadable) => {
    expect(readPush(push(changes))).toEqual({ unreadable });
  });
});

interface Paths {
  readonly paths?: readonly string[];
}

describe('a message asks for no build', () => {
  test.each([
    ['Fix a typo [skip ci]', '[skip ci]'],
    ['[ci skip] Fix a typo', '[ci skip]'],
    ['Fix\n\nbecause [no ci] is needed', '[no ci]'],
    ['Fix [SKIP ACTIONS]', '[skip actions]'],
    ['Fix [actions skip]', '[actions skip]'],
    ['Fix\n\n\nskip-checks: true', 'skip-checks: true'],
    ['Fix\n\n\nSigned-off-by: A <a@b.c>\nskip-checks:true\n', 'skip-checks: true'],
    ['Fix\r\n\r\nskip-checks: true\r\n', 'skip-checks: true'],
  ])('%j: %s', (message, words) => {
    expect(skipIn(message)).toBe(words);
  });

  test.each([
    'Fix a typo',
    'skip ci',
    '[skip  ci]',
    '[skip-ci]',
    'skip-checks: true',
    'Fix\n\nskip-checks: false',
    'Fix\n\nskip-checks: true\nSigned-off-by: A <a@b.c>',
    'Fix, see skip-checks: true',
    '',
  ])('not by %j', (message) => {
    expect(skipIn(message)).toBeUndefined();
  });

  test('only by that of the newest commit, and a deletion has none', () => {
    const head_commit = { id: 'a'.repeat(40), message: 'Fix [skip ci]' };
    expect(readPush(push({ head_commit }))).toMatchObject({ skip: '[skip ci]' });
    expect(readPush(push({ commits: [{ message: 'Fix [skip ci]' }] }))).not.toHaveProperty('skip');
    const deleted = push({ head_commit, after: '0'.repeat(40) });
    expect(readPush(deleted)).not.toHaveProperty('skip');
  });
});
