/** Messages on their way to `reconcile`, each in the queue that is right for it. */
import type { Target } from '../config/config.ts';
import {
  bodyOf,
  type Cause,
  type CommandMessage,
  type Envelope,
  type Message,
  type SourceEnvelope,
} from '../edge/message.ts';
import type { Outgoing, Queues } from '../ports.ts';
import { commandQueueOf, queueFor } from '../runtime/routing.ts';

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

/** Its queue shows it after so long. */
export type Later = Envelope & { readonly delaySeconds?: number };

/** What a person says, by the queue of its target. */
export async function sendCommand(
  queues: Queues,
  target: Pick<Target, 'key' | 'commandQueue'>,
  message: CommandMessage,
  cause: Cause,
): Promise<void> {
  const body = bodyOf({ target: target.key, message, cause });
  await queues.send(commandQueueOf(target), [{ body }]);
}

/** In as few calls as it takes. */
export async function sendEnvelopes(queues: Queues, envelopes: readonly Later[]): Promise<void> {
  for (const queue of ['commands', 'urgent', 'releases'] as const) {
    const outgoing = envelopes
      .filter(({ message }) => queueFor(message) === queue)
      .map(({ delaySeconds = 0, ...envelope }): Outgoing => {
        const body = bodyOf(envelope);
        return delaySeconds > 0 ? { body, delaySeconds } : { body };
      });
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
