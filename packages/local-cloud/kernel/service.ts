/**
 * A service as one value: what it remembers at first, what a client can ask of it, what it does by
 * itself. The kernel runs services and knows none.
 */
import type { NeedsOf } from './authorization.ts';
import { AwsError } from './errors.ts';
import type { TimerHandlers } from './timers.ts';
import type { World } from './world.ts';

/** Moments in inputs and answers are Dates; the wire turns them into what its protocol has. */
export type Operation = (world: World, input: never) => unknown;

/** By the name that a client calls them by. */
export type Operations = Readonly<Record<string, Operation>>;

export interface Service<State> {
  readonly emptyState: (seed: number) => State;
  /** What speaks AWS's protocols; GitHub and the traffic do not. */
  readonly api?: Api;
  readonly timers?: TimerHandlers;
}

export interface Api {
  /** The name that SigV4 signs with. */
  readonly name: string;
  readonly operations: Operations;
  /** What each of them asks of IAM; absent: nothing. */
  readonly needs?: NeedsOf<Operations>;
}

/** Throws what the client hears if there is no such service, or no such operation. */
export function findOperation(apis: readonly Api[], name: string, operation: string): Operation {
  const api = apis.find((one) => one.name === name);
  if (api === undefined) {
    throw new AwsError(
      'UnsupportedOperation',
      `The local AWS has no service "${name}"; it has ${apis.map((one) => one.name).join(', ')}.`,
    );
  }
  const found = Object.hasOwn(api.operations, operation) ? api.operations[operation] : undefined;
  if (found === undefined) {
    throw new AwsError(
      'UnsupportedOperation',
      `The local AWS does not know ${name}:${operation}; of ${name} it knows ${Object.keys(api.operations).sort().join(', ')}.`,
    );
  }
  return found;
}
