/** Lambda's event source mapping for SQS: a batch goes in, and what did not fail is deleted. */
import { createHash } from 'node:crypto';
import type { World } from '../kernel/world.ts';
import { type Message, type Queue, remove } from '../sqs/state.ts';

/** What the function gets (docs, with-sqs). */
export function batchOf({ region }: World, arn: string, messages: readonly Message[]) {
  return {
    Records: messages.map((message) => ({
      messageId: message.id,
      receiptHandle: message.receipt,
      body: message.body,
      attributes: {
        ApproximateReceiveCount: String(message.received),
        SentTimestamp: String(message.sentAt),
        SenderId: message.senderId,
        ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
      },
      messageAttributes: {},
      md5OfBody: createHash('md5').update(message.body).digest('hex'),
      eventSource: 'aws:sqs',
      eventSourceARN: arn,
      awsRegion: region,
    })),
  };
}

/**
 * Deletes what was settled; what failed comes back after the visibility timeout. An answer that is
 * no partial batch response means that everything went well (docs, services-sqs-errorhandling).
 */
export function completeBatch(queue: Queue, messages: readonly Message[], answer: unknown): void {
  const failures = (answer as { batchItemFailures?: { itemIdentifier?: string }[] } | undefined)
    ?.batchItemFailures;
  const failed = new Set((failures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  for (const message of messages) {
    if (!failed.has(message.id)) remove(queue, message.receipt);
  }
}
