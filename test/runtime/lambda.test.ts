/** What middy does around our functions: a function that is stopped in time has finished nothing that it did not. */
import { getEventListeners } from 'node:events';
import type { Context } from 'aws-lambda';
import { expect, test, vi } from 'vitest';
import { connected, type Invocation, onBatch, onEvent } from '../../shared/runtime/lambda.ts';
import { takeBatch } from '../../shared/runtime/queue-batch.ts';
import { listeningLog } from '../aws/wire.ts';

/** Lambda leaves this much; a function stops half a second before its end. */
const SHORT_MS = 540;

const contextWith = (timeLeft: number) =>
  ({ awsRequestId: 'request-1', getRemainingTimeInMillis: () => timeLeft }) as Context;
const hanging = () => new Promise<void>(() => undefined);
const Records = ['done', 'bad', 'hangs', 'done after hangs'].map((body) => ({
  messageId: body,
  body,
}));

/** Messages of which one hangs; the last one has the same key, and so waits for it. */
function handling(work: (message: string, invocation: Invocation) => Promise<void>) {
  const log = listeningLog();
  const begun: string[] = [];
  const handler = onBatch((event, invocation) =>
    takeBatch<string>(event, {
      function: 'test',
      log,
      invocation,
      parse: String,
      keyOf: (message) => message.replace('done after ', ''),
      facts: (message) => ({ target: message }),
      work: async (message) => {
        begun.push(message);
        await work(message, invocation);
      },
    }),
  )(() => ({ log }));
  return { log, begun, run: () => handler({ Records }, contextWith(SHORT_MS)) };
}

const outcomes = async (message: string) => {
  if (message === 'bad') throw new Error('no');
  if (message === 'hangs') await hanging();
};

test('a batch whose time is up answers what was finished; what was not comes back, what had not begun never begins', async () => {
  const { run, begun, log } = handling(outcomes);
  expect(await run()).toEqual({
    batchItemFailures: [
      { itemIdentifier: 'bad' },
      { itemIdentifier: 'hangs' },
      { itemIdentifier: 'done after hangs' },
    ],
  });
  expect(begun).toEqual(['done', 'bad', 'hangs']);
  expect(log.lines.at(-1)).toMatchObject({
    level: 'error',
    facts: { target: 'done after hangs', error: 'the time was up before it was finished' },
  });
});

test('what still runs when the answer was given has no time left, so it acts no more', async () => {
  let left: Invocation | undefined;
  const { run } = handling(async (message, invocation) => {
    left = invocation;
    await outcomes(message);
  });
  await run();
  expect(left?.timeLeft()).toBe(0);
});

test('a batch leaves nothing at the signal that told of its time', async () => {
  const signals = new Set<AbortSignal>();
  const { run } = handling(async (_, { signal }) => {
    signals.add(signal);
  });
  expect(await run()).toEqual({ batchItemFailures: [] });
  expect(signals.size).toBe(1);
  expect([...signals].flatMap((signal) => getEventListeners(signal, 'abort'))).toEqual([]);
});

test('what ends after the answer is not told a second time', async () => {
  let end = () => {};
  const { run, log } = handling(async (message) => {
    if (message !== 'hangs') return;
    await new Promise<void>((_, reject) => {
      end = () => reject(new Error('too late'));
    });
  });
  await run();
  const lines = log.lines.length;
  end();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(log.lines).toHaveLength(lines);
});

test('a batch that does not answer when its time is up fails whole', async () => {
  const log = listeningLog();
  const handler = onBatch(async () => {
    await hanging();
    return { batchItemFailures: [] };
  })(() => ({ log }));
  await expect(handler({ Records }, contextWith(SHORT_MS))).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  expect(log.lines).toMatchObject([{ message: 'failed', facts: { requestId: 'request-1' } }]);
});

test('an event whose time is up fails, with one line, so that Lambda tries it again', async () => {
  const log = listeningLog();
  const handler = onEvent(hanging)(() => ({ log }));
  await expect(handler({}, contextWith(SHORT_MS))).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(log.lines).toMatchObject([{ level: 'error', message: 'failed' }]);
});

test('a function connects at its first invocation, once, and speaks as loud as it is told', () => {
  const asked: string[] = [];
  const deps = connected('tick', ({ environment, clock }) => {
    asked.push(typeof environment.PATH, typeof clock.now(), typeof clock.newId());
    return { more: 1 };
  });
  expect(asked).toEqual([]);
  expect(deps()).toBe(deps());
  expect(deps()).toMatchObject({ more: 1, log: { info: expect.any(Function) } });
  expect(asked).toEqual(['string', 'number', 'string']);
});

test('SLIPWAY_LOG_LEVEL says how loud', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.stubEnv('SLIPWAY_LOG_LEVEL', 'DEBUG');
  connected('tick', () => ({}))().log.debug('read');
  vi.unstubAllEnvs();
  connected('tick', () => ({}))().log.debug('read again');
  const { calls } = write.mock;
  write.mockRestore();
  expect(calls).toHaveLength(1);
});
