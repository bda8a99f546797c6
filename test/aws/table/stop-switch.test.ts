/** The account's stop switch: one item, conditional, and twice is once. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import { createRecords } from '../../../shared/aws/table/records.ts';
import { createStopSwitch } from '../../../shared/aws/table/stop-switch.ts';
import { startTable } from '../table.ts';
import { lost } from '../wire.ts';

const T0 = Date.parse('2026-11-20T10:00:00Z');
const ADA = { by: 'ada', because: 'black friday' };
const BOB = { by: 'bob', because: 'over' };

let far: Awaited<ReturnType<typeof startTable>>;
let now: number;
const clock = { now: () => now, newId: () => 'an id' };
const stop = () => createStopSwitch(far.table, clock);
const seenByHandlings = () => createRecords(far.table, { clock, historyDays: 90 }).stop();

beforeEach(async () => {
  far = await startTable();
  now = T0;
});

test('nobody ever touched it: it is off', async () => {
  expect(await stop().read()).toBeUndefined();
  expect(await seenByHandlings()).toBeUndefined();
  const hold = { by: 'ada', because: 'nothing', since: T0 };
  // Off is written down all the same: somebody said so.
  expect(await stop().turn('off', { by: 'ada', because: 'nothing' })).toEqual({
    changed: true,
    state: { changed: hold },
  });
  expect(await seenByHandlings()).toBeUndefined();
});

test('turned on, handlings see who, why and since when; turned off, they do not', async () => {
  const hold = { ...ADA, since: T0 };
  expect(await stop().turn('on', ADA)).toEqual({
    changed: true,
    state: { changed: hold, hold },
  });
  expect(await seenByHandlings()).toEqual(hold);
  now = T0 + 60_000;
  expect(await stop().turn('off', BOB)).toEqual({
    changed: true,
    state: { changed: { ...BOB, since: now } },
  });
  expect(await seenByHandlings()).toBeUndefined();
});

test('turned on twice, the first who and why stay', async () => {
  await stop().turn('on', ADA);
  now = T0 + 60_000;
  expect(await stop().turn('on', BOB)).toMatchObject({
    changed: false,
    state: { hold: { ...ADA, since: T0 } },
  });
});

test('of two at once one wins, and the other is told what is so', async () => {
  await stop().turn('on', ADA);
  now = T0 + 60_000;
  far.network.carry = async (request) => {
    if (!request.headers['x-amz-target']?.endsWith('PutItem')) return far.dynamo.handle(request);
    far.network.carry = (next) => far.dynamo.handle(next);
    await stop().turn('off', { by: 'carol', because: 'faster' });
    now += 1;
    await stop().turn('on', { by: 'carol', because: 'and again' });
    return far.dynamo.handle(request);
  };
  expect(await stop().turn('off', BOB)).toMatchObject({
    changed: false,
    state: { hold: { by: 'carol', because: 'and again' } },
  });
});

test('a write whose answer was lost is known as our own', async () => {
  far.network.carry = async (request) => {
    if (!request.headers['x-amz-target']?.endsWith('PutItem')) return far.dynamo.handle(request);
    await far.dynamo.handle(request);
    far.network.carry = (next) => far.dynamo.handle(next);
    throw lost;
  };
  expect(await stop().turn('on', ADA)).toMatchObject({ changed: true });
});

test('it is read consistently, by one GetItem', async () => {
  await far.table.client.send(
    new PutCommand({
      TableName: 'slipway',
      Item: { pk: 'slipway', sk: 'stop', stopped: true, ...ADA, since: T0 },
    }),
  );
  far.operations.length = 0;
  let consistent: unknown;
  far.network.carry = (request) => {
    consistent = JSON.parse(Buffer.from(request.body ?? '').toString()).ConsistentRead;
    return far.dynamo.handle(request);
  };
  expect(await seenByHandlings()).toEqual({ ...ADA, since: T0 });
  expect([far.operations, consistent]).toEqual([['GetItem'], true]);
});
