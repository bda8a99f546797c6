/** Messages on their way to `reconcile`, each in the queue that is right for it. */
import { bodyOf, type Envelope, type SourceEnvelope } from '../edge/message.ts';
import type { Outgoing, Queues } from '../ports.ts';
import { queueFor } from '../runtime/routing.ts';

/** In as few calls as it takes. */
export async function sendEnvelopes(queues: Queues, envelopes: readonly Envelope[]): Promise<void> {
  const of = (queue: 'urgent' | 'releases'): Outgoing[] =>
    envelopes
      .filter(({ message }) => queueFor(message) === queue)
      .map((envelope) => ({ body: bodyOf(envelope) }));
  await queues.send('urgent', of('urgent'));
  await queues.send('releases', of('releases'));
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
