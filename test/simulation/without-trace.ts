/**
 * What a world throws by the thousand says by its name and its words what it is: where it was made is asked of
 * none of them, and to find that out takes longer than the call that failed.
 */
export function withoutTrace<T extends Error>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
