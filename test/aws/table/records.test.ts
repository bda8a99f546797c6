import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import { createHistory } from '../../../shared/aws/table/history.ts';
import { createRecords } from '../../../shared/aws/table/records.ts';
import { historyKey, recordKey } from '../../../shared/aws/table/table.ts';
import type { ImageDigest, TaskDefinitionArn } from '../../../shared/core/model/image.ts';
import type { HistoryEntry } from '../../../shared/core/model/record/outbox.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { TransientError } from '../../../shared/ports.ts';
import { startTable } from '../table.ts';
import { lost } from '../wire.ts';

const key = 'ecs/production/web';
const digest = (n: number) => `sha256:${String(n).padStart(64, '0')}` as ImageDigest;
const T0 = Date.parse('2026-11-20T10:00:00Z');

/** A sensible record; only its shape matters here. */
const record = (change: Partial<TargetRecord> = {}): TargetRecord =>
  ({
    format: 2,
    key,
    id: 'web',
    rules: {} as TargetRecord['rules'],
    phase: { phase: 'idle' },
    runs: { revision: 'arn:web:1', images: {}, since: T0 },
    rollbackCandidates: [],
    quarantine: [],
    newest: {},
    waiting: {},
    alarmsToClear: [],
    requests: [],
    condemnedRevisions: [],
    finishedRollouts: [],
    releases: 0,
    sequence: 0,
    outbox: { announcements: [], history: [], quarantine: [] },
    ...(change as object),
  }) as unknown as TargetRecord;

async function connected() {
  const far = await startTable();
  let ids = 0;
  const clock = { now: () => T0, newId: () => `id-${++ids}` };
  return { ...far, records: createRecords(far.table, { clock, historyDays: 90 }) };
}

let far: Awaited<ReturnType<typeof connected>>;
beforeEach(async () => {
  far = await connected();
});

test('a record is read as it was written, to the byte', async () => {
  const odd = record({ id: 'wéb "1"\n\u0000', alarmsToClear: ['', '💥'], observeAt: T0 + 1 });
  expect(await far.records.save(odd, undefined)).toBe('saved');
  const stored = await far.records.load(key);
  expect(stored?.version).toBe(1);
  expect(JSON.stringify(stored?.record)).toBe(JSON.stringify(odd));
  expect(await far.records.version(key)).toBe(1);
});

test('a target that nobody knows has no record and no version', async () => {
  expect(await far.records.load('ecs/production/other')).toBeUndefined();
  expect(await far.records.version('ecs/production/other')).toBeUndefined();
});

test('of two writes on one version the second is stale, and changes nothing', async () => {
  await far.records.save(record({ id: 'a' }), undefined);
  expect(await far.records.save(record({ id: 'b' }), undefined)).toBe('stale');
  expect(await far.records.save(record({ id: 'c' }), 1)).toBe('saved');
  expect(await far.records.save(record({ id: 'd' }), 1)).toBe('stale');
  expect(await far.records.load(key)).toMatchObject({ version: 2, record: { id: 'c' } });
});

test('a write whose answer was lost is known as our own by its nonce', async () => {
  await far.records.save(record({ id: 'a' }), undefined);
  far.network.carry = async (request) => {
    await far.dynamo.handle(request);
    far.network.carry = (next) => far.dynamo.handle(next);
    throw lost;
  };
  expect(await far.records.save(record({ id: 'b' }), 1)).toBe('saved');
  expect(far.operations.slice(-3)).toEqual(['PutItem', 'PutItem', 'GetItem']);
  expect(await far.records.load(key)).toMatchObject({ version: 2, record: { id: 'b' } });
});

test('a first write whose answer was lost is known too', async () => {
  far.network.carry = async (request) => {
    await far.dynamo.handle(request);
    far.network.carry = (next) => far.dynamo.handle(next);
    throw lost;
  };
  expect(await far.records.save(record(), undefined)).toBe('saved');
});

test('a table that does not answer is a world that is ill', async () => {
  far.network.carry = async () => {
    throw lost;
  };
  for (const call of [
    far.records.load(key),
    far.records.version(key),
    far.records.save(record(), undefined),
    far.records.quarantined(key, digest(1)),
    far.records.addHistory(key, [entry(1)]),
  ]) {
    await expect(call).rejects.toBeInstanceOf(TransientError);
  }
});

test('a record over 256 KB is our mistake: it throws with its size and is not saved', async () => {
  const big = record({ alarmsToClear: ['x'.repeat(263_000)] });
  await expect(far.records.save(big, undefined)).rejects.toThrow(
    /is 263\d{3} bytes, at most 262144/,
  );
  expect(await far.records.load(key)).toBeUndefined();
});

test('a record of a newer Slipway throws when it is read', async () => {
  const newer = record({ format: 3 } as unknown as Partial<TargetRecord>);
  await far.records.save(newer, undefined);
  await expect(far.records.load(key)).rejects.toThrow('has format 3, this version reads 1 and 2');
  expect(await far.records.version(key)).toBe(1);
});

test('a record at rest is not in the index of looks', async () => {
  const due = () =>
    far.table.client.send(
      new QueryCommand({
        TableName: 'slipway',
        IndexName: 'due',
        KeyConditionExpression: 'due = :d',
        ExpressionAttributeValues: { ':d': 'due' },
      }),
    );
  await far.records.save(record({ observeAt: T0 }), undefined);
  expect((await due()).Items).toMatchObject([{ pk: key, lookAt: T0, phase: 'idle' }]);
  await far.records.save(record(), 1);
  expect((await due()).Items).toEqual([]);
});

const entry = (sequence: number): HistoryEntry => ({
  sequence,
  event: { type: 'Retired', at: T0 },
  because: 'why',
  phase: 'idle',
});

async function storedHistory() {
  const { Items = [] } = await far.table.client.send(
    new QueryCommand({
      TableName: 'slipway',
      KeyConditionExpression: 'pk = :k AND begins_with(sk, :h)',
      ExpressionAttributeValues: { ':k': key, ':h': 'history#' },
    }),
  );
  return Items;
}

test('history is its own items, what comes together is one of them, and only history expires', async () => {
  const entries = Array.from({ length: 30 }, (_, n) => entry(n + 1));
  await far.records.addHistory(key, entries);
  await far.records.addHistory(key, [entry(31)]);
  const items = await storedHistory();
  expect(items).toMatchObject([
    { ...historyKey(key, 1), sk: 'history#000000000001', expiresAt: T0 / 1000 + 90 * 86_400 },
    { ...historyKey(key, 31) },
  ]);
  expect(JSON.parse(items[0]?.entries)).toEqual(entries);

  await far.records.save(
    record({ runs: { revision: 'r' as TaskDefinitionArn, images: {}, since: 0 } }),
    undefined,
  );
  await far.records.changeQuarantine(key, [
    { change: 'added', digest: digest(1), at: T0, because: 'bad' },
  ]);
  for (const itemKey of [recordKey(key), { pk: key, sk: `quarantine#${digest(1)}` }]) {
    const { Item } = await far.table.client.send(
      new GetCommand({ TableName: 'slipway', Key: itemKey }),
    );
    expect(Item).toBeDefined();
    expect(Item).not.toHaveProperty('expiresAt');
  }
});

test('entries that another handling has written already are neither lost nor changed', async () => {
  await far.records.addHistory(key, [entry(1), entry(2)]);
  await far.records.addHistory(key, [{ ...entry(1), because: 'another' }, entry(2), entry(3)]);
  const newest = await createHistory(far.table).newest(key, 10);
  expect(newest).toEqual([entry(3), entry(2), entry(1)]);
  expect(await createHistory(far.table).newest(key, 1)).toEqual([entry(3)]);
});

test('a digest stays quarantined until it is lifted; of two changes the later counts', async () => {
  const added = (n: number, because = 'it raised web-5xx') =>
    ({ change: 'added', digest: digest(n), at: T0, because }) as const;
  const lifted = (n: number) => ({ change: 'lifted', digest: digest(n) }) as const;
  await far.records.changeQuarantine(key, [added(1), added(2), added(1, 'again'), lifted(2)]);
  expect(await far.records.quarantined(key, digest(1))).toBe('again');
  expect(await far.records.quarantined(key, digest(2))).toBeUndefined();
  expect(await far.records.quarantined('ecs/production/api', digest(1))).toBeUndefined();
  await far.records.changeQuarantine(key, [lifted(1)]);
  await far.records.changeQuarantine(key, [lifted(1)]);
  expect(await far.records.quarantined(key, digest(1))).toBeUndefined();
});

test('what was decided stays as it was written first', async () => {
  const other = { ...entry(1), because: 'it was never so' };
  await far.records.addHistory(key, [entry(1)]);
  await far.records.addHistory(key, [other, entry(2)]);
  const { Item } = await far.table.client.send(
    new GetCommand({ TableName: 'slipway', Key: historyKey(key, 1) }),
  );
  expect(JSON.parse(Item?.entry)).toEqual(entry(1));
});

test('nothing is deleted, nor written by a call that could delete', async () => {
  const digests = [1, 2].map((n) => ({ digest: digest(n), at: T0, because: 'bad' }));
  await far.records.addHistory(key, [entry(1), entry(2)]);
  await far.records.changeQuarantine(
    key,
    digests.map((each) => ({ change: 'added', ...each })),
  );
  await far.records.changeQuarantine(key, [{ change: 'lifted', digest: digest(1) }]);
  expect(new Set(far.operations)).toEqual(new Set(['PutItem']));
});

test('a write that DynamoDB did not take is an error that passes', async () => {
  const { carry } = far.network;
  far.network.carry = async () => {
    throw lost;
  };
  await expect(far.records.addHistory(key, [entry(1)])).rejects.toThrow('dynamodb:PutItem');
  far.network.carry = carry;
  await far.records.addHistory(key, [entry(1)]);
});

test('a record that somebody wrote without a version is never overwritten', async () => {
  await far.table.client.send(
    new PutCommand({ TableName: 'slipway', Item: { ...recordKey(key), record: '{}' } }),
  );
  expect(await far.records.save(record(), undefined)).toBe('stale');
});
