/** The ports `SourceRecords` and `CommitPlaces` on a real table. */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import { createRecords } from '../../../shared/aws/table/records.ts';
import {
  createCommitPlaces,
  createSourceRecords,
} from '../../../shared/aws/table/source-records.ts';
import { commitKey, type ItemKey, recordKey } from '../../../shared/aws/table/table.ts';
import { createUpkeep } from '../../../shared/aws/table/upkeep.ts';
import type { PlaceChange, SourceRecord } from '../../../shared/core/source/record.ts';
import { TransientError } from '../../../shared/ports.ts';
import { placeOf } from '../../../shared/reconcile/commit-positions.ts';
import { at, digest, REGISTRY } from '../../build.ts';
import {
  branch,
  building,
  carriedOut,
  commit,
  KEY,
  lookedSource,
  push,
  tag,
  untold,
  whenSource,
} from '../../build-source.ts';
import { startTable } from '../table.ts';
import { lost } from '../wire.ts';

async function connected() {
  const far = await startTable();
  let ids = 0;
  const clock = { now: () => at(0), newId: () => `id-${++ids}` };
  const settings = { clock, historyDays: 90 };
  return {
    ...far,
    settings,
    records: createSourceRecords(far.table, settings),
    commits: createCommitPlaces(far.table, async () => undefined),
  };
}

let far: Awaited<ReturnType<typeof connected>>;
beforeEach(async () => {
  far = await connected();
});

const placed = (n: number, position: number, line = 1): PlaceChange => ({
  of: 'commit',
  commit: commit(n),
  line,
  position,
});
const item = async (key: ItemKey) =>
  (await far.table.client.send(new GetCommand({ TableName: 'slipway', Key: { ...key } }))).Item;
const due = async () => {
  const { Items = [] } = await far.table.client.send(
    new QueryCommand({
      TableName: 'slipway',
      IndexName: 'due',
      KeyConditionExpression: 'due = :d',
      ExpressionAttributeValues: { ':d': 'due' },
    }),
  );
  return Items;
};

test('a record is read as it was written, to the byte', async () => {
  const record = { ...building(), id: 'wéb "1"\n' };
  expect(await far.records.save(record, undefined)).toBe('saved');
  const stored = await far.records.load(KEY);
  expect(stored?.version).toBe(1);
  expect(JSON.stringify(stored?.record)).toBe(JSON.stringify(record));
  expect(stored?.record).toEqual(record);
});

test('a ref that nobody heard of has no record', async () => {
  expect(await far.records.load(`${KEY}2`)).toBeUndefined();
});

test('of two writes on one version the second is stale, and changes nothing', async () => {
  await far.records.save(branch(), undefined);
  expect(await far.records.save(building(), undefined)).toBe('stale');
  expect(await far.records.save(building(), 1)).toBe('saved');
  expect(await far.records.save(branch(), 1)).toBe('stale');
  expect(await far.records.load(KEY)).toMatchObject({ version: 2, record: building() });
});

test('a write whose answer was lost is known as our own by its nonce', async () => {
  await far.records.save(branch(), undefined);
  far.network.carry = async (request) => {
    await far.dynamo.handle(request);
    far.network.carry = (next) => far.dynamo.handle(next);
    throw lost;
  };
  expect(await far.records.save(building(), 1)).toBe('saved');
  expect(await far.records.load(KEY)).toMatchObject({ version: 2 });
});

test('a record with a look to come is due; one at rest is not, and no target’s record is touched', async () => {
  await far.records.save(building(), undefined);
  expect(await due()).toMatchObject([{ pk: KEY, lookAt: building().observeAt, phase: 'source' }]);
  await far.records.save(branch(), 1);
  expect(await due()).toEqual([]);
  const upkeep = createUpkeep(far.table, far.settings.clock);
  expect(await upkeep.known()).toEqual([]);
  expect(await createRecords(far.table, far.settings).load('ecs/production/web')).toBeUndefined();
});

test('a record of a newer Slipway throws when it is read', async () => {
  await far.records.save({ ...branch(), format: 3 } as unknown as SourceRecord, undefined);
  await expect(far.records.load(KEY)).rejects.toThrow(
    `The record of ${KEY} has format 3, this version reads 1 and 2`,
  );
});

test('a record over 256 KB is our mistake: it throws with its size and is not saved', async () => {
  const big = { ...branch(), id: 'x'.repeat(263_000) };
  await expect(far.records.save(big, undefined)).rejects.toThrow(
    /is 263\d{3} bytes, at most 262144/,
  );
  expect(await far.records.load(KEY)).toBeUndefined();
});

test('history is its own items, the same entry twice is one, and it expires', async () => {
  const { history } = whenSource(branch(), push(1, 2)).record.outbox;
  await far.records.addHistory(KEY, history);
  await far.records.addHistory(KEY, history);
  const { Items = [] } = await far.table.client.send(
    new QueryCommand({
      TableName: 'slipway',
      KeyConditionExpression: 'pk = :k AND begins_with(sk, :h)',
      ExpressionAttributeValues: { ':k': KEY, ':h': 'history#' },
    }),
  );
  expect(Items.flatMap(({ entry }) => JSON.parse(entry))).toEqual(history);
  expect(Items[0]?.expiresAt).toBe(at(0) / 1000 + 90 * 86_400);
});

test('the place of a commit is found by its beginning, on each ref that has it', async () => {
  const hotfix = { ...branch(), ref: 'refs/heads/hotfix' };
  await far.records.addPlaces(branch(), [placed(1, 1), placed(2, 2)]);
  await far.records.addPlaces(hotfix, [placed(2, 1)]);
  expect(await far.commits.places('acme/shop', commit(2).slice(0, 12))).toEqual([
    { ref: 'refs/heads/hotfix', commit: commit(2), line: 1, position: 1 },
    { ref: 'refs/heads/main', commit: commit(2), line: 1, position: 2 },
  ]);
  expect(await far.commits.places('acme/shop', commit(1))).toHaveLength(1);
  expect(await far.commits.places('acme/shop', commit(9))).toEqual([]);
  expect(await far.commits.places('acme/shop2', commit(2))).toEqual([]);
});

test('of two changes of one place the later counts, in one batch and in two', async () => {
  const waits: PlaceChange = { of: 'commit', commit: commit(2), waitsBecause: 'HTTP 503' };
  await far.records.addPlaces(branch(), [placed(2, 7), waits]);
  expect(await far.commits.places('acme/shop', commit(2))).toEqual([
    { ref: 'refs/heads/main', commit: commit(2), waitsBecause: 'HTTP 503' },
  ]);
  await far.records.addPlaces(branch(), [waits, placed(2, 2.5, 3)]);
  expect(await far.commits.places('acme/shop', commit(2))).toEqual([
    { ref: 'refs/heads/main', commit: commit(2), line: 3, position: 2.5 },
  ]);
});

test('places do not expire: an image may be built again after years', async () => {
  await far.records.addPlaces(branch(), [placed(1, 1)]);
  const stored = await item(commitKey('acme/shop', commit(1), 'refs/heads/main'));
  expect(stored).toBeDefined();
  expect(stored).not.toHaveProperty('expiresAt');
});

test('more places than are written at a time are all written', async () => {
  const many = Array.from({ length: 60 }, (_, i) => placed(i + 1, i + 1));
  await far.records.addPlaces(branch(), many);
  expect(far.operations).not.toContain('BatchWriteItem');
  for (const n of [1, 26, 60]) {
    expect(await far.commits.places('acme/shop', commit(n))).toMatchObject([{ position: n }]);
  }
});

test('the commit that a build made an image from is found by the image’s digest', async () => {
  const change = { of: 'digest', digest: digest(2), commit: commit(2) } as const;
  await far.records.addPlaces(branch(), [change, placed(2, 2)]);
  expect(await far.commits.commitOf('acme/shop', digest(2))).toBe(commit(2));
  expect(await far.commits.commitOf('acme/shop', digest(3))).toBeUndefined();
  expect(await far.commits.commitOf('acme/other', digest(2))).toBeUndefined();
});

test('what a source decides is what a target finds: its image, by tag and by digest', async () => {
  const built = lookedSource(
    carriedOut(lookedSource(whenSource(branch(), push(1, 2)).record, 0)),
    3,
    {
      builds: {
        'slipway-shop-web:build-1': {
          state: 'ended',
          outcome: 'SUCCEEDED',
          endedAt: at(3),
          digest: digest(2),
        },
      },
    },
  ).record;
  await far.records.addPlaces(built, built.outbox.places);
  const image = { registry: REGISTRY, repository: 'shop/web', digest: digest(2) };
  const place = {
    state: 'placed',
    commit: { repository: 'acme/shop', sha: commit(2) },
    by: 'commit refs/heads/main',
    rank: [1, 2],
  };
  for (const tags of [[tag(2)], ['stable']]) {
    expect(await placeOf({ ...image, tags }, ['acme/shop'], far.commits)).toEqual(place);
  }
  expect(untold(built)).not.toHaveProperty('lookAt');
});

test('a table that does not answer is a world that is ill', async () => {
  far.network.carry = async () => {
    throw lost;
  };
  for (const call of [
    far.records.load(KEY),
    far.records.save(branch(), undefined),
    far.records.addHistory(KEY, whenSource(branch(), push(1, 2)).record.outbox.history),
    far.records.addPlaces(branch(), [placed(1, 1)]),
    far.commits.places('acme/shop', commit(1)),
    far.commits.commitOf('acme/shop', digest(1)),
  ]) {
    await expect(call).rejects.toBeInstanceOf(TransientError);
  }
});

test('the record’s item is read whole by its key', async () => {
  await far.records.save(branch(), undefined);
  expect(await item(recordKey(KEY))).toMatchObject({ version: 1, phase: 'source' });
});
