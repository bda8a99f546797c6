import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { createNotes } from '../../shared/aws/table/notes.ts';
import { startTable } from './table.ts';

const T0 = Date.parse('2026-11-20T10:00:00Z');
const NAME = 'status/acme/shop/1111/slipway/web';

async function connected() {
  const { table, ...far } = await startTable();
  let ids = 0;
  const notes = createNotes(table, { now: () => T0, newId: () => `id-${++ids}` });
  return { ...far, table, notes };
}

test('a note is read as it was written, and kept for 90 days', async () => {
  const { notes, table } = await connected();
  expect(await notes.load(NAME)).toBeUndefined();
  expect(await notes.save(NAME, { told: 'ä🚀' }, undefined)).toBe('saved');
  expect(await notes.load(NAME)).toEqual({ value: { told: 'ä🚀' }, version: 1 });
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: { pk: `feedback/${NAME}`, sk: 'note' } }),
  );
  expect(Item?.expiresAt).toBe(T0 / 1000 + 90 * 86_400);
});

test('of two who write at once one is stale', async () => {
  const { notes } = await connected();
  expect(await notes.save(NAME, { by: 'a' }, undefined)).toBe('saved');
  expect(await notes.save(NAME, { by: 'b' }, undefined)).toBe('stale');
  expect(await notes.save(NAME, { by: 'c' }, 1)).toBe('saved');
  expect(await notes.save(NAME, { by: 'd' }, 1)).toBe('stale');
  expect(await notes.load(NAME)).toEqual({ value: { by: 'c' }, version: 2 });
});
