/**
 * The one way to call an operation: with what goes wrong on the way, and with whoever wants to see
 * it. Every transport goes through it, so faults and logs are the same under the SDK and in fast
 * simulation.
 */
import type { Authorizer, Caller } from './authorization.ts';
import { AwsError, NoAnswer } from './errors.ts';
import type { World } from './world.ts';

/** One call from outside, as hooks see it. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  /** Absent: somebody of whom IAM is not asked. */
  readonly caller?: Caller;
}

export type CallResult = Call & {
  readonly fault: Fault;
  /** What AWS answered; absent if it failed or was never asked. */
  readonly output?: unknown;
  readonly error?: AwsError | NoAnswer;
};

/**
 * What goes wrong with a call. `throttle` and `server-error`: AWS answers so and did nothing.
 * `timeout`: it never arrived. `lost-answer`: it was executed, and the answer did not come back.
 */
export type Fault = 'none' | 'throttle' | 'server-error' | 'timeout' | 'lost-answer' | AwsError;

export interface Hooks {
  /** Told of every call after it was executed (or not). */
  readonly onCall?: (result: CallResult) => void;
  readonly fault?: (call: Call) => Fault;
  /** Absent: everybody may do everything. */
  readonly authorizer?: Authorizer;
}

/** Executes a call with its fault. Throws an AwsError, or NoAnswer. */
export function executeWithFault(call: Call, hooks: Hooks, execute: () => unknown): unknown {
  const fault = hooks.fault?.(call) ?? 'none';
  const result = resultOf(() => executeDespite(fault, call, execute));
  hooks.onCall?.({ ...call, fault, ...result });
  // An error of AWS is an answer too, and can be lost like one.
  if (fault === 'lost-answer') throw lostAnswer(call);
  if ('error' in result) throw result.error;
  return result.output;
}

function resultOf(execute: () => unknown): { output: unknown } | { error: AwsError | NoAnswer } {
  try {
    return { output: execute() };
  } catch (error) {
    if (error instanceof AwsError || error instanceof NoAnswer) return { error };
    throw error;
  }
}

function executeDespite(fault: Fault, call: Call, execute: () => unknown): unknown {
  if (fault instanceof AwsError) throw fault;
  switch (fault) {
    case 'throttle':
      throw new AwsError('ThrottlingException', 'Rate exceeded');
    case 'server-error':
      throw new AwsError('InternalFailure', 'Service Unavailable. Please try again later.', {
        status: 500,
      });
    case 'timeout':
      throw new NoAnswer(
        'TimeoutError',
        'ETIMEDOUT',
        `${call.service}:${call.operation} timed out`,
      );
    case 'none':
    case 'lost-answer':
      return execute();
  }
}

function lostAnswer(call: Call): NoAnswer {
  return new NoAnswer('Error', 'ECONNRESET', `${call.service}:${call.operation}: socket hang up`);
}

/** Executes what somebody asks; AWS notes who it is (of a revision, of a message). */
export function asCaller<T>(world: World, caller: Caller | undefined, ask: () => T): T {
  if (caller === undefined) return ask();
  world.caller = caller;
  try {
    return ask();
  } finally {
    delete world.caller;
  }
}

/** Executes what a client over HTTP asks: its reads may lag otherwise than those in process. */
export function asClient<T>(world: World, ask: () => T): T {
  world.clientAsks = true;
  try {
    return ask();
  } finally {
    delete world.clientAsks;
  }
}
