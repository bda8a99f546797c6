/** A batch of queue messages, each for one target: what `reconcile` does. */
import type { SQSBatchResponse } from 'aws-lambda';
import type { Pipeline, Target } from '../config/config.ts';
import { parseEnvelope } from '../edge/envelope.ts';
import type { Envelope } from '../edge/message.ts';
import type { Ports, Queues } from '../ports.ts';
import { sendEnvelopes } from '../route/enqueue.ts';
import type { Invocation } from '../runtime/lambda.ts';
import type { BoundLog } from '../runtime/log.ts';
import { type Origin, takeBatch } from '../runtime/queue-batch.ts';
import { commandQueueOf, commandQueuesOf, queueFor } from '../runtime/routing.ts';
import { checkQueue } from './origin.ts';
import { type ReconciledTarget, type Reconciliation, reconcile } from './reconcile.ts';
import { commandReceived, type Ignored, translate } from './translate.ts';

export interface ReconcileDeps {
  readonly pipeline: Pipeline;
  readonly log: BoundLog;
  readonly queues: Queues;
  /** New ones for each message. */
  readonly ports: (timeLeft: () => number) => Ports;
  /** One target after the other: the local world wants one order only. */
  readonly sequential?: boolean;
  /** Told of what came of each message; `slipway invoke` prints it. */
  readonly onReconciled?: (reconciled: ReconcileOutcome) => void;
}

export type ReconcileOutcome = { readonly target: string; readonly envelope: Envelope } & (
  | { readonly handled: Reconciliation }
  | { readonly ignored: string }
);

/**
 * What failed goes back to the queue, and in the end to the dead-letter queue. Throws only for
 * what is no batch of SQS.
 */
export async function reconcileBatch(
  event: unknown,
  invocation: Invocation,
  deps: ReconcileDeps,
): Promise<SQSBatchResponse> {
  return await takeBatch<Envelope>(event, {
    function: 'reconcile',
    log: deps.log,
    invocation,
    ...(deps.sequential ? { sequential: true } : {}),
    parse: (body, origin) => {
      const envelope = parseEnvelope(body);
      const target = targetOf(deps.pipeline, envelope.target);
      // Of one that is named no longer a command is refused, by whichever queue its person sent it.
      const commands =
        target === undefined ? commandQueuesOf(deps.pipeline) : [commandQueueOf(target)];
      checkQueue(envelope, origin, commands, deps.pipeline);
      return envelope;
    },
    keyOf: ({ target }) => target,
    facts: ({ target, cause }) => ({ target, cause }),
    work: (envelope, body, log, origin) =>
      reconcileMessage({ body, envelope, origin }, deps.ports(invocation.timeLeft), log, deps),
  });
}

interface Received {
  readonly body: string;
  readonly envelope: Envelope;
  readonly origin: Origin;
}

async function reconcileMessage(
  { body, envelope, origin }: Received,
  ports: Ports,
  log: BoundLog,
  deps: ReconcileDeps,
): Promise<void> {
  const target = targetOf(deps.pipeline, envelope.target);
  const reconciled =
    target === undefined
      ? await retire({ envelope, origin }, ports)
      : await reconcileFor(target, { envelope, origin }, ports, deps.pipeline);
  deps.onReconciled?.({ target: target?.id ?? envelope.target, envelope, ...reconciled });
  if ('ignored' in reconciled) {
    const { ignored: because, refused } = reconciled;
    if (refused === true) log.warn('refused', { because, sender: origin.senderId ?? 'unknown' });
    else log.info('ignored', { because });
    return;
  }
  if (reconciled.handled.outcome === 'turn') {
    await comeAtTurn(envelope, reconciled.handled, ports, log, deps);
    return;
  }
  if (reconciled.handled.outcome === 'later') {
    const { seconds: delaySeconds, because } = reconciled.handled;
    const queue = queueFor(envelope.message);
    // It is urgent; and sent anew it would be our word, and no longer the person's.
    if (queue === 'commands') throw new Error(`a command is never put back: ${because}`);
    // Waiting is no failure: sent anew, it is never counted towards the dead-letter queue.
    await deps.queues.send(queue, [{ body, delaySeconds }]);
    log.info('comes back later', { because, delaySeconds });
  }
}

/** What it was about stands in the record by now: one message brings it at its moment. */
async function comeAtTurn(
  { target, message: { type, ...message }, cause }: Envelope,
  { at, given, because }: Extract<Reconciliation, { outcome: 'turn' }>,
  { clock }: Ports,
  log: BoundLog,
  { queues }: ReconcileDeps,
): Promise<void> {
  const isItself = type === 'Hinted' && 'about' in message && message.about === 'turn';
  const delaySeconds = Math.ceil((at - clock.now()) / 1000);
  if (given || isItself) {
    const turn = { type: 'Hinted', cause: 'its turn to ask AWS has come', about: 'turn' } as const;
    await sendEnvelopes(queues, [{ target, message: turn, cause, delaySeconds }]);
  }
  log.info('comes at its turn', { because, delaySeconds });
}

type Result = { readonly handled: Reconciliation } | Ignored;

async function reconcileFor(
  target: Target,
  { envelope, origin }: Pick<Received, 'envelope' | 'origin'>,
  ports: Ports,
  { taskRights }: Pipeline,
): Promise<Result> {
  const translated = await translate(target, envelope, ports, origin);
  if ('ignored' in translated) return translated;
  const { event, urgent } = translated;
  return { handled: await reconcile({ ...target, taskRights }, event, ports, { urgent }) };
}

/** The config no longer names it: that is what its record must learn, and who said a command must hear. */
async function retire(
  { envelope, origin }: Pick<Received, 'envelope' | 'origin'>,
  ports: Ports,
): Promise<Result> {
  const { target: key, message, cause } = envelope;
  const stored = await ports.records.load(key);
  if (stored === undefined) {
    return { ignored: `the config does not name ${key}, and nothing is remembered about it` };
  }
  const { id, rules } = stored.record;
  const [, cluster = '', service = ''] = key.split('/');
  const target: ReconciledTarget = { key, id, rules, cluster, service, leftConfig: true };
  const event =
    message.type === 'CommandReceived'
      ? await commandReceived({ key }, message, { id: cause.id, origin }, ports)
      : ({ type: 'Retired', at: ports.clock.now() } as const);
  return { handled: await reconcile(target, event, ports, { urgent: false }) };
}

function targetOf(pipeline: Pipeline, key: string): Target | undefined {
  return Object.values(pipeline.targets).find((target) => target.key === key);
}
