/**
 * A batch of queue messages. Those of one key follow one another, since they write one record;
 * different keys do not wait for each other. A message that fails, fails alone.
 */
import type { SQSBatchResponse } from 'aws-lambda';
import { UnreadableEvent } from '../parsing/unreadable.ts';
import { type BoundLog, withLog } from './log.ts';

/** Of SQS. What has an id fails alone, whatever else is wrong with it. */
const ID_MAX = 100;

export interface BatchWork<T> {
  /** Of the function, for the error: `reconcile`. */
  readonly function: string;
  readonly log: BoundLog;
  /** One key after the other: the local world wants one order only. */
  readonly sequential?: boolean;
  /** The message in a body. Throws `UnreadableEvent`. */
  parse(body: unknown): T;
  /** Messages of one key are worked on in turn. */
  keyOf(message: T): string;
  /** What every log line of the message says. */
  facts(message: T): object;
  work(message: T, body: string, log: BoundLog): Promise<void>;
}

interface Read<T> {
  readonly messageId: string;
  readonly body: string;
  readonly message: T;
}

/**
 * What failed goes back to the queue, and in the end to the dead-letter queue. Throws only for what
 * is no batch of SQS.
 */
export async function takeBatch<T>(event: unknown, work: BatchWork<T>): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  const attempt = async (messageId: string, log: BoundLog, run: () => Promise<void>) => {
    try {
      await withLog(log, run);
    } catch (error) {
      failed.push(messageId);
      log.error('failed; the message goes back to the queue', { error });
    }
  };

  const byKey = new Map<string, Read<T>[]>();
  for (const { messageId, body } of itemsOf(work.function, event)) {
    await attempt(messageId, work.log.with({ messageId }), async () => {
      const message = work.parse(body);
      const key = work.keyOf(message);
      const others = byKey.get(key) ?? [];
      byKey.set(key, [...others, { messageId, body: String(body), message }]);
    });
  }

  const inTurn = async (items: readonly Read<T>[]) => {
    for (const { messageId, body, message } of items) {
      const log = work.log.with({ messageId, ...work.facts(message) });
      await attempt(messageId, log, () => work.work(message, body, log));
    }
  };
  if (work.sequential) await inTurn([...byKey.values()].flat());
  else await Promise.all([...byKey.values()].map(inTurn));

  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

function itemsOf(
  name: string,
  event: unknown,
): readonly { readonly messageId: string; readonly body: unknown }[] {
  const records =
    typeof event === 'object' && event !== null && 'Records' in event && event.Records;
  if (!Array.isArray(records)) {
    throw new UnreadableEvent(`the input of ${name}`, event, 'a batch of SQS, with Records');
  }
  return records.map((record: unknown) => {
    const { messageId, body } = (record ?? {}) as Record<string, unknown>;
    if (typeof messageId !== 'string' || messageId === '' || messageId.length > ID_MAX) {
      const expected = `the id of a message of SQS, 1 to ${ID_MAX} characters`;
      throw new UnreadableEvent('a record of the batch, messageId', messageId, expected);
    }
    return { messageId, body };
  });
}
