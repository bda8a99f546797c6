/** Where an image stands in the order of the commits, for the containers that are ordered by them. */
import { describe, expect, test } from 'vitest';
import { parsePipeline } from '../../shared/config/config.ts';
import type { Envelope } from '../../shared/edge/message.ts';
import type { Ports, StoredPlace } from '../../shared/ports.ts';
import { translate } from '../../shared/reconcile/translate.ts';
import { at, digest, REGISTRY } from '../build.ts';

const SHA = '8f3c2a1b9d0447c6e5a1f0b2c3d4e5f60718293a';
const TAG = 'main-8f3c2a1b9d04';

/** One image for two containers, of which one is ordered by the pushes. */
const pipeline = parsePipeline({
  account: '123456789012',
  region: 'eu-central-1',
  targets: {
    web: {
      type: 'ecs-service',
      mode: 'act',
      cluster: 'production',
      service: 'web',
      containers: {
        app: { repository: 'shop/web', tags: { glob: 'main-*' } },
        copy: { repository: 'shop/web', tags: { glob: 'main-*' }, newer: 'push-time' },
      },
      alarms: ['web-5xx'],
    },
  },
  sources: { shop: { repository: 'acme/shop', images: { web: { repository: 'shop/web' } } } },
});

async function translated(
  places: readonly StoredPlace[],
  built: string | undefined = SHA.slice(0, 12),
) {
  const target = pipeline.targets.web;
  if (target === undefined) throw new Error('the pipeline has a target');
  const envelope: Envelope = {
    target: target.key,
    message: {
      type: 'ImagePushed',
      registry: REGISTRY,
      repository: 'shop/web',
      digest: digest(2),
      tag: TAG,
      at: at(0),
    },
    cause: { id: 'event-1', source: 'aws.ecr', detailType: 'ECR Image Action' },
  };
  const ports = {
    clock: { now: () => at(1) },
    images: { describe: async () => ({ pushedAt: at(0), tags: [TAG], state: 'present' }) },
    records: { quarantined: async () => undefined },
    commits: {
      places: async (_: string, commit: string) =>
        places.filter((one) => one.commit.startsWith(commit)),
      commitOf: async () => (built === '' ? undefined : built),
      revisionOf: async () => undefined,
    },
  } as unknown as Ports;
  const result = await translate(target, envelope, ports, {});
  if ('ignored' in result) throw new Error(result.ignored);
  if (!('event' in result) || result.event.type !== 'ImagePushed') throw new Error('no push');
  return result.event;
}

const byPush = { by: 'push-time', rank: [], pushedAt: at(0), digest: digest(2) };
const commit = { repository: 'acme/shop', sha: SHA };

describe('an image that our own build made', () => {
  test('has the place of its commit, and its commit stands in it for GitHub', async () => {
    const event = await translated([
      { ref: 'refs/heads/main', commit: SHA, line: 2, position: 7.5 },
    ]);
    expect(event.containers).toEqual({
      app: { ...byPush, by: 'commit refs/heads/main', rank: [2, 7.5] },
      copy: byPush,
    });
    expect(event.image.commit).toEqual(commit);
    expect(event).not.toHaveProperty('unplaced');
  });

  test('waits for it where the commits count, and for nothing where the push does', async () => {
    const event = await translated([
      { ref: 'refs/heads/main', commit: SHA, waitsBecause: 'HTTP 503' },
    ]);
    expect(event.containers).toEqual({ copy: byPush });
    expect(event.unplaced).toEqual({
      containers: ['app'],
      pushedAt: at(0),
      because: 'HTTP 503',
    });
    expect(event.image.commit).toEqual(commit);
  });

  test('waits too when no push of its commit was heard of; then its commit is not known', async () => {
    const other = '0123456789abcdef0123456789abcdef01234567';
    const event = await translated([
      { ref: 'refs/heads/main', commit: other, line: 1, position: 1 },
    ]);
    expect(event.unplaced?.because).toBe('no push of the commit 8f3c2a1b9d04 was heard of yet');
    expect(event.image).not.toHaveProperty('commit');
  });
});

describe('whoever may push to the repository deploys nothing with that', () => {
  const here = { ref: 'refs/heads/main', commit: SHA, line: 2, position: 7.5 };
  const because =
    'no source vouches for shop/web@sha256:0000000000000000000000000000000000000000000000000000000000000002 until now';

  test('an image that no build of ours made is ignored, though its tag names a real commit', async () => {
    await expect(translated([here], '')).rejects.toThrow(because);
  });

  test('the place is that of the commit which the build says, and not of the one in the tag', async () => {
    const other = '0123456789abcdef0123456789abcdef01234567';
    const evil = { ref: 'refs/heads/evil', commit: other, line: 1, position: 1 };
    const { containers } = await translated([here, evil], other);
    expect(containers.app?.by).toBe('commit refs/heads/evil');
  });
});

test.each([
  ['registry', { registry: 'evil.example.com' }],
  ['repository', { repository: 'library/backdoor' }],
])('an image of another %s is refused, and ECR is not even asked', async (_, other) => {
  const target = pipeline.targets.web;
  if (target === undefined) throw new Error('the pipeline has a target');
  const message = {
    type: 'ImagePushed',
    registry: REGISTRY,
    repository: 'shop/web',
    digest: digest(2),
    tag: TAG,
    at: at(0),
    ...other,
  } as const;
  const cause = { id: '1', source: 'aws.ecr', detailType: 'ECR Image Action' };
  const envelope: Envelope = { target: target.key, cause, message };
  const ports = { clock: { now: () => at(1) } } as unknown as Ports;
  const { registry, repository } = message;
  expect(await translate(target, envelope, ports, {})).toEqual({
    ignored: `no container of web takes images of ${registry}/${repository}: ${registry}/${repository}@${digest(2)} is not offered`,
    refused: true,
  });
});

test.each([
  ['when it was said stands in it', { saidAt: at(-3) }, at(-3)],
  ['of a version that did not write it, that is not known: it is refused', {}, 'unknown'],
])('a command: %s', async (_, said, saidAt) => {
  const target = pipeline.targets.web;
  if (target === undefined) throw new Error('the pipeline has a target');
  const ports = { clock: { now: () => at(1) } } as unknown as Ports;
  const word = { type: 'CommandReceived', by: 'ada', because: 'slow' } as const;
  const message = { ...word, ...said, command: { do: 'rollback' } } as const;
  const cause = { id: 'word-1', source: 'slipway.operator', detailType: 'word of a person' };
  const result = await translate(target, { target: target.key, message, cause }, ports, {
    senderId: 'AROAEXAMPLE:ada',
  });
  expect('event' in result && result.event).toMatchObject({
    id: 'word-1',
    saidAt,
    by: 'ada',
    sender: 'AROAEXAMPLE:ada',
  });
});
