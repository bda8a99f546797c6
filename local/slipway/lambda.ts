/**
 * The local Lambda: functions, and what invokes them. One invocation runs at a time, each to its
 * end at its virtual instant. Asynchronous invocations are tried again after function errors, one
 * and two minutes later, and then given up (docs, invocation-async-error-handling).
 */

import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { Context } from 'aws-lambda';
import { type Named, prefixOf } from '../../shared/parsing/pipeline-name.ts';
import { FUNCTION_LIMITS, FUNCTION_NAMES, type FunctionName } from '../../shared/runtime/sizes.ts';

export { FUNCTION_NAMES, type FunctionName };

export type LambdaHandler = (event: unknown, context: Context) => Promise<unknown>;

/** What the account calls a function of ours. */
export function functionNameOf(pipeline: Named, name: FunctionName): string {
  return `${prefixOf(pipeline)}-${name}`;
}

const RETRY_AFTER_MS = [60_000, 120_000] as const;

export interface Invocation {
  readonly function: FunctionName;
  readonly event: unknown;
  readonly at: number;
  /** How often it was tried before. */
  readonly tried: number;
}

/** When a failed asynchronous invocation is tried again; undefined: not any more. */
export function retryOf(failed: Invocation, now: number): Invocation | undefined {
  const isLast = failed.tried >= FUNCTION_LIMITS[failed.function].retries;
  const after = RETRY_AFTER_MS[failed.tried];
  return isLast || after === undefined
    ? undefined
    : { ...failed, at: now + after, tried: failed.tried + 1 };
}

/** The context of one invocation; `now` is the virtual clock. */
export function contextOf(
  name: FunctionName,
  requestId: string,
  now: () => number,
  pipeline: Named & { readonly account: string; readonly region: string },
): Context {
  const endsAt = now() + FUNCTION_LIMITS[name].timeoutSeconds * 1_000;
  const { account, region } = pipeline;
  const functionName = functionNameOf(pipeline, name);
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${region}:${account}:function:${functionName}`,
    memoryLimitInMB: '512',
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => endsAt - now(),
    // Node 24 has no callbacks any more; the types still do.
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

/** What EventBridge Scheduler sends without an input of its own. */
export function tickAt({ account, region }: World, at: number): Invocation {
  const time = `${new Date(at).toISOString().slice(0, 19)}Z`;
  const event = {
    version: '0',
    id: `tick-${time}`,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account,
    time,
    region,
    resources: [`arn:aws:scheduler:${region}:${account}:schedule/default/slipway-tick`],
    detail: '{}',
  };
  return { function: 'tick', event, at, tried: 0 };
}
