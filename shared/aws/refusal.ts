/**
 * What an error of the SDK means for us: AWS says no and would say it again, or nobody knows.
 * The difference decides between an answer and a retry, so it is made in one place.
 */
import { plain } from '../core/model/text.ts';
import { type Answer, DeferredError, TransientError } from '../ports.ts';

/** 4xx that pass: throttles, and what says more about our clock or credentials than about the call. */
const PASSING = new Set([
  'BandwidthLimitExceeded',
  'ConcurrentModificationException',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestExpired',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestTimeout',
  'RequestTimeoutException',
  'SignatureDoesNotMatch',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TooManyUpdates',
  'UnrecognizedClientException',
]);

/**
 * "Too many concurrent attempts to create a new revision of the specified family." comes as a plain
 * ClientException, and passes. (https://github.com/hashicorp/terraform-provider-aws/pull/10520)
 */
const PASSING_TEXT = /too many concurrent attempts/i;

/** The refusal that would be repeated, or undefined: then the outcome is unknown or may change. */
export function refusalOf(error: unknown): { code: string; message: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const status = statusOf(error);
  if (status === undefined || status < 400 || status > 499) return undefined;
  if (status === 408 || status === 429) return undefined;
  if (PASSING.has(error.name) || PASSING_TEXT.test(error.message)) return undefined;
  return { code: error.name, message: error.message || 'AWS gave no message.' };
}

function statusOf(error: Error): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/**
 * AWS answered, and did not take it: a throttle did nothing for certain, a 5xx perhaps something.
 * Without a status there was no answer at all.
 */
function deferred(call: string, error: unknown): TransientError {
  const status = error instanceof Error ? statusOf(error) : undefined;
  if (!(error instanceof Error) || status === undefined || status < 400)
    return transient(call, error);
  const carriedOut = status < 500 ? 'no' : 'unknown';
  const answer = { code: error.name, said: error.message, carriedOut } as const;
  return new DeferredError(`${call} was not taken: ${says(error)}`, answer, { cause: error });
}

/** An answer for `Answer`, or `TransientError` thrown. `call` names it: `ecs:UpdateService of web`. */
export function refused(call: string, error: unknown): Answer<never> {
  const refusal = refusalOf(error);
  if (refusal === undefined) throw deferred(call, error);
  return { ok: false, ...refusal };
}

export function transient(call: string, error: unknown): TransientError {
  return new TransientError(`${call} gave no answer to rely on: ${says(error)}`, { cause: error });
}

/** `ThrottlingException: Rate exceeded` */
export function says(error: unknown): string {
  return plain(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

/** Asks, and turns every error into `TransientError`. */
export async function ask<T>(call: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw transient(call, error);
  }
}

const NOT_THERE = new Set([
  'ClusterNotFoundException',
  'ServiceNotActiveException',
  'ServiceNotFoundException',
]);

/** Asks about a service that may be gone by now: then there is no answer, and that is no error. */
export async function askUnlessGone<T>(
  call: string,
  send: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    const refusal = refusalOf(error);
    // "Cannot call DescribeServiceRevisions for a service that is INACTIVE." (Observed.)
    const inactive =
      refusal?.code === 'InvalidParameterException' && /INACTIVE/.test(refusal.message);
    if (refusal !== undefined && (NOT_THERE.has(refusal.code) || inactive)) return undefined;
    throw transient(call, error);
  }
}
