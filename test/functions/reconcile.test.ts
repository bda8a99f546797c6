import { readFileSync } from 'node:fs';
import type { SQSBatchResponse } from 'aws-lambda';
import { expect, test } from 'vitest';
import { createHandler } from '../../functions/reconcile.ts';
import type { Envelope, Message } from '../../shared/edge/message.ts';
import type { Ports } from '../../shared/ports.ts';
import type { ReconcileDeps } from '../../shared/reconcile/reconcile-batch.ts';
import { listeningLog } from '../aws/wire.ts';
import { contextWith, keepingQueues, pipeline } from './sent.ts';

const cause = { id: 'e1', source: 'slipway.tick', detailType: 'look is due' };
const hint: Message = { type: 'Hinted', cause: 'tick' };

let messages = 0;
const item = (body: unknown) => ({
  messageId: `m${++messages}`,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const to = (target: string, message: Message = hint): Envelope => ({ target, message, cause });

/**
 * Ports of which only loading a record is asked: `load` says what becomes of a message, and nobody
 * goes further. `handle` itself is tested elsewhere.
 */
function reconciling(load: (key: string) => Promise<unknown>, more: Partial<ReconcileDeps> = {}) {
  const { sent, queues } = keepingQueues();
  const log = listeningLog();
  const times: number[] = [];
  const ports = (timeLeft: () => number) => {
    times.push(timeLeft());
    return {
      clock: { now: () => 0, newId: () => 'id', timeLeft },
      records: { load },
      log,
    } as unknown as Ports;
  };
  const handler = createHandler(() => ({ pipeline, log, queues, ports, ...more }));
  const run = (records: readonly object[]) =>
    handler({ Records: records }, contextWith(20_000)) as Promise<SQSBatchResponse>;
  return { run, handler, sent, log, times };
}

/** The target left the config and nobody knows it: the shortest way through a handling. */
const gone = (name: string) => to(`ecs/production/${name}`);
const unknown = async () => undefined;

test('a poison message inside a good batch fails alone', async () => {
  const { run, log } = reconciling(unknown);
  const bad = [
    item('hello world'),
    item('{"target":"ecs/production/gone"}'),
    item({ ...gone('a'), target: '../../etc/passwd' }),
    item('x'.repeat(1_100_000)),
  ];
  const response = await run([item(gone('a')), ...bad, item(gone('b'))]);
  expect(response).toEqual({
    batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })),
  });
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(4);
  expect(log.lines.filter(({ message }) => message === 'ignored')).toHaveLength(2);
});

test('a batch of which nothing failed says so', async () => {
  expect(await reconciling(unknown).run([])).toEqual({ batchItemFailures: [] });
});

test('a world that is ill fails the message, and its line names the cause, target and message', async () => {
  const { run, log } = reconciling(async (key) => {
    if (key.endsWith('/a')) throw new Error('dynamodb did not answer');
    return undefined;
  });
  const bad = item(gone('a'));
  expect(await run([bad, item(gone('b'))])).toEqual({
    batchItemFailures: [{ itemIdentifier: bad.messageId }],
  });
  expect(log.lines.find(({ level }) => level === 'error')).toMatchObject({
    facts: {
      messageId: bad.messageId,
      target: 'ecs/production/a',
      cause,
      error: expect.any(Error),
    },
  });
});

function recording() {
  const order: string[] = [];
  const load = async (key: string) => {
    order.push(`${key.at(-1)} begins`);
    await new Promise((resolve) => setTimeout(resolve, 2));
    order.push(`${key.at(-1)} ends`);
    return undefined;
  };
  return { order, load };
}

test('messages of one target follow one another; targets do not wait for each other', async () => {
  const { order, load } = recording();
  await reconciling(load).run([item(gone('a')), item(gone('b')), item(gone('a'))]);
  expect(order).toEqual(['a begins', 'b begins', 'a ends', 'a begins', 'b ends', 'a ends']);
});

test('locally one message follows the other', async () => {
  const { order, load } = recording();
  await reconciling(load, { sequential: true }).run([
    item(gone('a')),
    item(gone('b')),
    item(gone('a')),
  ]);
  expect(order.map((line) => line[0])).toEqual(['a', 'a', 'a', 'a', 'b', 'b']);
});

test('each message has ports of its own, which know how long the function may run', async () => {
  const { run, times } = reconciling(unknown);
  await run([item(gone('a')), item(gone('a'))]);
  expect(times).toEqual([20_000, 20_000]);
});

test('what is ignored is told with its reason', async () => {
  const told: unknown[] = [];
  const { run } = reconciling(unknown, { onReconciled: (settled) => told.push(settled) });
  await run([item(gone('a'))]);
  expect(told).toEqual([
    {
      target: 'ecs/production/a',
      envelope: gone('a'),
      ignored: 'the config does not name ecs/production/a, and nothing is remembered about it',
    },
  ]);
});

test.each([undefined, null, {}, { Records: 'x' }, { Records: [{}] }, { Records: [null] }])(
  'what is no batch of SQS fails whole: %j',
  async (event) => {
    const { handler } = reconciling(unknown);
    await expect(handler(event, contextWith(1))).rejects.toMatchObject({ name: 'UnreadableEvent' });
  },
);

test('the sample of a batch is read, and its poison fails alone', async () => {
  const file = new URL('../../events/sqs-batch-reconcile.json', import.meta.url);
  const { Records } = JSON.parse(readFileSync(file, 'utf8')) as {
    Records: { messageId: string; body: string }[];
  };
  const poison = Records.filter(({ body }) => !body.startsWith('{'));
  const { run } = reconciling(unknown, { pipeline: { ...pipeline, targets: {} } });
  const { batchItemFailures } = await run(Records);
  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(
    expect.arrayContaining(poison.map(({ messageId }) => messageId)),
  );
  expect(batchItemFailures.length).toBeLessThan(Records.length);
});

test('a command by another queue is a dead letter, and nobody is asked about it', async () => {
  const loads: string[] = [];
  const { run, log } = reconciling(async (key) => void loads.push(key));
  const word: Message = {
    type: 'CommandReceived',
    by: 'ada',
    because: 'x',
    command: { do: 'hold' },
  };
  const by = (queue: string) => ({
    ...item(to('ecs/production/web', word)),
    eventSourceARN: `arn:aws:sqs:eu-central-1:123456789012:${queue}`,
    attributes: { SenderId: 'AROAEXAMPLE:ada' },
  });
  const forged = [
    by('slipway-releases'),
    by('slipway-urgent'),
    item(to('ecs/production/web', word)),
  ];
  expect(await run(forged)).toEqual({
    batchItemFailures: forged.map(({ messageId }) => ({ itemIdentifier: messageId })),
  });
  expect(loads).toEqual([]);
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(3);
});
