import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { readSettings } from '../../shared/aws/connect/client-settings.ts';
import { createQueues } from '../../shared/aws/queues.ts';
import { TransientError } from '../../shared/ports.ts';
import { throttled, type WireAnswer, wire } from './wire.ts';

const urls = {
  urgent: 'https://sqs.eu-west-1.amazonaws.com/111122223333/slipway-urgent',
  releases: 'https://sqs.eu-west-1.amazonaws.com/111122223333/slipway-releases',
};

function connected(answers: Record<string, readonly WireAnswer[]>) {
  const far = wire(answers);
  return { far, queues: createQueues(new SQSClient(readSettings(far.settings)), urls) };
}

const failed = (Id: string) => ({
  Id,
  Code: 'InternalError',
  Message: 'try again',
  SenderFault: false,
});
/** The SDK compares these with what it sent. */
const all = { Successful: [], Failed: [] };

test('messages go ten at a time to their queue; no messages, no call', async () => {
  const { queues, far } = connected({ SendMessageBatch: [all] });
  await queues.send('urgent', []);
  await queues.send(
    'releases',
    Array.from({ length: 23 }, (_, n) => ({ body: `b${n}` })),
  );
  const sent = far.bodies('SendMessageBatch') as { QueueUrl: string; Entries: object[] }[];
  expect(sent.map(({ QueueUrl, Entries }) => [QueueUrl, Entries.length])).toEqual([
    [urls.releases, 10],
    [urls.releases, 10],
    [urls.releases, 3],
  ]);
  expect(sent[2]?.Entries[0]).toEqual({ Id: '0', MessageBody: 'b20' });
});

test('a delay is sent, and never more than SQS allows', async () => {
  const { queues, far } = connected({ SendMessageBatch: [all] });
  await queues.send('releases', [
    { body: 'a', delaySeconds: 5 },
    { body: 'b', delaySeconds: 5000 },
    { body: 'c', delaySeconds: 0 },
  ]);
  expect(far.bodies('SendMessageBatch')[0]).toMatchObject({
    Entries: [
      { Id: '0', MessageBody: 'a', DelaySeconds: 5 },
      { Id: '1', MessageBody: 'b', DelaySeconds: 900 },
      { Id: '2', MessageBody: 'c' },
    ],
  });
});

test('what failed inside an answer of 200 is sent once more, alone', async () => {
  const { queues, far } = connected({
    SendMessageBatch: [{ Successful: [], Failed: [failed('1')] }, all],
  });
  await queues.send('urgent', [{ body: 'a' }, { body: 'b' }, { body: 'c' }]);
  expect(far.bodies('SendMessageBatch')[1]).toMatchObject({
    Entries: [{ Id: '1', MessageBody: 'b' }],
  });
});

test('what fails twice is an error that names it', async () => {
  const { queues } = connected({
    SendMessageBatch: [
      { Successful: [], Failed: [failed('0'), failed('1')] },
      { Failed: [failed('1')] },
    ],
  });
  const sent = queues.send('urgent', [{ body: 'a' }, { body: 'b' }]);
  await expect(sent).rejects.toThrow(
    'sqs:SendMessageBatch to urgent: 1 of 2 messages did not go, twice: 1 (InternalError: try again)',
  );
});

test('a queue that does not answer is a world that is ill', async () => {
  const { queues } = connected({ SendMessageBatch: [throttled] });
  await expect(queues.send('urgent', [{ body: 'a' }])).rejects.toBeInstanceOf(TransientError);
});
