/** A batch of queue messages, each for one target: what `settle` does. */
import type { SQSBatchResponse } from 'aws-lambda';
import type { Pipeline, Target } from './config.ts';
import { parseEnvelope } from './edge/envelope.ts';
import type { Envelope } from './edge/message.ts';
import { type Handled, type HandledTarget, handle } from './handle.ts';
import type { BoundLog } from './log.ts';
import type { Ports, Queues } from './ports.ts';
import { takeBatch } from './queue-batch.ts';
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

/**
 * What failed goes back to the queue, and in the end to the dead-letter queue. Throws only for
 * what is no batch of SQS. `timeLeft` in ms.
 */
export async function settleBatch(
  event: unknown,
  timeLeft: () => number,
  deps: SettleDeps,
): Promise<SQSBatchResponse> {
  return await takeBatch<Envelope>(event, {
    function: 'settle',
    log: deps.log,
    ...(deps.sequential ? { sequential: true } : {}),
    parse: parseEnvelope,
    keyOf: ({ target }) => target,
    facts: ({ target, cause }) => ({ target, cause }),
    work: (envelope, body, log) => settle({ body, envelope }, deps.ports(timeLeft), log, deps),
  });
}

async function settle(
  { body, envelope }: { readonly body: string; readonly envelope: Envelope },
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
