import { expect, test } from 'vitest';
import { createHandler } from '../../functions/tick.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import type { ImageDigest } from '../../shared/core/model/image.ts';
import { TransientError } from '../../shared/ports.ts';
import type { Upkeep } from '../../shared/upkeep-ports.ts';
import { listeningLog } from '../aws/wire.ts';
import { shopPipeline } from '../shop.ts';
import { contextWith, keepingQueues, pipeline } from './sent.ts';

const T0 = Date.parse('2026-11-20T10:00:00Z');
const HOUR = 3_600_000;
const digest = `sha256:${'a'.repeat(64)}` as ImageDigest;

function ticking(more: Partial<Upkeep> = {}, of: Pipeline = pipeline) {
  const { sent, queues } = keepingQueues();
  const log = listeningLog();
  const asked: string[] = [];
  const upkeep: Upkeep = {
    due: async () => [],
    known: async () => Object.values(pipeline.targets).map(({ key }) => ({ key, phase: 'baking' })),
    claimSweep: async (name) => {
      asked.push(name);
      return true;
    },
    knownSources: async () => [],
    servicesOf: async () => [],
    taggedImages: async () => [],
    ...more,
  };
  const handler = createHandler(() => ({
    pipeline: of,
    queues,
    upkeep,
    log,
    clock: { now: () => T0 },
  }));
  return { sent, log, asked, run: (input: unknown = {}) => handler(input, contextWith(60_000)) };
}

test.each([undefined, null, 'x', { detail: '{}' }, { source: 'aws.scheduler' }])(
  'the shape of its input does not matter: %j',
  async (input) => {
    expect(await ticking().run(input)).toEqual({ due: 0, services: 0, images: 0, heads: 0 });
  },
);

test('looks that are due are sent, those on their way back to the urgent queue', async () => {
  const { run, sent } = ticking({
    due: async () => [
      { key: 'ecs/production/web', lookAt: 1, phase: 'rolling-back' },
      { key: 'ecs/production/worker', lookAt: 2, phase: 'baking' },
    ],
  });
  expect(await run()).toMatchObject({ due: 2 });
  expect(sent).toEqual([
    {
      queue: 'urgent',
      envelope: {
        target: 'ecs/production/web',
        message: { type: 'Hinted', cause: 'tick: look is due', about: 'look-due', urgent: true },
        cause: {
          id: 'tick 2026-11-20T10:00:00.000Z',
          source: 'slipway.tick',
          detailType: 'look is due',
        },
      },
    },
    { queue: 'releases', envelope: expect.objectContaining({ target: 'ecs/production/worker' }) },
  ]);
});

test('a sweep that is not due asks nobody', async () => {
  const never = async () => {
    throw new Error('asked');
  };
  const { run } = ticking({
    claimSweep: async () => false,
    known: never,
    servicesOf: never,
    taggedImages: never,
  });
  expect(await run()).toEqual({ due: 0, services: 0, images: 0, heads: 0 });
});

const images = async (address: { repository: string }) =>
  address.repository === 'shop/web'
    ? [{ digest, tags: ['main-1'], pushedAt: T0 - 3 * HOUR, state: 'present' as const }]
    : [];

test('every 15 minutes only what was pushed in the last two hours, every hour what is newest', async () => {
  const often = ticking({
    taggedImages: images,
    claimSweep: async (name) => name !== 'all images',
  });
  expect(await often.run()).toMatchObject({ images: 0 });
  const hourly = ticking({ taggedImages: images });
  expect(await hourly.run()).toMatchObject({ images: 1 });
  expect(hourly.sent).toMatchObject([
    {
      queue: 'releases',
      envelope: {
        target: 'ecs/production/web',
        message: { type: 'ImagePushed', digest, tag: 'main-1' },
        cause: { source: 'slipway.sweep' },
      },
    },
  ]);
});

test('services are asked by cluster, and targets without a record introduced', async () => {
  const asked: unknown[] = [];
  const { run, sent } = ticking({
    known: async () => [],
    servicesOf: async (cluster, services) => {
      asked.push([cluster, services]);
      return [];
    },
  });
  expect(await run()).toMatchObject({ services: 2 });
  expect(asked).toEqual([['production', ['web', 'worker']]]);
  expect(sent.map(({ envelope }) => envelope.message)).toEqual([
    { type: 'Hinted', cause: 'sweep: not introduced yet' },
    { type: 'Hinted', cause: 'sweep: not introduced yet' },
  ]);
});

test('a changed config is swept at once: the sweep of services is named by its targets', async () => {
  const { asked, run } = ticking();
  await run();
  expect(asked).toEqual([expect.stringMatching(/^services [0-9a-f]{12}$/), 'images', 'all images']);
});

test('a part that fails does not stop the others, and then the tick fails', async () => {
  const { run, sent, log } = ticking({
    due: async () => {
      throw new TransientError('no table');
    },
    taggedImages: async (address) => {
      if (address.repository === 'shop/worker') throw new TransientError('no registry');
      return images(address);
    },
  });
  await expect(run()).rejects.toThrow('Parts of this tick failed.');
  expect(sent).toHaveLength(1);
  expect(log.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
    'looks are due failed',
    'a repository was not swept',
    'failed',
  ]);
});

const HEADS = 'git/acme/shop/refs/heads';

test('every 15 minutes `build` is told to ask GitHub for the heads of the branches that are built', async () => {
  const known = [
    `${HEADS}/main`,
    `${HEADS}/release/1.4`,
    `${HEADS}/left`,
    'git/acme/shop/refs/tags/v1',
  ];
  const { run, sent, asked } = ticking({ knownSources: async () => known }, shopPipeline());
  expect(await run()).toMatchObject({ heads: 3 });
  expect(asked).toContain('heads');
  const heads = sent.filter(({ queue }) => queue === 'builds').map(({ envelope }) => envelope);
  // What the config names as it is, and what a push was heard of; hello has a branch of its own.
  expect(heads.map((one) => ('source' in one ? one.source : ''))).toEqual([
    `${HEADS}/main`,
    'git/codertocat/hello-world/refs/heads/master',
    `${HEADS}/release/1.4`,
  ]);
  expect(heads[0]).toMatchObject({
    message: { type: 'HeadSought' },
    cause: { source: 'slipway.sweep', detailType: 'heads' },
  });
});

test('of more than two hundred branches the rest is told in the log, and waits for its pushes', async () => {
  const known = Array.from({ length: 250 }, (_, n) => `${HEADS}/release/${n}`);
  const { run, log } = ticking({ knownSources: async () => known }, shopPipeline());
  expect(await run()).toMatchObject({ heads: 200 });
  expect(log.lines).toContainEqual(
    expect.objectContaining({ level: 'warn', facts: expect.objectContaining({ left: 52 }) }),
  );
});

test('a pipeline without sources claims no such sweep', async () => {
  const { run, asked } = ticking();
  await run();
  expect(asked).not.toContain('heads');
});
