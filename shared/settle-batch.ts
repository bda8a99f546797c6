/**
 * A batch of queue messages, each for one target. Those of one target follow one another, since
 * they write one record; different targets do not wait for each other.
 */
import type { SQSBatchResponse } from 'aws-lambda';
import type { Pipeline, Target } from './config.ts';
import { parseEnvelope } from './edge/envelope.ts';
import type { Envelope } from './edge/message.ts';
import { UnreadableEvent } from './edge/unreadable.ts';
import { type Handled, type HandledTarget, handle } from './handle.ts';
import { type BoundLog, withLog } from './log.ts';
import type { Ports, Queues } from './ports.ts';
import { queueFor } from './routing.ts';
import { translate } from './translate.ts';

export interface SettleDeps {
  readonly pipeline: Pipeline;
  readonly log: BoundLog;
  readonly queues: Queues;
  /** New ones for each message. */
  readonly ports: (timeLeft: () => number) => Ports;
  /** One target after the other: the local world wants one order only. */
  readonly sequential?: boolean;
  /** Told of what came of each message; `slipway invoke` prints it. */
  readonly onSettled?: (settled: Settled) => void;
}

export type Settled = { readonly target: string; readonly envelope: Envelope } & (
  | { readonly handled: Handled }
  | { readonly ignored: string }
);

/** Of SQS. What has an id fails alone, whatever else is wrong with it. */
const ID_MAX = 100;

interface Item {
  readonly messageId: string;
  readonly body: unknown;
}

interface Read {
  readonly messageId: string;
  readonly body: string;
  readonly envelope: Envelope;
}

/**
 * What failed goes back to the queue, and in the end to the dead-letter queue. Throws only for
 * what is no batch of SQS. `timeLeft` in ms.
 */
export async function settleBatch(
  event: unknown,
  timeLeft: () => number,
  deps: SettleDeps,
): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  const attempt = async (
    item: Pick<Item, 'messageId'>,
    log: BoundLog,
    work: () => Promise<void>,
  ) => {
    try {
      await withLog(log, work);
    } catch (error) {
      failed.push(item.messageId);
      log.error('failed; the message goes back to the queue', { error });
    }
  };

  const byTarget = new Map<string, Read[]>();
  for (const item of itemsOf(event)) {
    await attempt(item, deps.log.with({ messageId: item.messageId }), async () => {
      const { messageId, body } = item;
      const envelope = parseEnvelope(body);
      const others = byTarget.get(envelope.target) ?? [];
      byTarget.set(envelope.target, [...others, { messageId, body: String(body), envelope }]);
    });
  }

  const settleInTurn = async (items: readonly Read[]) => {
    for (const item of items) {
      const { target, cause } = item.envelope;
      const log = deps.log.with({ messageId: item.messageId, target, cause });
      await attempt(item, log, () => settle(item, deps.ports(timeLeft), log, deps));
    }
  };
  if (deps.sequential) await settleInTurn([...byTarget.values()].flat());
  else await Promise.all([...byTarget.values()].map(settleInTurn));

  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

async function settle(
  { body, envelope }: Read,
  ports: Ports,
  log: BoundLog,
  deps: SettleDeps,
): Promise<void> {
  const target = targetOf(deps.pipeline, envelope.target);
  const settled =
    target === undefined ? await retire(envelope, ports) : await settleFor(target, envelope, ports);
  deps.onSettled?.({ target: target?.id ?? envelope.target, envelope, ...settled });
  if ('ignored' in settled) {
    log.info('ignored', { because: settled.ignored });
    return;
  }
  if (settled.handled.outcome === 'later') {
    // Waiting is no failure: sent anew, it is never counted towards the dead-letter queue.
    const delaySeconds = settled.handled.seconds ?? 0;
    await deps.queues.send(queueFor(envelope.message), [{ body, delaySeconds }]);
    log.info('waits for its share of API calls', { delaySeconds });
  }
}

type Result = { readonly handled: Handled } | { readonly ignored: string };

async function settleFor(target: Target, envelope: Envelope, ports: Ports): Promise<Result> {
  const translated = await translate(target, envelope, ports);
  if ('ignored' in translated) return translated;
  const { event, urgent } = translated;
  return { handled: await handle(target, event, ports, { urgent }) };
}

/** The config no longer names it: whatever the message says, that is what its record must learn. */
async function retire({ target: key }: Envelope, ports: Ports): Promise<Result> {
  const stored = await ports.records.load(key);
  if (stored === undefined) {
    return { ignored: `the config does not name ${key}, and nothing is remembered about it` };
  }
  const { id, rules } = stored.record;
  const [, cluster = '', service = ''] = key.split('/');
  const target: HandledTarget = { key, id, rules, cluster, service };
  const event = { type: 'Retired', at: ports.clock.now() } as const;
  return { handled: await handle(target, event, ports, { urgent: false }) };
}

function targetOf(pipeline: Pipeline, key: string): Target | undefined {
  return Object.values(pipeline.targets).find((target) => target.key === key);
}

function itemsOf(event: unknown): readonly Item[] {
  const records =
    typeof event === 'object' && event !== null && 'Records' in event && event.Records;
  if (!Array.isArray(records)) {
    throw new UnreadableEvent('the input of settle', event, 'a batch of SQS, with Records');
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
