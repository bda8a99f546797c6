/** What all our Lambda functions have in common around their few lines. */
import type { MiddlewareObj } from '@middy/core';
import type { BoundLog } from './log.ts';

/** Makes what `make` makes, at the first call: importing a function's file needs no environment. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** One line for what leaves a function as an error, before Lambda retries it. */
export function tellsErrors(log: () => BoundLog): MiddlewareObj {
  return {
    onError: ({ error, context }) => {
      log().error('failed', { error, requestId: context?.awsRequestId });
    },
  };
}
