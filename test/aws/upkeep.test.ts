import { expect, test } from 'vitest';
import { createBudget } from '../../shared/aws/budget.ts';
import { createRecords } from '../../shared/aws/table/records.ts';
import { createSourceRecords } from '../../shared/aws/table/source-records.ts';
import { createUpkeep } from '../../shared/aws/table/upkeep.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { TransientError } from '../../shared/ports.ts';
import { branch, push, whenSource } from '../build-source.ts';
import { startTable } from './table.ts';
import { listeningLog, lost } from './wire.ts';

const T0 = Date.parse('2026-11-20T10:00:00Z');

async function connected() {
  const far = await startTable();
  const time = { now: T0 };
  const clock = { now: () => time.now, newId: () => crypto.randomUUID() };
  const records = createRecords(far.table, { clock, historyDays: 90 });
  const put = (name: string, more: object) =>
    records.save(
      {
        format: 2,
        key: `ecs/production/${name}`,
        phase: { phase: 'idle' },
        runs: { revision: 'arn:web:1', images: {}, since: T0 },
        ...more,
      } as TargetRecord,
      undefined,
    );
  return {
    ...far,
    time,
    put,
    records,
    upkeep: createUpkeep(far.table, clock),
    budget: createBudget(far.table, clock, listeningLog()),
  };
}

test('looks whose time has come are found, longest waiting first, up to a limit', async () => {
  const { put, upkeep } = await connected();
  await put('late', { observeAt: T0 - 5, phase: { phase: 'deploying', goal: 'back' } });
  await put('now', { observeAt: T0 });
  await put('soon', { observeAt: T0 + 1 });
  await put('later', { observeAt: T0 - 9 });
  await put('rest', {});
  expect(await upkeep.due(T0, 10)).toEqual([
    { key: 'ecs/production/later', lookAt: T0 - 9, phase: 'idle' },
    { key: 'ecs/production/late', lookAt: T0 - 5, phase: 'rolling-back' },
    { key: 'ecs/production/now', lookAt: T0, phase: 'idle' },
  ]);
  expect(await upkeep.due(T0, 1)).toHaveLength(1);
});

test('every record is known, with what it ran, and nothing else of the table', async () => {
  const { put, upkeep, records, budget } = await connected();
  await put('web', { runs: { revision: 'arn:web:7' } });
  await put('api', {});
  await records.addHistory('ecs/production/web', [
    {
      sequence: 1,
      event: { type: 'Retired', at: T0 },
      because: 'x'.repeat(300_000),
      phase: 'idle',
    },
    {
      sequence: 2,
      event: { type: 'Retired', at: T0 },
      because: 'x'.repeat(300_000),
      phase: 'idle',
    },
    {
      sequence: 3,
      event: { type: 'Retired', at: T0 },
      because: 'x'.repeat(300_000),
      phase: 'idle',
    },
    {
      sequence: 4,
      event: { type: 'Retired', at: T0 },
      because: 'x'.repeat(300_000),
      phase: 'idle',
    },
  ]);
  await budget.reserve({ starts: 1 });
  await upkeep.claimSweep('images', 1);
  const known = await upkeep.known();
  expect([...known].sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
    { key: 'ecs/production/api', phase: 'idle', revision: 'arn:web:1' },
    { key: 'ecs/production/web', phase: 'idle', revision: 'arn:web:7' },
  ]);
});

test('thousands of records are known, page by page, and without the history beside them', async () => {
  const { put, upkeep, operations } = await connected();
  const text = 'x'.repeat(100);
  const names = Array.from({ length: 120 }, (_, n) => `web-${String(n).padStart(3, '0')}`);
  for (const name of names) await put(name, { runs: { revision: text.repeat(200) } });
  operations.length = 0;
  expect((await upkeep.known()).map(({ key }) => key)).toEqual(
    names.map((name) => `ecs/production/${name}`),
  );
  expect(operations.length).toBeGreaterThan(1);
  expect(new Set(operations)).toEqual(new Set(['Query']));
});

test('branches and tags are known beside the targets, and those that are gone are not', async () => {
  const { put, upkeep, table } = await connected();
  const sources = createSourceRecords(table, {
    clock: { now: () => T0, newId: () => crypto.randomUUID() },
    historyDays: 90,
  });
  await put('web', {});
  const main = branch();
  const gone = whenSource(branch(), push(1, undefined)).record;
  await sources.save(main, undefined);
  await sources.save({ ...gone, key: `${main.key}-gone` }, undefined);
  expect(await upkeep.knownSources()).toEqual([main.key]);
  expect((await upkeep.known()).map(({ key }) => key)).toEqual(['ecs/production/web']);
});

test('a sweep is claimed once in its time, by one of two ticks', async () => {
  const { upkeep, time } = await connected();
  const both = await Promise.all([
    upkeep.claimSweep('images', 900_000),
    upkeep.claimSweep('images', 900_000),
  ]);
  expect([...both].sort()).toEqual([false, true]);
  expect(await upkeep.claimSweep('services', 3_600_000)).toBe(true);
  time.now = T0 + 840_000;
  expect(await upkeep.claimSweep('images', 900_000)).toBe(false);
  time.now = T0 + 900_000;
  expect(await upkeep.claimSweep('images', 900_000)).toBe(true);
});

test('a table that does not answer is a world that is ill', async () => {
  const { upkeep, network } = await connected();
  network.carry = async () => {
    throw lost;
  };
  for (const call of [upkeep.due(T0, 1), upkeep.known(), upkeep.claimSweep('x', 1)]) {
    await expect(call).rejects.toBeInstanceOf(TransientError);
  }
});
