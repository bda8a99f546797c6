/** Messages of the queue `feedback`: each fails alone, waiting is no failure. */
import { expect, test } from 'vitest';
import { feedbackBatch } from '../../shared/feedback/batch.ts';
import type { Outgoing } from '../../shared/ports.ts';
import { FUNCTION_LIMITS, QUEUE_LIMITS } from '../../shared/runtime/sizes.ts';
import { invocationWith } from '../functions/sent.ts';
import { built, sha, told } from './announcements.ts';
import { answer } from './small-github.ts';
import { eventOf, stage } from './stage.ts';

function take(at: ReturnType<typeof stage>, bodies: readonly string[]) {
  const sent: Outgoing[] = [];
  const queues = {
    send: async (_: string, messages: readonly Outgoing[]) => void sent.push(...messages),
  };
  const Records = bodies.map((body, i) => ({ messageId: `m-${i}`, body }));
  const deps = { log: at.log, ports: at.ports, queues };
  return feedbackBatch({ Records }, invocationWith(60_000), deps).then((response) => ({
    response,
    sent,
  }));
}

test('what cannot be read fails alone', async () => {
  const at = stage();
  const bodies = [
    eventOf(built('built', 1, 1)),
    '{"source":"slipway"}',
    eventOf(built('built', 2, 1)),
  ];
  const { response } = await take(at, bodies);
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
  expect(at.github.statuses.map((one) => one.sha)).toEqual([sha(1), sha(2)]);
});

test('what GitHub cannot take now is sent again as it came, with a delay, and counts as done', async () => {
  const at = stage();
  at.github.trouble = async () => answer(500, { message: 'oops' });
  const body = eventOf(built('built', 1, 0));
  const { response, sent } = await take(at, [body]);
  expect(response).toEqual({ batchItemFailures: [] });
  expect(sent).toEqual([{ body, delaySeconds: 60 }]);
});

test('when it cannot be sent again it fails, and the queue keeps it', async () => {
  const at = stage();
  at.github.trouble = async () => answer(500, { message: 'oops' });
  const queues = { send: () => Promise.reject(new Error('no queue')) };
  const Records = [{ messageId: 'm', body: eventOf(built('built', 1, 0)) }];
  const deps = { log: at.log, ports: at.ports, queues };
  expect(await feedbackBatch({ Records }, invocationWith(60_000), deps)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm' }],
  });
});

test('what is refused fails, so that it ends where somebody sees it', async () => {
  const at = stage();
  at.github.trouble = async () => answer(404, { message: 'Not Found' });
  const { response, sent } = await take(at, [eventOf(told('started', 1, 1))]);
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-0' }] });
  expect(sent).toEqual([]);
});

test('after the first limit of a batch GitHub is not asked again', async () => {
  const at = stage();
  at.github.trouble = async () => answer(429, { message: 'slow down' }, { 'retry-after': '120' });
  const { sent } = await take(
    at,
    [1, 2, 3].map((n) => eventOf(built('built', n, 0))),
  );
  expect(at.github.requests).toHaveLength(1);
  expect(sent.map(({ delaySeconds }) => delaySeconds)).toEqual([120, 120, 120]);
});

test('GitHub is asked in turn', async () => {
  const at = stage();
  let open = 0;
  at.github.trouble = async () => {
    expect(++open).toBe(1);
    await Promise.resolve();
    open--;
    return undefined;
  };
  await take(
    at,
    [1, 2, 3].map((n) => eventOf(built('built', n, 0))),
  );
  expect(at.github.statuses).toHaveLength(3);
});

test('no batch of SQS is an error', async () => {
  const at = stage();
  const deps = { log: at.log, ports: at.ports, queues: { send: async () => undefined } };
  await expect(feedbackBatch({}, invocationWith(60_000), deps)).rejects.toThrow(
    'the input of feedback',
  );
});

test('a turn outlasts the function, and the message of a crashed one comes back after it', () => {
  expect(QUEUE_LIMITS.feedback.visibilitySeconds).toBeGreaterThan(
    FUNCTION_LIMITS.feedback.timeoutSeconds + 5,
  );
});
