/** The wiring of the functions that face the world: they can send messages, and nothing else. */
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Queues } from '../../ports.ts';
import { required } from '../../runtime/environment.ts';
import type { FunctionQueue } from '../../runtime/routing.ts';
import { createQueues } from '../queues.ts';
import { logCalls } from './call-log.ts';
import { readSettings } from './client-settings.ts';
import type { ConnectOptions } from './options.ts';

/** A function is told of no way to the queue of commands. */
const VARIABLES = {
  urgent: 'urgentQueue',
  releases: 'releasesQueue',
  builds: 'buildsQueue',
  feedback: 'feedbackQueue',
} as const satisfies Record<FunctionQueue, string>;

/** A message that is sent twice does no harm, so sends are retried like reads. */
export function connectQueues(
  { environment, log, clock, aws = {}, onCall }: ConnectOptions,
  names: readonly FunctionQueue[] = ['urgent', 'releases'],
): Queues {
  const callLog = { log, now: clock.now, onCall };
  const urls = names.map((name) => [name, required(environment, VARIABLES[name])]);
  return createQueues(
    logCalls(new SQSClient(readSettings(aws)), callLog),
    Object.fromEntries(urls),
  );
}
