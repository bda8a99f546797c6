/** Messages on their way to `reconcile`, each in the queue that is right for it. */
import type { Target } from '../config/config.ts';
import {
  bodyOf,
  type Cause,
  type Envelope,
  type Message,
  type SourceEnvelope,
} from '../edge/message.ts';
import type { Outgoing, Queues } from '../ports.ts';
import { queueFor } from '../runtime/routing.ts';

/** The same message to each of them. */
export async function sendToTargets(
  queues: Queues,
  targets: readonly Pick<Target, 'key'>[],
  message: Message,
  cause: Cause,
): Promise<void> {
  await sendEnvelopes(
    queues,
    targets.map(({ key: target }) => ({ target, message, cause })),
  );
}

/** In as few calls as it takes. */
export async function sendEnvelopes(queues: Queues, envelopes: readonly Envelope[]): Promise<void> {
  for (const queue of ['commands', 'urgent', 'releases'] as const) {
    const outgoing: readonly Outgoing[] = envelopes
      .filter(({ message }) => queueFor(message) === queue)
      .map((envelope) => ({ body: bodyOf(envelope) }));
    if (outgoing.length > 0) await queues.send(queue, outgoing);
  }
}

export async function sendSourceEnvelopes(
  queues: Queues,
  envelopes: readonly SourceEnvelope[],
): Promise<void> {
  if (envelopes.length === 0) return;
  await queues.send(
    'builds',
    envelopes.map((envelope) => ({ body: bodyOf(envelope) })),
  );
}
