/** How many entries a list or record of others may have. */
import * as z from 'zod/mini';

const ENTRIES_MAX = 5_000;

/**
 * A list or record that is looked into only if it is small. Each wrong entry costs time and memory,
 * and a hundred thousand of them more stack than there is.
 */
export function bounded<T extends z.core.$ZodType>(schema: T) {
  const small = z.refine((value) => sizeOf(value) <= ENTRIES_MAX, {
    error: `at most ${ENTRIES_MAX} entries`,
    abort: true,
  });
  return z.pipe(z.unknown().check(small), schema);
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
