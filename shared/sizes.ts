/**
 * The functions and queues in numbers: time, batches, receives, retries. Read by the infrastructure
 * and by the local world alike, so that what is tried locally is what runs in the account.
 */
import type { Queue } from './routing.ts';

export const FUNCTION_NAMES = [
  'image-pushed',
  'rollout-changed',
  'alarm-changed',
  'settle',
  'tick',
] as const;

export type FunctionName = (typeof FUNCTION_NAMES)[number];

interface FunctionLimits {
  readonly timeoutSeconds: number;
  /** How often Lambda tries an event again that failed; messages come back by their queue. */
  readonly retries: number;
}

/**
 * settle's timeout is short, so that the message of a crashed one comes back soon. `tick` asks for
 * every repository and every tenth service once an hour: 10,000 targets are some 11,000 calls in
 * turn, about ten minutes. The next one comes in a minute; an event comes only once.
 */
export const FUNCTION_LIMITS: Readonly<Record<FunctionName, FunctionLimits>> = {
  'image-pushed': { timeoutSeconds: 30, retries: 2 },
  'rollout-changed': { timeoutSeconds: 30, retries: 2 },
  'alarm-changed': { timeoutSeconds: 30, retries: 2 },
  settle: { timeoutSeconds: 30, retries: 0 },
  tick: { timeoutSeconds: 900, retries: 0 },
};

interface QueueLimits {
  /** Messages in one invocation; at most ten without a batching window. (services-sqs-batching) */
  readonly batchSize: number;
  /** How long a message of a crashed invocation stays away: at least settle's timeout. */
  readonly visibilitySeconds: number;
}

/** An alarm travels alone and comes back soon; six timeouts is AWS's advice for the others. */
export const QUEUE_LIMITS: Readonly<Record<Queue, QueueLimits>> = {
  urgent: { batchSize: 1, visibilitySeconds: 30 },
  releases: { batchSize: 10, visibilitySeconds: 180 },
};

/** After so many receives a message is dead. */
export const RECEIVES_MAX = 5;

/** How often `tick` is woken. */
export const TICK_EVERY_MINUTES = 1;
