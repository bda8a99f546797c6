/**
 * What all our Lambda functions have in common around their few lines: middy says what failed, and
 * stops a function in time. What was not finished by then comes back: an event by Lambda's retries,
 * a message by its queue.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import type { Clock } from '../ports.ts';
import { ENVIRONMENT, type Environment } from './environment.ts';
import { type BoundLog, createLog, followingLog } from './log.ts';
import type { FunctionName } from './sizes.ts';

/** How long before Lambda would end the function it stops by itself: enough to answer and to log. */
const STOPS_BEFORE_MS = 500;
/** A batch that is stopped answers at once; one that does not, fails whole. */
const BATCH_ANSWERS_WITHIN_MS = 100;

/** One invocation of a function that takes a batch. */
export interface Invocation {
  /** In ms, and 0 once it was stopped: what still runs then, in a process that thaws, acts no more. */
  timeLeft(): number;
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
}

interface Speaks {
  readonly log: BoundLog;
}

/** A function that is invoked with one event. What it throws is said, and thrown on to Lambda. */
export function onEvent<D extends Speaks, R>(work: (event: unknown, deps: D) => Promise<R>) {
  return (deps: () => D) =>
    middy((event: unknown) => work(event, deps()), {
      timeoutEarlyInMillis: STOPS_BEFORE_MS,
      timeoutEarlyResponse: () => {
        throw timedOut();
      },
    }).use(tellsErrors(() => deps().log));
}

/**
 * A function that takes a batch of SQS and answers which of its messages failed. When its time is up,
 * `takeBatch` hears of it by the signal, and answers what was finished until then.
 */
export function onBatch<D extends Speaks>(
  work: (event: unknown, invocation: Invocation, deps: D) => Promise<SQSBatchResponse>,
) {
  return (deps: () => D) =>
    middy(
      (event: unknown, context: Context, { signal }: { readonly signal: AbortSignal }) => {
        const timeLeft = () => (signal.aborted ? 0 : context.getRemainingTimeInMillis());
        return work(event, { timeLeft, signal }, deps());
      },
      {
        timeoutEarlyInMillis: STOPS_BEFORE_MS,
        timeoutEarlyResponse: async () => {
          await sleep(BATCH_ANSWERS_WITHIN_MS);
          throw timedOut();
        },
      },
    ).use(tellsErrors(() => deps().log));
}

/** One line for what leaves a function as an error, before Lambda retries it. */
function tellsErrors(log: () => BoundLog): MiddlewareObj {
  return {
    onError: ({ error, context }) => {
      log().error('failed', { error, requestId: context?.awsRequestId });
    },
  };
}

function timedOut(): Error {
  const error = new Error('The function was stopped before its time was up: it was not finished.');
  error.name = 'TimeoutError';
  return error;
}

/** What a wiring in `shared/aws/connect` is given in Lambda. */
export interface LambdaOptions {
  readonly environment: Environment;
  /** Follows what is being handled. */
  readonly log: BoundLog;
  readonly clock: Pick<Clock, 'now' | 'newId'>;
}

/** Connects at the first invocation, once per process: importing a function's file needs no environment. */
export function connected<C>(
  name: FunctionName,
  connect: (options: LambdaOptions) => C,
): () => C & Speaks {
  let made: (C & Speaks) | undefined;
  return () => {
    made ??= make(name, connect);
    return made;
  };
}

function make<C>(name: FunctionName, connect: (options: LambdaOptions) => C): C & Speaks {
  const environment = process.env;
  const log = followingLog(createLog({ name, level: environment[ENVIRONMENT.logLevel] }));
  const clock = { now: Date.now, newId: randomUUID };
  return { log, ...connect({ environment, log, clock }) };
}
