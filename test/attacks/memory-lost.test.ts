/**
 * Nobody remembers what was condemned: the table is lost with everything in it, or Slipway has just been
 * installed. What a sweep finds in ECR from before then may be the very image that somebody sent back.
 */
import { DeleteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { advance } from '@slipway/local-cloud/services.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { expect, test } from 'vitest';
import { Cloud } from '../../local/slipway/slipway-cloud.ts';
import { worldOf } from '../../local/stories/setup/scenario-world.ts';
import { MINUTE, pipeline, standing } from '../cli/world.ts';

const KEY = 'ecs/production/web';
const startsOf = ({ timeline }: Cloud, since: number) =>
  timeline.filter(
    (entry) => entry.type === 'call' && entry.operation === 'UpdateService' && entry.at > since,
  );

test('a table lost with its quarantine puts no condemned image back, at no sweep', async () => {
  const { cloud, push, pass } = await standing();
  const good = push('main-1');
  await pass(25);
  const bad = push('main-2', { errorRate: 0.5 });
  await pass(30);
  expect((await cloud.recordOf(KEY))?.quarantine.map(({ digest }) => digest)).toEqual([bad]);

  const { world, dynamo } = cloud;
  const client = new DynamoDBClient(
    clientSettings({ world, transport: createTransport({ world, dynamo }) }),
  );
  const { Items = [] } = await client.send(new ScanCommand({ TableName: 'slipway' }));
  for (const { pk, sk } of Items) {
    if (pk === undefined || sk === undefined) continue;
    await client.send(new DeleteItemCommand({ TableName: 'slipway', Key: { pk, sk } }));
  }
  expect(await cloud.recordOf(KEY)).toBeUndefined();

  const lostAt = world.now;
  await pass(150);
  expect(startsOf(cloud, lostAt)).toEqual([]);
  const record = await cloud.recordOf(KEY);
  expect(record?.runs?.images.app?.digest).toBe(good);
  // What is pushed from now on starts as ever.
  const fix = push('main-3');
  await pass(25);
  expect((await cloud.recordOf(KEY))?.runs?.images.app?.digest).toBe(fix);
}, 120_000);

test('a first install starts no image that was rolled back by hand last night', async () => {
  const world = worldOf(pipeline, {}, 1);
  pushImage(world, { repository: 'shop/web', tags: ['main-rolled-back-last-night'] });
  advance(world, world.now + 12 * 60 * MINUTE);
  const installedAt = world.now;
  const cloud = await Cloud.start({ world, pipeline, seed: 1 });
  await cloud.runUntil(installedAt + 150 * MINUTE);
  expect((await cloud.recordOf(KEY))?.rollbackCandidates).toHaveLength(1);
  expect(startsOf(cloud, installedAt)).toEqual([]);
}, 120_000);
