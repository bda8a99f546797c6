/**
 * Memory, parallelism and patience of the functions and queues, each with its reason. What the local
 * world has too (timeouts, batches, receives) stands in shared/runtime/sizes.ts.
 */
import type { Settings } from '../shared/config/infra.ts';
import type { Queue } from '../shared/runtime/routing.ts';

/**
 * Of every function. Lambda gives processor by memory (a whole one at 1,769 MB), and a start is
 * mostly processor; `reconcile` waits for AWS most of its time.
 */
export const MEMORY_MB = 512;

/** Older than this, a message waits too long and somebody is told. */
export const OLDEST_SECONDS: Readonly<Record<Queue, number>> = {
  commands: 120,
  urgent: 120,
  releases: 1_800,
  builds: 600,
  // A message that GitHub does not take goes back as a new one, so this is not how long GitHub is away.
  feedback: 3_600,
};

/**
 * What an event source mapping may run at a time unless the settings say otherwise. GitHub wants
 * requests that write one after the other, so for `feedback` it is the fewest that Lambda allows; and
 * persons do not say much at a time.
 */
const CONCURRENCY: Readonly<Record<Queue, number>> = {
  commands: 2,
  urgent: 10,
  releases: 10,
  builds: 5,
  feedback: 2,
};

/**
 * Alarms heard at a time. Reserved, since what starts a rollback must not wait behind somebody else's
 * functions; a storm of them is 10 at a time, each a tenth of a second.
 */
const ALARM_CONCURRENCY = 10;

/** A sweep of ten thousand services may take ten minutes, and the looks of the next minutes must go out. */
export const TICK_CONCURRENCY = 2;

/** Requests of GitHub at a time: everybody may send some, and they must not take the account's all. */
const WEBHOOK_CONCURRENCY = 10;

export type Concurrency = Readonly<Record<Queue | 'alarms' | 'webhook', number>>;

/** Of the settings, with every default filled in. */
export function concurrencyOf({ concurrency }: Pick<Settings, 'concurrency'>): Concurrency {
  const defaults = { ...CONCURRENCY, alarms: ALARM_CONCURRENCY, webhook: WEBHOOK_CONCURRENCY };
  return { ...defaults, ...concurrency };
}

/** Releases whose stages are asked about at the same time; a question takes half a second. */
export const HOOK_CONCURRENCY = 10;

export const LOG_DAYS = 30;

/** The longest that SQS keeps anything: a dead letter is evidence. */
export const DEAD_LETTER_DAYS = 14;

/** Asynchronous events are kept for as long as Lambda allows; an alarm of hours ago still counts. */
export const EVENT_AGE_HOURS = 6;
