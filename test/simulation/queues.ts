/**
 * The queues of a simulated world, as SQS gives them to `reconcile`: in batches, after a delay, and
 * anew when a batch says that a message failed, until it is a dead letter.
 */
import type { QueueName } from '../../shared/ports.ts';
import { kindOf } from '../../shared/runtime/routing.ts';
import { QUEUE_LIMITS, RECEIVES_MAX } from '../../shared/runtime/sizes.ts';
import type { Agenda } from './agenda.ts';

/** What comes within this time is there when Lambda asks, and travels together. */
const POLL_MS = 100;

export interface Queued {
  readonly messageId: string;
  readonly body: string;
}

interface Item extends Queued {
  readonly at: number;
  readonly receives: number;
}

/** Of a batch, those that failed. */
export type Take = (queue: QueueName, batch: readonly Queued[]) => Promise<readonly string[]>;

export class SimulatedQueues {
  readonly #agenda: Agenda;
  readonly #now: () => number;
  readonly #take: Take;
  readonly #waiting = new Map<QueueName, Set<Item>>();
  #ids = 0;

  constructor(agenda: Agenda, now: () => number, take: Take) {
    this.#agenda = agenda;
    this.#now = now;
    this.#take = take;
  }

  post(queue: QueueName, body: string, delayMs: number): void {
    const messageId = `message-${++this.#ids}`;
    this.#show(queue, { messageId, body, receives: 0, at: this.#now() + delayMs });
  }

  #show(queue: QueueName, item: Item): void {
    const waiting = this.#waiting.get(queue) ?? new Set<Item>();
    this.#waiting.set(queue, waiting.add(item));
    this.#agenda.plan(item.at, () => {
      // An earlier batch took it along.
      if (waiting.has(item)) void this.#receive(queue, item, waiting);
    });
  }

  async #receive(queue: QueueName, first: Item, waiting: Set<Item>): Promise<void> {
    const { batchSize, visibilitySeconds } = QUEUE_LIMITS[kindOf(queue)];
    const others = [...waiting].filter((item) => item !== first && item.at <= first.at + POLL_MS);
    const batch = [first, ...others].slice(0, batchSize);
    for (const item of batch) waiting.delete(item);
    const visibleAt = this.#now() + visibilitySeconds * 1_000;
    const failed = await this.#take(queue, batch);
    for (const item of batch) {
      const receives = item.receives + 1;
      if (!failed.includes(item.messageId) || receives >= RECEIVES_MAX) continue;
      this.#show(queue, { ...item, receives, at: Math.max(visibleAt, this.#now()) });
    }
  }
}
