/**
 * A batch of queue messages. Those of one key follow one another, since they write one record;
 * different keys do not wait for each other. A message that fails, fails alone; one that was not
 * finished in time failed, too.
 *
 * The answer is made here, and not by @middy/sqs-partial-batch-failure (6.4.5, its last): after a
 * time-out that calls every message failed, the finished ones as well, and what is no batch of SQS it
 * answers with "nothing failed".
 */
import type { SQSBatchResponse } from 'aws-lambda';
import { UnreadableEvent } from '../parsing/unreadable.ts';
import type { Invocation } from './lambda.ts';
import { type BoundLog, withLog } from './log.ts';

/** Of SQS. What has an id fails alone, whatever else is wrong with it. */
const ID_MAX = 100;

/** What SQS says of a message, beside it: the sender writes none of this. */
export interface Origin {
  /** The name of the queue that it came by; absent when the function was invoked directly. */
  readonly queue?: string;
  /** `SenderId`: the id of a user, or `<id of a role>:<session>`. */
  readonly senderId?: string;
}

export interface BatchWork<T> {
  /** Of the function, for the error: `reconcile`. */
  readonly function: string;
  readonly log: BoundLog;
  readonly invocation: Invocation;
  /** One key after the other: the local world wants one order only. */
  readonly sequential?: boolean;
  /** The message in a body. Throws `UnreadableEvent`. */
  parse(body: unknown, origin: Origin): T;
  /** Messages of one key are worked on in turn. */
  keyOf(message: T): string;
  /** What every log line of the message says. */
  facts(message: T): object;
  work(message: T, body: string, log: BoundLog, origin: Origin): Promise<void>;
}

interface Item {
  readonly messageId: string;
  readonly body: unknown;
  readonly origin: Origin;
}

interface Parsed<T> extends Item {
  readonly message: T;
  readonly log: BoundLog;
}

/**
 * What failed goes back to the queue, and in the end to the dead-letter queue. Throws only for what
 * is no batch of SQS.
 */
export async function takeBatch<T>(event: unknown, work: BatchWork<T>): Promise<SQSBatchResponse> {
  const { signal } = work.invocation;
  const failed: Item[] = [];
  const fail = (item: Item, log: BoundLog, error: unknown) => {
    failed.push(item);
    log.error('failed; the message goes back to the queue', { error });
  };

  const parsed = itemsOf(work.function, event).flatMap((item): readonly Parsed<T>[] => {
    const log = work.log.with({ messageId: item.messageId });
    try {
      const message = work.parse(item.body, item.origin);
      return [{ ...item, message, log: log.with(work.facts(message)) }];
    } catch (error) {
      fail(item, log, error);
      return [];
    }
  });

  const unfinished = new Set(parsed);
  const workOn = async (item: Parsed<T>) => {
    const { message, body, log, origin } = item;
    const working = withLog(log, async () => await work.work(message, String(body), log, origin));
    const [settled] = await Promise.allSettled([working]);
    // Of what ends after the answer, the answer has said already that it was not finished.
    if (signal.aborted) return;
    unfinished.delete(item);
    if (settled.status === 'rejected') fail(item, log, settled.reason);
  };
  await unlessAborted(signal, workThrough(parsed, work, workOn));
  for (const item of unfinished) fail(item, item.log, 'the time was up before it was finished');
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function workThrough<T>(
  parsed: readonly Parsed<T>[],
  { keyOf, sequential, invocation: { signal } }: BatchWork<T>,
  workOn: (item: Parsed<T>) => Promise<void>,
): Promise<void> {
  const inTurn = async (items: readonly Parsed<T>[]) => {
    for (const item of items) {
      if (signal.aborted) return;
      await workOn(item);
    }
  };
  const byKey = [...Map.groupBy(parsed, ({ message }) => keyOf(message)).values()];
  if (sequential) await inTurn(byKey.flat());
  else await Promise.all(byKey.map(inTurn));
}

/** Leaves nothing behind at the signal, which may outlive many batches. */
async function unlessAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = () => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function itemsOf(name: string, event: unknown): readonly Item[] {
  const records =
    typeof event === 'object' && event !== null && 'Records' in event && event.Records;
  if (!Array.isArray(records)) {
    throw new UnreadableEvent(`the input of ${name}`, event, 'a batch of SQS, with Records');
  }
  return records.map((record: unknown) => {
    const { messageId, body, ...rest } = (record ?? {}) as Record<string, unknown>;
    if (typeof messageId !== 'string' || messageId === '' || messageId.length > ID_MAX) {
      const expected = `the id of a message of SQS, 1 to ${ID_MAX} characters`;
      throw new UnreadableEvent('a record of the batch, messageId', messageId, expected);
    }
    return { messageId, body, origin: originOf(rest) };
  });
}

/** As SQS names queues; whatever else stands there is none, and is not repeated in a log. */
const QUEUE_NAME = /^[\w-]{1,80}$/;

export function originOf(record: Readonly<Record<string, unknown>>): Origin {
  const { eventSourceARN, attributes } = record;
  const { SenderId } = (attributes ?? {}) as { readonly SenderId?: unknown };
  const name = typeof eventSourceARN === 'string' ? eventSourceARN.split(':').at(-1) : undefined;
  return {
    ...(name !== undefined && { queue: QUEUE_NAME.test(name) ? name : '' }),
    ...(typeof SenderId === 'string' && SenderId !== '' && { senderId: SenderId }),
  };
}
