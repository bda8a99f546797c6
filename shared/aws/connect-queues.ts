/** The wiring of the functions that face the world: they can send messages, and nothing else. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { required } from '../environment.ts';
import type { Queues } from '../ports.ts';
import { logCalls } from './call-log.ts';
import { readSettings } from './client-settings.ts';
import type { ConnectOptions } from './connect-options.ts';
import { createQueues } from './queues.ts';

/** A message that is sent twice does no harm, so sends are retried like reads. */
export function connectQueues({
  environment,
  log,
  clock,
  aws = {},
  onCall,
}: ConnectOptions): Queues {
  const callLog = { log, now: clock.now, onCall };
  return createQueues(logCalls(new SQSClient(readSettings(aws)), callLog), {
    urgent: required(environment, 'urgentQueue'),
    releases: required(environment, 'releasesQueue'),
  });
}
