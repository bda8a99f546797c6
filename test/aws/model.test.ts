/** The ports over the local AWS, with the SDK's real clients: they must speak with one another. */

import { archiveImage, deleteImage, pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { advance } from '@slipway/local-cloud/services.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { expect, test } from 'vitest';
import { worldOf } from '../../local/stories/setup/scenario-world.ts';
import { connect } from '../../shared/aws/connect/reconcile.ts';
import { connectTick } from '../../shared/aws/connect/tick.ts';
import type { Image, ImageDigest } from '../../shared/core/model/image.ts';
import { pipeline } from '../functions/sent.ts';
import { listeningLog } from './wire.ts';

const ref = { cluster: 'production', service: 'web' };
const MINUTE = 60_000;

function connected() {
  const world = worldOf(pipeline, {}, 1);
  const calls: string[] = [];
  const options = {
    environment: {
      SLIPWAY_TABLE: 't',
      SLIPWAY_URGENT_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/1/u',
      SLIPWAY_RELEASES_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/1/r',
      SLIPWAY_BUS: 'b',
    },
    log: listeningLog(),
    clock: { now: () => world.now, newId: () => 'id' },
    aws: clientSettings({ world, transport: createTransport({ world }) }),
    onCall: (call: { service: string; operation: string }) =>
      calls.push(`${call.service}:${call.operation}`),
  };
  const image = (tag: string, behaviour = {}): Image => ({
    registry: pipeline.registry,
    repository: 'shop/web',
    digest: pushImage(world, { repository: 'shop/web', tag, behaviour }) as ImageDigest,
    tags: [tag],
  });
  const { upkeep } = connectTick(options);
  return { world, calls, image, upkeep, ports: connect(options).ports(() => 30_000) };
}

test('four calls to ECS lead from a look to a rollout, which is then found and followed to its end', async () => {
  const { world, ports, image, calls } = connected();
  const app = image('main-1');
  const { services } = ports;
  const before = world.now;

  const service = await services.describe(ref);
  if (service === undefined) throw new Error('the service is there');
  const base = await services.definition(service.primary.revision);
  expect(base).toMatchObject({
    active: true,
    family: 'web',
    containers: { app: expect.any(String) },
  });
  const tags = { 'slipway:release': 'ecs/production/web/1' };
  const registered = await services.registerRevision(base.revision, { app }, tags);
  if (!registered.ok) throw new Error(registered.message);
  const action = {
    type: 'StartRollout',
    revision: registered.value,
    requestedAt: before,
    deploymentConfiguration: { ...service.deploymentConfiguration, bakeTimeInMinutes: 0 },
  } as const;
  expect(await services.startRollout(ref, action)).toEqual({ ok: true, value: undefined });
  expect(calls).toEqual([
    'ecs:DescribeServices',
    'ecs:DescribeTaskDefinition',
    'ecs:RegisterTaskDefinition',
    'ecs:UpdateService',
  ]);

  advance(world, world.now + MINUTE);
  const [rollout] = (await services.rollouts(ref, before, {})) ?? [];
  expect(rollout).toMatchObject({ status: 'IN_PROGRESS', revision: registered.value });
  advance(world, world.now + 20 * MINUTE);
  const [ended] = (await services.rollouts(ref, before, {})) ?? [];
  expect(ended).toMatchObject({
    arn: rollout?.arn,
    status: 'SUCCESSFUL',
    finishedAt: expect.any(Number),
  });

  const after = await services.describe(ref);
  expect(after?.primary).toMatchObject({ revision: registered.value, rolloutState: 'COMPLETED' });
  expect(
    await services.runningImages(
      ref,
      {
        revision: after?.primary.revision ?? registered.value,
        serviceRevision: after?.serviceRevision,
      },
      ['app'],
    ),
  ).toEqual({
    pinned: true,
    images: { app: { ...app, tags: [] } },
  });
  expect(await services.findRevision(base.revision, 'ecs/production/web/1')).toBe(registered.value);
  expect(await services.findRevision(base.revision, 'ecs/production/web/2')).toBeUndefined();
});

test('a rollout that ECS rolls back says where to; its tasks say why', async () => {
  const { world, ports, image } = connected();
  const { services } = ports;
  const before = world.now;
  const service = await services.describe(ref);
  const base = service?.primary.revision ?? ('' as never);
  const app = image('main-bad', { exitCodeOnStart: 3 });
  const registered = await services.registerRevision(base, { app }, {});
  if (!registered.ok || service === undefined) throw new Error('registered');
  await services.startRollout(ref, {
    type: 'StartRollout',
    revision: registered.value,
    requestedAt: before,
    deploymentConfiguration: service.deploymentConfiguration,
  });
  advance(world, world.now + 8 * MINUTE);
  const { newest: stopped = [] } = (await services.stoppedTasks(ref, registered.value)) ?? {};
  expect(stopped.length).toBeGreaterThan(0);
  expect(stopped.length).toBeLessThanOrEqual(10);
  expect(stopped.at(0)?.stoppedAt).toBeLessThanOrEqual(stopped.at(-1)?.stoppedAt ?? 0);
  expect(stopped.some(({ containers }) => containers.some(({ exitCode }) => exitCode === 3))).toBe(
    true,
  );

  advance(world, world.now + 30 * MINUTE);
  const rollouts = (await services.rollouts(ref, before, {})) ?? [];
  expect(rollouts.at(-1)).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    revision: registered.value,
    rolledBackTo: base,
  });
});

test('a rollout that is over is not stopped: that is an answer of ECS', async () => {
  const { world, ports } = connected();
  const [rollout] = (await ports.services.rollouts(ref, world.now - 60 * MINUTE, {})) ?? [];
  const stopped = await ports.services.stopRollout(rollout?.arn ?? '');
  expect(stopped).toMatchObject({ ok: false, code: expect.any(String) });
});

test('what is not there is not there', async () => {
  const { ports, upkeep } = connected();
  expect(await ports.services.describe({ ...ref, service: 'none' })).toBeUndefined();
  expect(await ports.services.describe({ ...ref, cluster: 'none' })).toBeUndefined();
  expect(await ports.alarms.states(['none'])).toEqual({ none: { state: 'missing' } });
  expect(await upkeep.servicesOf('none', ['web'])).toEqual([]);
  expect((await upkeep.servicesOf('production', ['web', 'none'])).map((s) => s.service)).toEqual([
    'web',
  ]);
});

test('alarms have a state and a history', async () => {
  const { world, ports } = connected();
  const begin = world.now;
  advance(world, world.now + 5 * MINUTE);
  const { 'web-5xx': state } = await ports.alarms.states(['web-5xx']);
  expect(state).toMatchObject({ state: 'OK', since: expect.any(Number) });
  expect(await ports.alarms.rises(['web-5xx'], begin)).toEqual({
    'web-5xx': { state: 'known', rises: [] },
  });
});

test('images are there, archived or missing', async () => {
  const { world, ports, image, upkeep } = connected();
  const [there, archived, gone] = [image('main-1'), image('main-2'), image('main-3')];
  if (!there || !archived || !gone) throw new Error('pushed');
  archiveImage(world, { repository: 'shop/web', digest: archived.digest } as never);
  deleteImage(world, { repository: 'shop/web', digest: gone.digest } as never);
  expect(await ports.images.states([there, archived, gone])).toEqual({
    [there.digest]: 'present',
    [archived.digest]: 'archived',
    [gone.digest]: 'missing',
  });
  expect(await ports.images.describe(there)).toMatchObject({ tags: ['main-1'], state: 'present' });
  expect(await ports.images.describe(gone)).toBeUndefined();
  const tagged = await upkeep.taggedImages({ registry: pipeline.registry, repository: 'shop/web' });
  expect(tagged.map(({ tags }) => tags[0]).sort()).toEqual(['main-0000000', 'main-1']);
});
