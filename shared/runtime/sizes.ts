/**
 * The functions and queues in numbers: time, batches, receives, retries. Read by the infrastructure
 * and by the local world alike, so that what is tried locally is what runs in the account.
 */
import type { Queue } from './routing.ts';

export const FUNCTION_NAMES = [
  'image-pushed',
  'rollout-changed',
  'alarm-changed',
  'reconcile',
  'tick',
  'lifecycle-hook',
  'github-push',
  'build-changed',
  'build',
  'feedback',
  'notice',
] as const;

export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** Those that are there only when the config names sources. */
export const SOURCE_FUNCTION_NAMES = [
  'github-push',
  'build-changed',
  'build',
  'feedback',
] as const satisfies readonly FunctionName[];

/** Those that are there only when a target shifts traffic. */
export const SHIFT_FUNCTION_NAMES = ['lifecycle-hook'] as const satisfies readonly FunctionName[];

/** Those that are there only when the config names somebody to be told. */
export const NOTICE_FUNCTION_NAMES = ['notice'] as const satisfies readonly FunctionName[];

interface FunctionLimits {
  readonly timeoutSeconds: number;
  /** How often Lambda tries an event again that failed; messages come back by their queue. */
  readonly retries: number;
}

/**
 * reconcile's timeout is short, so that the message of a crashed one comes back soon. `tick` asks for
 * every repository and every tenth service once an hour: 10,000 targets are some 11,000 calls in
 * turn, about ten minutes. The next one comes in a minute; an event comes only once. GitHub gives up
 * after ten seconds, and waits between two requests that write as long as GitHub asks for.
 */
export const FUNCTION_LIMITS: Readonly<Record<FunctionName, FunctionLimits>> = {
  'image-pushed': { timeoutSeconds: 30, retries: 2 },
  'rollout-changed': { timeoutSeconds: 30, retries: 2 },
  'alarm-changed': { timeoutSeconds: 30, retries: 2 },
  reconcile: { timeoutSeconds: 30, retries: 0 },
  tick: { timeoutSeconds: 900, retries: 0 },
  // ECS waits for the answer, and takes the traffic back when there is none.
  'lifecycle-hook': { timeoutSeconds: 30, retries: 0 },
  'github-push': { timeoutSeconds: 10, retries: 0 },
  'build-changed': { timeoutSeconds: 30, retries: 2 },
  build: { timeoutSeconds: 30, retries: 0 },
  feedback: { timeoutSeconds: 60, retries: 0 },
  notice: { timeoutSeconds: 30, retries: 2 },
};

interface QueueLimits {
  /** Messages in one invocation; at most ten without a batching window. (services-sqs-batching) */
  readonly batchSize: number;
  /** How long a message of a crashed invocation stays away: at least the function's timeout. */
  readonly visibilitySeconds: number;
}

/** A command or an alarm travels alone and comes back soon; six timeouts is AWS's advice for the others. */
export const QUEUE_LIMITS: Readonly<Record<Queue, QueueLimits>> = {
  commands: { batchSize: 1, visibilitySeconds: 30 },
  urgent: { batchSize: 1, visibilitySeconds: 30 },
  releases: { batchSize: 10, visibilitySeconds: 180 },
  builds: { batchSize: 10, visibilitySeconds: 180 },
  feedback: { batchSize: 10, visibilitySeconds: 360 },
};

/** Which function takes the messages of a queue. */
export const QUEUE_READERS = {
  commands: 'reconcile',
  urgent: 'reconcile',
  releases: 'reconcile',
  builds: 'build',
  feedback: 'feedback',
} as const satisfies Readonly<Record<Queue, FunctionName>>;

/** After so many receives a message is dead. */
export const RECEIVES_MAX = 5;

/** How often `tick` is woken. */
export const TICK_EVERY_MINUTES = 1;
