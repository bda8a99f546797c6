/**
 * How every client talks: the region and timeouts, and what the local AWS puts in their place.
 * It imports no client, so that a function's bundle has only the clients that it uses.
 */
import type { SQSClientConfig } from '@aws-sdk/client-sqs';

export interface ClientSettings {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly requestHandler?: NonNullable<SQSClientConfig['requestHandler']>;
  readonly retryStrategy?: RetryStrategy;
}

/** The SDK's second, newer interface; the type is not exported by a package that we depend on. */
export type RetryStrategy = Extract<
  NonNullable<SQSClientConfig['retryStrategy']>,
  { acquireInitialRetryToken: unknown }
>;
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;

const CONNECTION_TIMEOUT_MS = 1_500;
/** Three attempts of a read fit twice into reconcile's 30 seconds. */
const READ_TIMEOUT_MS = 4_000;
/** A write whose answer we gave up is searched for by looks: better wait a little longer. */
const WRITE_TIMEOUT_MS = 8_000;
const WRITE_ATTEMPTS_MAX = 4;

/** For what may be asked twice: the SDK's standard retries. */
export function readSettings(settings: ClientSettings) {
  return { ...shared(settings, READ_TIMEOUT_MS), maxAttempts: 3 };
}

/**
 * For what must not be asked twice (UpdateService and RegisterTaskDefinition have no idempotency
 * token): repeated only where AWS says that it did nothing. A timeout or a 5xx leaves open what
 * happened, so it is an error at once.
 */
export function writeSettings(settings: ClientSettings) {
  return {
    ...shared(settings, WRITE_TIMEOUT_MS),
    retryStrategy: onThrottlingOnly(settings.retryStrategy ?? new Backoff()),
  };
}

function shared(settings: ClientSettings, requestTimeout: number) {
  return {
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout,
      // Without this the SDK only warns.
      throwOnRequestTimeout: true,
    },
    ...settings,
  };
}

function onThrottlingOnly(strategy: RetryStrategy): RetryStrategy {
  return {
    acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
    recordSuccess: (token) => strategy.recordSuccess(token),
    refreshRetryTokenForRetry: (token, info) => {
      // The SDK then throws the error of the call, not this one.
      if (info.errorType !== 'THROTTLING') throw new Error('The call may have had its effect.');
      return strategy.refreshRetryTokenForRetry(token, info);
    },
  };
}

/** Exponential with full jitter, from 500 ms: RegisterTaskDefinition refills once a second. */
class Backoff implements RetryStrategy {
  async acquireInitialRetryToken(): Promise<RetryToken> {
    return token(0, 0);
  }

  async refreshRetryTokenForRetry(previous: RetryToken): Promise<RetryToken> {
    const count = previous.getRetryCount() + 1;
    if (count >= WRITE_ATTEMPTS_MAX) throw new Error('No attempts left.');
    return token(count, Math.random() * 500 * 2 ** count);
  }

  recordSuccess(): void {}
}

function token(count: number, delay: number): RetryToken {
  return { getRetryCount: () => count, getRetryDelay: () => delay };
}
