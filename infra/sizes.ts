/** Memory, time and parallelism of the functions and queues, each with its reason. */
import type { Queue } from '../shared/routing.ts';
import type { FunctionName } from './names.ts';

interface FunctionSize {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

/**
 * Lambda gives processor by memory (a whole one at 1,769 MB), and a start is mostly processor.
 * `settle` waits for AWS most of its time; its timeout is short, so that the message of a crashed
 * one comes back soon. `tick` asks for every repository and every tenth service once an hour: 10,000
 * targets are some 11,000 calls in turn, about ten minutes.
 */
export const FUNCTION_SIZES: Readonly<Record<FunctionName, FunctionSize>> = {
  'image-pushed': { memoryMb: 512, timeoutSeconds: 30 },
  'rollout-changed': { memoryMb: 512, timeoutSeconds: 30 },
  'alarm-changed': { memoryMb: 512, timeoutSeconds: 30 },
  settle: { memoryMb: 512, timeoutSeconds: 30 },
  tick: { memoryMb: 512, timeoutSeconds: 900 },
};

interface QueueSize {
  /** Messages in one invocation; at most ten without a batching window. (services-sqs-batching) */
  readonly batchSize: number;
  /** How long a message of a crashed invocation stays away: at least the function's timeout. */
  readonly visibilitySeconds: number;
  /** Older than this, a message waits too long and somebody is told. */
  readonly oldestSeconds: number;
}

/** An alarm travels alone and comes back soon; six timeouts is AWS's advice for the others. */
export const QUEUE_SIZES: Readonly<Record<Queue, QueueSize>> = {
  urgent: { batchSize: 1, visibilitySeconds: 30, oldestSeconds: 120 },
  releases: { batchSize: 10, visibilitySeconds: 180, oldestSeconds: 1_800 },
};

/** After so many receives a message is dead. */
export const RECEIVES_MAX = 5;

/** What an event source mapping may run at a time unless the settings say otherwise. */
export const CONCURRENCY: Readonly<Record<Queue, number>> = { urgent: 10, releases: 10 };

export const LOG_DAYS = 30;

/** The longest that SQS keeps anything: a dead letter is evidence. */
export const DEAD_LETTER_DAYS = 14;

/** Asynchronous events are kept for as long as Lambda allows; an alarm of hours ago still counts. */
export const EVENT_AGE_HOURS = 6;
