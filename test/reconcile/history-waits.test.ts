/** What was decided stands in the record: it is written as history with the end of its release, or where none is near. */
import { expect, test } from 'vitest';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import type { Ports } from '../../shared/ports.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { asking, at, baking, person, record, rolling, rules } from '../build.ts';

const target = {
  key: 'ecs/production/web',
  id: 'web',
  cluster: 'production',
  service: 'web',
  rules: rules(),
};

const ENTRY: HistoryEntry = {
  sequence: 7,
  event: { type: 'Hinted', at: at(4), cause: 'ECS' },
  because: 'it goes on',
  phase: 'baking',
};

/** What a hint that an earlier look has answered wrote into the table. */
async function written(given: TargetRecord, owed = ENTRY): Promise<readonly HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  const outbox = { announcements: [], history: [owed], quarantine: [] };
  const stored = { ...given, observedAt: at(6), outbox };
  const ports = {
    clock: { now: () => at(7), newId: () => 'an id', timeLeft: () => 30_000 },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    records: {
      load: async () => ({ record: stored, version: 1 }),
      save: async () => 'saved',
      addHistory: async (_: string, more: readonly HistoryEntry[]) => {
        entries.push(...more);
      },
    },
    announcements: { tell: async () => [] },
  } as unknown as Ports;
  await reconcile(target, { type: 'Hinted', at: at(5), cause: 'a hint' }, ports, { urgent: true });
  return entries;
}

test.each([
  ['what rolls out ends soon', rolling(), []],
  ['so does a bake', baking(), []],
  ['one of desired count 0 may last for days', baking({ empty: true }), [ENTRY]],
  ['so may a person’s answer', asking(), [ENTRY]],
  ['nothing is on its way', record(), [ENTRY]],
])('%s', async (_, given, expected) => {
  expect(await written(given)).toEqual(expected);
});

test('a person waits to hear what became of a command: it is written at once', async () => {
  const command = { ...ENTRY, event: person({ do: 'hold' }) };
  expect(await written(baking(), command)).toEqual([command]);
});
