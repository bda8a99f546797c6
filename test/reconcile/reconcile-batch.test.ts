/** A message that has to wait goes back into its queue, and the log says truly why. */
import { expect, test } from 'vitest';
import type { TargetRecord } from '../../shared/core/model/record.ts';
import type { Ports } from '../../shared/ports.ts';
import { reconcileBatch } from '../../shared/reconcile/reconcile-batch.ts';
import { listeningLog } from '../aws/wire.ts';
import { at, record, waiting } from '../build.ts';
import { keepingQueues, pipeline } from '../functions/sent.ts';

const INVOCATION = { timeLeft: () => 30_000, signal: new AbortController().signal };

async function hint(stored: TargetRecord) {
  const log = listeningLog();
  const { sent, queues } = keepingQueues();
  const ports = {
    clock: { now: () => at(1), newId: () => 'an id', timeLeft: () => 30_000 },
    records: {
      load: async () => ({ record: stored, version: 1 }),
      stop: async () => undefined,
      save: async () => 'saved',
      addHistory: async () => undefined,
    },
    announcements: { tell: async () => [] },
    budget: { mayAskAlarms: async () => false },
    log,
  } as unknown as Ports;
  const cause = { id: 'e1', source: 'aws.ecs', detailType: 'ECS Service Action' };
  const envelope = {
    target: 'ecs/production/web',
    message: { type: 'Hinted', cause: 'ECS', happenedAt: at(1) },
    cause,
  };
  const batch = { Records: [{ messageId: 'm1', body: JSON.stringify(envelope) }] };
  const deps = { pipeline, log, queues, ports: () => ports };
  expect(await reconcileBatch(batch, INVOCATION, deps)).toEqual({ batchItemFailures: [] });
  expect(sent).toEqual([{ queue: 'releases', envelope, delaySeconds: 5 }]);
  return log.lines.find(({ message }) => message === 'comes back later')?.facts;
}

test('a hint waits when the target was looked at a moment ago', async () => {
  expect(await hint(record({ observedAt: at(1) - 1_000 }))).toMatchObject({
    because: 'it was looked at a moment ago, and one more look answers for all',
    delaySeconds: 5,
  });
});

test('a hint waits when the account has spent its API calls', async () => {
  expect(await hint(waiting())).toMatchObject({
    because: 'it waits for its share of API calls',
    delaySeconds: 5,
  });
});
