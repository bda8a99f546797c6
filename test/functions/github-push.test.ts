/** The webhook from the request to the queue and the answer: what is heard, and what is not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/github-push.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { parseSourceEnvelope } from '../../shared/edge/source-envelope.ts';
import { type SecretVersion, TransientError } from '../../shared/ports.ts';
import { createRefusalLog } from '../../shared/runtime/refusal-log.ts';
import { listeningLog } from '../aws/wire.ts';
import {
  DELIVERY,
  delivered,
  formOf,
  type Gateway,
  githubSamples,
  push,
  SECRET,
  sample,
  signatureOf,
} from '../edge/requests.ts';
import { shopPipeline } from '../shop.ts';
import { contextWith } from './sent.ts';

interface Given {
  /** The secret's texts, each time that they are asked for; the last ones stay. */
  readonly versions?: readonly (readonly string[] | Error)[];
  readonly queueFails?: Error;
  /** How long ago the first of the texts took the place of the second. */
  readonly replacedMsAgo?: number;
  readonly pipeline?: Pipeline;
  /** Of these names, their own texts. */
  readonly own?: Readonly<Record<string, string>>;
}

const NOW = Date.UTC(2026, 10, 21, 10);

function wired(given: Given = {}) {
  const { versions = [[SECRET]], queueFails, replacedMsAgo = 0 } = given;
  const { pipeline = shopPipeline(), own = {} } = given;
  const clock = { now: () => NOW };
  const versionsOf = (texts: readonly string[]): readonly SecretVersion[] =>
    texts.map((text, i) => (i === 0 ? { text } : { text, replacedAt: NOW - replacedMsAgo }));
  const sent: string[] = [];
  const asked: (readonly [string, number | undefined])[] = [];
  const log = listeningLog();
  const secrets = {
    versions: async (name: string, newerThanMs?: number) => {
      const answer = versions[Math.min(asked.length, versions.length - 1)];
      asked.push([name, newerThanMs]);
      if (answer instanceof Error) throw answer;
      const one = own[name];
      if (one !== undefined) return versionsOf([one]);
      return versionsOf(answer ?? []);
    },
  };
  const queues = {
    send: async (queue: string, messages: readonly { readonly body: string }[]) => {
      expect(queue).toBe('builds');
      if (queueFails !== undefined) throw queueFails;
      sent.push(...messages.map(({ body }) => body));
    },
  };
  const tellRefusal = createRefusalLog(clock);
  const handler = createHandler(() => ({ pipeline, queues, secrets, log, clock, tellRefusal }));
  const deliver = async (event: unknown) => {
    const { statusCode, headers, body } = await handler(event, contextWith(10_000));
    expect(headers['content-type']).toBe('application/json');
    return { status: statusCode, said: JSON.parse(body) as Readonly<Record<string, unknown>> };
  };
  return { deliver, sent, asked, log };
}

/** The status, and the message in the queue if there is one. */
async function heard(event: unknown, given?: Given) {
  const { deliver, sent, log } = wired(given);
  const answer = await deliver(event);
  expect(sent.length).toBeLessThan(2);
  return { ...answer, envelope: sent.map(parseSourceEnvelope)[0], log };
}

const json = JSON.stringify(push());
const zeros = '0'.repeat(40);

describe('every sample of GitHub', () => {
  const main = 'git/acme/shop/refs/heads/main';
  const hello = {
    status: 202,
    said: 'heard: refs/heads/master begins at 6113728f27ae, which concerns hello',
    source: 'git/codertocat/hello-world/refs/heads/master',
    tag: 'master-6113728f27ae',
  };
  const unsigned = { status: 401, said: 'the signature is missing or wrong' };
  const expected: Readonly<
    Record<string, { status: number; said: string; source?: string; tag?: string }>
  > = {
    'github-ping.json': { status: 200, said: 'pong' },
    'github-push.json': hello,
    'github-push-base64.json': hello,
    'github-push-function-url.json': hello,
    'github-push-bad-signature.json': unsigned,
    'github-push-unsigned.json': unsigned,
    'github-push-branch.json': {
      status: 202,
      said: 'heard: refs/heads/main is now at a1f29bc91bbd, which concerns web',
      source: main,
      tag: 'main-a1f29bc91bbd',
    },
    'github-push-form.json': {
      status: 202,
      said: 'heard: refs/heads/main is now at a421440dba05, which concerns web',
      source: main,
      tag: 'main-a421440dba05',
    },
    'github-push-forced.json': {
      status: 202,
      said: 'heard: refs/heads/main was rewritten, and is now at a3252bc06763, which concerns web, worker',
      source: main,
      tag: 'main-a3252bc06763',
    },
    'github-push-branch-created.json': {
      status: 202,
      said: 'heard: refs/heads/feature/search begins at b17e83ca2a65, which concerns web, worker',
      source: 'git/acme/shop/refs/heads/feature/search',
      tag: 'feature-search.38e7a3a21b-b17e83ca2a65',
    },
    'github-push-no-commits.json': {
      status: 202,
      said: 'heard: refs/heads/release/1.4 begins at a3252bc06763, which concerns web, worker',
      source: 'git/acme/shop/refs/heads/release/1.4',
      tag: 'release-1.4.2fc5001125-a3252bc06763',
    },
    'github-push-branch-deleted.json': {
      status: 202,
      said: 'heard: refs/heads/feature/search was deleted',
      source: 'git/acme/shop/refs/heads/feature/search',
      tag: 'feature-search.38e7a3a21b-b17e83ca2a65',
    },
    'github-push-tag-created.json': {
      status: 202,
      said: 'heard: refs/tags/v1.4.2 begins at a3252bc06763, which concerns web, worker',
      source: 'git/acme/shop/refs/tags/v1.4.2',
      tag: 'v1.4.2',
    },
    'github-push-tag-deleted.json': {
      status: 202,
      said: 'heard: refs/tags/v1.4.2 was deleted',
      source: 'git/acme/shop/refs/tags/v1.4.2',
      tag: 'v1.4.2',
    },
  };

  test.each(githubSamples)('%s', async (file) => {
    const { status, said, envelope } = await heard(sample(file));
    const message = envelope?.message;
    const tag = message?.type === 'PushHeard' ? message.tag : undefined;
    expect({ status, said: said.message, source: envelope?.source, tag }).toEqual({
      source: undefined,
      tag: undefined,
      ...expected[file],
    });
  });
});

test('a push becomes one message for its source, and the answer says what was understood', async () => {
  const { status, said, envelope, log } = await heard(sample('github-push-branch.json'));
  const before = 'c312acdb6d3eebc4a24524cd32060db529e9e542';
  const after = 'a1f29bc91bbdab169fc0c0a326965953d11c7dff';
  const cause = {
    id: '178ac7b5-152d-40bd-a43c-a890f8ca5f6b',
    source: 'github',
    detailType: 'push',
  };
  expect(envelope).toEqual({
    source: 'git/acme/shop/refs/heads/main',
    message: {
      type: 'PushHeard',
      delivery: cause.id,
      repository: 'acme/shop',
      ref: 'refs/heads/main',
      before,
      after,
      forced: false,
      images: ['web'],
      tag: 'main-a1f29bc91bbd',
      by: 'octocat',
    },
    cause,
  });
  expect([status, said]).toEqual([
    202,
    {
      message: 'heard: refs/heads/main is now at a1f29bc91bbd, which concerns web',
      source: 'shop',
      repository: 'acme/shop',
      ref: 'refs/heads/main',
      before,
      after,
      images: ['web'],
    },
  ]);
  const facts = { source: 'git/acme/shop/refs/heads/main', cause, after, images: ['web'] };
  expect(log.lines).toEqual([
    { level: 'info', message: 'heard', facts: { type: 'PushHeard', ...facts } },
  ]);
});

test('a message names the repository as the config does, however GitHub spells it', async () => {
  const { envelope } = await heard(sample('github-push.json'));
  expect(envelope?.message).toMatchObject({ repository: 'codertocat/hello-world' });
});

describe('the same push is the same message', () => {
  const message = async (event: Gateway) => {
    const { status, envelope } = await heard(event);
    expect(status).toBe(202);
    return envelope;
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  test('through either door, in base64 or not, in JSON or in a form', async () => {
    const plain = await message(delivered(json));
    for (const door of ['http-api', 'function-url'] as const) {
      for (const base64 of [false, true]) {
        expect(await message(delivered(json, { door, base64 }))).toEqual(plain);
        const packed = delivered(formOf(json), { door, base64, headers: form });
        expect(await message(packed)).toEqual(plain);
      }
    }
  });

  test('delivered again, to the byte: who takes it from the queue knows it by its id', async () => {
    const { deliver, sent } = wired();
    const event = sample('github-push-branch.json');
    expect(await deliver(event)).toEqual(await deliver(event));
    expect(sent).toHaveLength(2);
    expect(sent[0]).toBe(sent[1]);
    expect(sent[0]).toContain('"delivery":"178ac7b5-152d-40bd-a43c-a890f8ca5f6b"');
  });

  test('whatever letters are in it', async () => {
    const name = 'Jürgen 🚀 \u2028 \ufffe';
    const heard = name.replace('\u2028', ' ');
    const text = JSON.stringify(push({ pusher: { name } }));
    for (const body of [text, `\ufeff${text}`, text.replace('🚀', '\\ud83d\\ude80')]) {
      expect((await message(delivered(body)))?.message).toMatchObject({ by: heard });
    }
    const half = text.replace('🚀', '\\ud83d');
    expect((await message(delivered(half, { base64: true })))?.message).toMatchObject({
      by: heard.replace('🚀', '\ufffd'),
    });
  });
});

describe('without a right signature nothing is heard, and nothing is told', () => {
  const right = signatureOf(json);
  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['right length, wrong value', `sha256=${'a'.repeat(64)}`],
    ['of another secret', signatureOf(json, 'another')],
    [
      'over the body read and written again',
      signatureOf(JSON.stringify(JSON.parse(json), null, 1)),
    ],
    ['sha1 called sha256', right.slice(0, 47)],
    ['without its prefix', right.slice(7)],
    ['of another algorithm', right.replace('sha256', 'sha512')],
    ['in capitals', `sha256=${right.slice(7).toUpperCase()}`],
  ])('%s', async (_, signature) => {
    const headers = { 'x-hub-signature-256': signature };
    const { status, said, envelope, log } = await heard(delivered(json, { headers }));
    expect([status, said]).toEqual([401, { message: 'the signature is missing or wrong' }]);
    expect(envelope).toBeUndefined();
    expect(log.lines).toMatchObject([
      { level: 'warn', message: 'refused', facts: { status: 401 } },
    ]);
  });

  test('the body is not even looked at', async () => {
    const headers = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}`, 'content-type': 'no' };
    expect((await heard(delivered('nonsense', { headers }))).status).toBe(401);
  });

  test('neither the secret nor a signature reaches a log or an answer', async () => {
    const secret = 'hunter2-hunter2';
    const given: Given = { versions: [[secret], [`${secret}-new`, secret]] };
    const events = [
      delivered(json, { secret: 'another' }),
      delivered(json, { secret }),
      delivered('{', { secret }),
      ...githubSamples.map(sample),
      null,
    ];
    for (const event of events) {
      const { said, log } = await heard(event, given);
      const told = JSON.stringify([said, log.lines]);
      expect(told).not.toContain('hunter2');
      expect(told).not.toMatch(/sha256=[0-9a-f]/);
    }
  });
});

describe('the secret', () => {
  test('is that of the config; an unsigned request asks for none', async () => {
    const { deliver, asked } = wired();
    await deliver(sample('github-push-unsigned.json'));
    await deliver(delivered(json, { headers: { 'x-hub-signature-256': 'sha256=abc' } }));
    expect(asked).toEqual([]);
    await deliver(delivered(json));
    expect(asked).toEqual([['slipway/github-webhook', undefined]]);
  });

  test('may be the one before a rotation, or the new one that we do not know yet', async () => {
    const given: Given = { versions: [['old'], ['new', 'old']] };
    expect((await heard(delivered(json, { secret: 'old' }), given)).status).toBe(202);
    expect((await heard(delivered(json, { secret: 'new' }), given)).status).toBe(202);
    expect((await heard(delivered(json, { secret: 'older' }), given)).status).toBe(401);
  });

  test('of before counts for a day after its rotation, then it is refused with what to do', async () => {
    const day = 24 * 60 * 60_000;
    const old = (replacedMsAgo: number) =>
      heard(delivered(json, { secret: 'old' }), { versions: [['new', 'old']], replacedMsAgo });
    expect((await old(day - 1)).status).toBe(202);
    const { status, said, envelope, log } = await old(day);
    expect([status, said.message, envelope]).toEqual([
      401,
      'the signature is missing or wrong',
      undefined,
    ]);
    expect(log.lines).toMatchObject([
      {
        message: 'refused',
        facts: {
          because:
            'the signature fits the previous version of the secret slipway/github-webhook, which was replaced at 2026-11-20T10:00:00.000Z and counted for 24 hours more: give GitHub the current one',
        },
      },
    ]);
  });

  test('is asked for once more when a signature fits none, if what is known is 30 seconds old', async () => {
    const { deliver, asked } = wired({ versions: [['old'], ['old']] });
    expect((await deliver(delivered(json))).status).toBe(401);
    expect(asked).toEqual([
      ['slipway/github-webhook', undefined],
      ['slipway/github-webhook', 30_000],
    ]);
  });

  test('may stand in JSON, and may end with a line end', async () => {
    const given: Given = { versions: [[`{"secret":"${SECRET}"}`], [`${SECRET}\n`]] };
    expect((await heard(delivered(json), given)).status).toBe(202);
    expect((await heard(delivered(json), { versions: [[`${SECRET}\n`]] })).status).toBe(202);
  });

  test('that cannot be read leaves the delivery unheard: GitHub shows it, and can send it again', async () => {
    const { status, said, log } = await heard(delivered(json), {
      versions: [new TransientError('secretsmanager:GetSecretValue gave no answer')],
    });
    expect([status, said]).toEqual([
      503,
      { message: 'this delivery was not heard: redeliver it in a while' },
    ]);
    expect(log.lines).toMatchObject([
      { level: 'error', facts: { error: { message: expect.stringContaining('GetSecretValue') } } },
    ]);
  });
});

describe('a source with a secret of its own', () => {
  const pipeline = shopPipeline();
  const { shop } = pipeline.sources;
  if (shop === undefined) throw new Error('the shop has a source');
  const own = { ...shop, webhookSecret: 'slipway/shop-webhook' };
  const given = {
    pipeline: { ...pipeline, sources: { ...pipeline.sources, shop: own } },
    own: { 'slipway/shop-webhook': 'of the shop' },
  };
  const answered = async (secret: string) => {
    const { deliver, sent, asked, log } = wired(given);
    return { ...(await deliver(delivered(json, { secret }))), sent, asked, log };
  };

  test('hears what is signed with it', async () => {
    const { status, sent, asked } = await answered('of the shop');
    expect([status, sent.length]).toEqual([202, 1]);
    expect(asked.map(([name]) => name).toSorted()).toEqual([
      'slipway/github-webhook',
      'slipway/shop-webhook',
    ]);
  });

  test('hears nothing that is signed with the secret of another source', async () => {
    const { status, sent, log } = await answered(SECRET);
    expect([status, sent]).toEqual([401, []]);
    expect(log.lines).toMatchObject([
      {
        facts: {
          because:
            'a push of acme/shop is signed with slipway/github-webhook: the secret of the source "shop" is slipway/shop-webhook',
        },
      },
    ]);
  });
});

test('a flood of refusals is counted, and not told line by line', async () => {
  let now = NOW;
  const tell = createRefusalLog({ now: () => now });
  const log = listeningLog();
  for (let n = 0; n < 1_000; n++) tell(log, { status: 401, because: 'unsigned' });
  expect(log.lines).toHaveLength(10);
  now += 60_000;
  tell(log, { status: 401, because: 'unsigned' });
  expect(log.lines.slice(10)).toMatchObject([
    { message: 'refused, and not told line by line', facts: { deliveries: 990 } },
    { message: 'refused', facts: { because: 'unsigned' } },
  ]);
});

test('a queue that does not take the message leaves the delivery unheard', async () => {
  const queueFails = new TransientError('sqs:SendMessageBatch to builds gave no answer');
  const { status, said } = await heard(delivered(json), { queueFails });
  expect([status, said]).toEqual([
    503,
    { message: 'this delivery was not heard: redeliver it in a while' },
  ]);
  const mistake = await heard(delivered(json), { queueFails: new TypeError('x is undefined') });
  expect(mistake.status).toBe(500);
  expect(JSON.stringify(mistake.said)).not.toContain('undefined');
});

describe('signed, and not for us', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      'another repository',
      { repository: { full_name: 'evil/shop' } },
      'ignored: no source is the repository evil/shop',
    ],
    [
      'a branch that is not built',
      { ref: 'refs/heads/other' },
      'ignored: the source "shop" does not build refs/heads/other',
    ],
    [
      'a tag that is not built',
      { ref: 'refs/tags/beta' },
      'ignored: the source "shop" does not build refs/tags/beta',
    ],
  ])('%s is acknowledged and ignored', async (_, changes, message) => {
    const { status, said, envelope, log } = await heard(delivered(JSON.stringify(push(changes))));
    expect([status, said, envelope]).toEqual([202, { message }, undefined]);
    const because = message.replace('ignored: ', '');
    expect(log.lines).toMatchObject([
      { level: 'info', message: 'ignored', facts: { because, cause: { id: DELIVERY } } },
    ]);
  });

  test('any other event is acknowledged and ignored', async () => {
    const headers = { 'x-github-event': 'pull_request' };
    const { status, said, envelope } = await heard(delivered('{"action":"opened"}', { headers }));
    expect([status, said, envelope]).toEqual([
      202,
      { message: 'ignored: nobody here listens to "pull_request"' },
      undefined,
    ]);
  });
});

describe('a push', () => {
  const said = async (changes: Readonly<Record<string, unknown>>) => {
    const { said, envelope } = await heard(delivered(JSON.stringify(push(changes))));
    return { message: said.message, heard: envelope?.message };
  };

  test('whose message asks for no build is passed on, and says so', async () => {
    const head_commit = { id: 'a'.repeat(40), message: 'Fix a typo [skip ci]' };
    const result = await said({ head_commit });
    expect(result).toMatchObject({
      message:
        'heard: refs/heads/main is now at a1f29bc91bbd, and its message asks for no build ([skip ci])',
      heard: { skip: '[skip ci]', images: ['web'] },
    });
  });

  test('whose paths concern no image is passed on, for it has its place in the order', async () => {
    const commits = [{ added: ['docs/a.md'], removed: [], modified: [] }];
    expect(await said({ commits })).toMatchObject({
      message: 'heard: refs/heads/main is now at a1f29bc91bbd, and its paths concern no image',
      heard: { images: [] },
    });
  });

  test('of 2,000 commits is one small message, for what they changed', async () => {
    const commits = Array.from({ length: 2_000 }, (_, i) => ({
      ...(push().commits as object[])[0],
      added: [`worker/src/a-rather-long-name-of-a-file-${i}.ts`],
    }));
    const event = delivered(JSON.stringify(push({ commits })), { base64: true });
    expect(event.body?.length).toBeGreaterThan(1_000_000);
    const { deliver, sent } = wired();
    expect((await deliver(event)).status).toBe(202);
    expect(sent[0]?.length).toBeLessThan(1_000);
    expect(JSON.parse(sent[0] ?? '')).toMatchObject({ message: { images: ['worker'] } });
    const all = delivered(JSON.stringify(push({ commits: [...commits, ...commits] })));
    expect((await heard(all)).envelope?.message).toMatchObject({ images: ['web', 'worker'] });
  });

  test('to a branch with a name that a shell would read gives a tag that no shell reads', async () => {
    const ref = 'refs/heads/feature/main;$(rm -rf ~)`id`|"\'';
    expect((await said({ ref })).heard).toMatchObject({
      ref,
      tag: 'feature-main-rm--rf-id-.abb9efb5af-a1f29bc91bbd',
    });
  });
});

describe('what cannot be taken', () => {
  test.each<[string, unknown, number, string]>([
    ['nothing', undefined, 400, 'this is no request of a function URL or an HTTP API'],
    [
      'an event of AWS',
      { source: 'aws.ecr' },
      400,
      'this is no request of a function URL or an HTTP API',
    ],
    [
      'another method',
      { ...delivered('{}'), requestContext: { http: { method: 'GET' } } },
      405,
      'a webhook is sent with POST',
    ],
    [
      'more than five megabytes',
      delivered('x'.repeat(5_242_881)),
      413,
      'the body is larger than 5242880 bytes',
    ],
    ['no JSON', delivered('{'), 400, 'the push cannot be read: it is not JSON'],
    [
      'a push without its ref',
      delivered(JSON.stringify(push({ ref: undefined }))),
      400,
      'the push cannot be read: ref is missing, expected a ref like refs/heads/main',
    ],
    [
      'a push from nothing to nothing',
      delivered(JSON.stringify(push({ before: zeros, after: zeros }))),
      400,
      'the push cannot be read: before and after are both zeros, expected a commit in one of them',
    ],
  ])('%s', async (_, event, status, message) => {
    const answer = await heard(event);
    expect([answer.status, answer.said, answer.envelope]).toEqual([status, { message }, undefined]);
    expect(answer.log.lines).toHaveLength(1);
    expect(answer.log.lines).toMatchObject([{ message: 'refused', facts: { status } }]);
  });

  test('a wrong method is told the right one', async () => {
    const handler = createHandler(() => ({
      ...{ pipeline: shopPipeline(), log: listeningLog() },
      queues: { send: async () => undefined },
      secrets: { versions: async () => [] },
      clock: { now: () => NOW },
      tellRefusal: () => undefined,
    }));
    const event = { ...delivered('{}'), requestContext: { http: { method: 'GET' } } };
    expect((await handler(event, contextWith(1))).headers).toMatchObject({ allow: 'POST' });
  });
});

const STATUSES = [200, 202, 400, 401, 405, 413];

test('whatever stands in a signed push, it is answered, and what is sent can be read again', async () => {
  const keys = Object.keys(push());
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom(zeros, 'refs/heads/main', [], [{}]));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...keys), value, async (key, other) => {
      const { status, envelope } = await heard(delivered(JSON.stringify(push({ [key]: other }))));
      expect([202, 400]).toContain(status);
      expect(envelope === undefined || envelope.cause.id === DELIVERY).toBe(true);
    }),
    { seed: 20_261_120, numRuns: 500 },
  );
});

test('whatever the request is, it is answered, and nothing is sent that was not signed', async () => {
  const header = fc.constantFrom(
    ...['x-hub-signature-256', 'x-github-event', 'x-github-delivery', 'content-type'],
  );
  const request = fc.oneof(
    fc.anything(),
    fc
      .tuple(header, fc.string({ unit: 'binary' }), fc.boolean())
      .map(([name, text, base64]) => delivered(json, { base64, headers: { [name]: text } })),
    fc.uint8Array().map((bytes) => delivered(bytes)),
    fc
      .tuple(fc.string({ unit: 'binary' }), fc.boolean())
      .map(([body, isBase64Encoded]) => ({ ...delivered(json), body, isBase64Encoded })),
  );
  await fc.assert(
    fc.asyncProperty(request, async (event) => {
      const { deliver, sent } = wired();
      const { status } = await deliver(event);
      expect(STATUSES).toContain(status);
      expect(sent).toEqual([]);
    }),
    { seed: 20_261_120, numRuns: 1_000 },
  );
});
