/** Our queues: SendMessageBatch. It knows nothing of what the messages say. */
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Outgoing, type QueueName, type Queues, TransientError } from '../ports.ts';
import { chunks } from './chunks.ts';
import { ask } from './refusal.ts';

/** SendMessageBatch takes at most 10. (API_SendMessageBatch) */
const ENTRIES_MAX = 10;
/** And delays of at most 15 minutes. */
const DELAY_SECONDS_MAX = 900;
const ATTEMPTS = 2;

/** Of the queues that a function may send to. */
export type QueueUrls = Readonly<Partial<Record<QueueName, string>>>;

/** SQS answers 200 for a batch of which parts failed: those are sent once more. */
export function createQueues(client: SQSClient, urls: QueueUrls): Queues {
  return {
    send: async (queue, messages) => {
      for (const part of chunks(messages, ENTRIES_MAX)) {
        const url = urls[queue];
        if (url === undefined) throw new Error(`This function has no right to send to ${queue}.`);
        await sendBatch(client, queue, url, part);
      }
    },
  };
}

async function sendBatch(
  client: SQSClient,
  queue: QueueName,
  QueueUrl: string,
  messages: readonly Outgoing[],
): Promise<void> {
  let left = messages.map((message, i) => ({ Id: `${i}`, ...entry(message) }));
  let failures: string[] = [];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { Failed = [] } = await ask(`sqs:SendMessageBatch to ${queue}`, () =>
      client.send(new SendMessageBatchCommand({ QueueUrl, Entries: left })),
    );
    if (Failed.length === 0) return;
    failures = Failed.map(({ Id, Code, Message }) => `${Id} (${Code}: ${Message ?? ''})`);
    left = left.filter(({ Id }) => Failed.some((failure) => failure.Id === Id));
  }
  throw new TransientError(
    `sqs:SendMessageBatch to ${queue}: ${left.length} of ${messages.length} messages did not go, ` +
      `twice: ${failures.join(', ')}`,
  );
}

function entry({ body, delaySeconds }: Outgoing) {
  const DelaySeconds = Math.min(delaySeconds ?? 0, DELAY_SECONDS_MAX);
  return { MessageBody: body, ...(DelaySeconds > 0 ? { DelaySeconds } : {}) };
}
