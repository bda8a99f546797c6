/** What the function `build` does with a batch: each message to its source, what is built to its targets. */
import { describe, expect, test } from 'vitest';
import type { SourceRecord } from '../../shared/core/source/record.ts';
import { bodyOf, type SourceEnvelope, type SourceMessage } from '../../shared/edge/message.ts';
import type { Outgoing, Queues } from '../../shared/ports.ts';
import { type BuildDeps, buildBatch } from '../../shared/reconcile/build-batch.ts';
import type { Head, Message, SourcePorts } from '../../shared/source-ports.ts';
import { listeningLog } from '../aws/wire.ts';
import { at, digest } from '../build.ts';
import { branch, buildId, building, commit, endedBuild, KEY, tag } from '../build-source.ts';
import { invocationWith } from '../functions/sent.ts';
import { shopPipeline } from '../shop.ts';

const PIPELINE = shopPipeline();
const HINT: SourceMessage = { type: 'BuildHeard', cause: 'tick: look is due' };
const PUSH: SourceMessage = {
  type: 'PushHeard',
  delivery: 'f5f11b8e-0000-0000-0000-000000000000',
  repository: 'acme/shop',
  ref: 'refs/heads/main',
  before: commit(1),
  after: commit(2),
  forced: false,
  images: ['web'],
  tag: tag(2),
  by: 'ada',
};

const envelope = (message: SourceMessage, source = KEY): SourceEnvelope => ({
  source,
  message,
  cause: { id: 'event-1', source: 'github', detailType: 'push' },
});
const batch = (...bodies: readonly string[]) => ({
  Records: bodies.map((body, i) => ({ messageId: `m-${i}`, body })),
});

interface Said {
  readonly head: Head;
  readonly message: Message;
}

/** A table with these records, a CodeBuild that takes everything, and every queue. */
function world(records: readonly SourceRecord[], said: Partial<Said> = {}) {
  const github: Said = {
    head: { state: 'unknown', because: 'HTTP 503' },
    message: { state: 'known', text: 'Mend it' },
    ...said,
  };
  const stored = new Map(records.map((record) => [record.key, { record, version: 1 }]));
  const sent: { readonly queue: string; readonly body: Record<string, unknown> }[] = [];
  const queues: Queues = {
    send: async (queue, messages: readonly Outgoing[]) => {
      for (const { body } of messages) sent.push({ queue, body: JSON.parse(body) });
    },
  };
  let ids = 0;
  const ports: SourcePorts = {
    clock: { now: () => at(4), newId: () => `id-${++ids}`, timeLeft: () => 30_000 },
    records: {
      load: async (key) => stored.get(key),
      save: async (record, expected = 0) => {
        stored.set(record.key, { record, version: expected + 1 });
        return 'saved';
      },
      addHistory: async () => undefined,
      addPlaces: async () => undefined,
      commitOf: async () => undefined,
    },
    builds: {
      start: async () => ({ ok: true, value: buildId(1) }),
      stop: async () => ({ ok: true, value: undefined }),
      states: async (of) => Object.fromEntries(of.map((id) => [id, endedBuild('SUCCEEDED')])),
      find: async () => ({}),
    },
    commits: {
      compare: async () => ({ state: 'unknown', because: 'HTTP 503' }),
      onRef: async (_, head) => ({ state: 'on', head }),
      head: async () => github.head,
      message: async () => github.message,
      named: async () => ({ state: 'missing' }),
    },
    labels: { read: async () => ({ state: 'missing' }) },
    announcements: { tell: async (all) => all.map(({ id }) => id) },
    queues,
    log: listeningLog(),
  };
  const deps: BuildDeps = {
    pipeline: PIPELINE,
    log: listeningLog(),
    queues,
    ports: () => ports,
  };
  const take = async (...bodies: readonly string[]) => {
    const { batchItemFailures } = await buildBatch(batch(...bodies), invocationWith(30_000), deps);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { take, sent, stored: (key = KEY) => stored.get(key)?.record, deps };
}

test('a push is built', async () => {
  const far = world([branch()]);
  expect(await far.take(bodyOf(envelope(PUSH)))).toEqual([]);
  expect(far.stored()?.builds.web?.running).toMatchObject([
    {
      commit: commit(2),
      id: buildId(1),
      project: PIPELINE.sources.shop?.rules.images.web?.project,
    },
  ]);
});

test('two messages of one source follow one another: they write one record', async () => {
  const far = world([branch()]);
  const next = { ...PUSH, delivery: 'another-delivery', before: commit(2), after: commit(3) };
  expect(await far.take(bodyOf(envelope(PUSH)), bodyOf(envelope(next)))).toEqual([]);
  expect(far.stored()?.commits[0]).toEqual({ commit: commit(3), line: 1, position: 3 });
});

test('what is built is offered to the targets that take such an image, as ECR’s own event would', async () => {
  const far = world([building()]);
  expect(await far.take(bodyOf(envelope(HINT)))).toEqual([]);
  expect(far.sent).toEqual([
    {
      queue: 'releases',
      body: {
        target: 'ecs/production/web',
        message: {
          type: 'ImagePushed',
          registry: '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
          repository: 'shop/web',
          digest: digest(2),
          tag: tag(2),
          at: at(3),
        },
        cause: { id: 'event-1', source: 'github', detailType: 'push' },
      },
    },
  ]);
});

describe('GitHub is asked what the branch points to', () => {
  const SOUGHT = bodyOf(envelope({ type: 'HeadSought' }));
  const at = (n: number): Partial<Said> => ({ head: { state: 'at', commit: commit(n) } });

  test('a commit that no push told of waits for its place, and is built when GitHub has told it', async () => {
    const far = world([branch()], at(5));
    expect(await far.take(SOUGHT)).toEqual([]);
    expect(far.stored()?.unplaced).toMatchObject([
      { after: commit(5), unheard: true, tag: tag(5), images: ['web', 'worker'] },
    ]);
  });

  test('what is known changes nothing, and is not even written', async () => {
    const given = branch();
    const far = world([given], at(1));
    expect(await far.take(SOUGHT)).toEqual([]);
    expect(far.stored()).toBe(given);
  });

  test('what was there before anybody listened is where the line begins, and is not built', async () => {
    const far = world([], at(3));
    expect(await far.take(SOUGHT)).toEqual([]);
    expect(far.stored()).toMatchObject({
      commits: [{ commit: commit(3), line: 1, position: 0 }],
      builds: {},
    });
    const next: SourceMessage = { ...PUSH, before: commit(3), after: commit(4), tag: tag(4) };
    await far.take(bodyOf(envelope(next)));
    expect(far.stored()?.builds.web?.running).toMatchObject([{ commit: commit(4) }]);
  });

  test('a commit that asks for no build is not built', async () => {
    const message = { state: 'known', text: 'Mend it [skip ci]' } as const;
    const far = world([branch()], { ...at(5), message });
    await far.take(SOUGHT);
    expect(far.stored()?.unplaced).toMatchObject([{ skip: '[skip ci]' }]);
  });

  test.each<[string, Partial<Said>]>([
    ['does not answer', {}],
    ['has no such branch', { head: { state: 'gone' } }],
    ['does not show the commit', { ...at(5), message: { state: 'unknown', because: '503' } }],
  ])('GitHub %s: nothing happens, and the next sweep asks again', async (_, said) => {
    const given = branch();
    const far = world([given], said);
    expect(await far.take(SOUGHT)).toEqual([]);
    expect(far.stored()).toBe(given);
  });
});

test('a message that cannot be read fails alone', async () => {
  const far = world([branch()]);
  expect(await far.take('{', bodyOf(envelope(PUSH)))).toEqual(['m-0']);
  expect(far.stored()?.builds.web?.running).toHaveLength(1);
});

describe('a ref that the config builds no longer', () => {
  const LEFT = 'git/acme/shop/refs/heads/gone';

  test('a push to it is ignored', async () => {
    const far = world([]);
    expect(await far.take(bodyOf(envelope(PUSH, LEFT)))).toEqual([]);
    expect(far.stored(LEFT)).toBeUndefined();
  });

  test('its builds are followed to their end, and then it is at rest: tick sends no more', async () => {
    const far = world([{ ...building(), key: LEFT, ref: 'refs/heads/gone' }]);
    expect(await far.take(bodyOf(envelope(HINT, LEFT)))).toEqual([]);
    expect(far.stored(LEFT)?.builds.web?.last).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(far.stored(LEFT)).not.toHaveProperty('lookAt');
    expect(far.sent).toHaveLength(1);
  });

  test('at rest, or never heard of, nothing is done for it', async () => {
    const left = { ...branch(), key: LEFT, ref: 'refs/heads/gone' };
    const far = world([left]);
    expect(await far.take(bodyOf(envelope(HINT, LEFT)))).toEqual([]);
    expect(await far.take(bodyOf(envelope(HINT, `${LEFT}2`)))).toEqual([]);
    expect(far.stored(LEFT)).toBe(left);
  });
});
