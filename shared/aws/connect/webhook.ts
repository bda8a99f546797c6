/** The wiring of `github-push`: it reads secrets, and sends messages to one queue. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock, Queues, Secrets } from '../../ports.ts';
import { required } from '../../runtime/environment.ts';
import { createRefusalLog, type TellRefusal } from '../../runtime/refusal-log.ts';
import { createQueues } from '../queues.ts';
import { createSecrets } from '../secrets.ts';
import { logCalls } from './call-log.ts';
import { readSettings } from './client-settings.ts';
import type { ConnectOptions } from './options.ts';

/** GitHub gives up after ten seconds: two attempts at each of two calls in turn must fit. */
const IN_A_HURRY = {
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
};
const ATTEMPTS_MAX = 2;

export function connectWebhook({ environment, log, clock, aws = {}, onCall }: ConnectOptions): {
  readonly queues: Queues;
  readonly secrets: Pick<Secrets, 'versions'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly tellRefusal: TellRefusal;
} {
  const settings = { ...readSettings({ ...IN_A_HURRY, ...aws }), maxAttempts: ATTEMPTS_MAX };
  const callLog = { log, now: clock.now, onCall };
  const sqs = logCalls(new SQSClient(settings), callLog);
  const secretsManager = logCalls(new SecretsManagerClient(settings), callLog);
  return {
    queues: createQueues(sqs, { builds: required(environment, 'buildsQueue') }),
    secrets: createSecrets(secretsManager, clock),
    clock,
    tellRefusal: createRefusalLog(clock),
  };
}
