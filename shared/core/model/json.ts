/** Values that survive JSON. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The same values under the same keys, in whatever order. */
export function sameJson(a: unknown, b: unknown): boolean {
  // As a rule they were written by the same code, in the same order.
  if (a === b || JSON.stringify(a) === JSON.stringify(b)) return true;
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** Keys in one order: the store may give them back in another. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}

/** Its members, if it is an object. */
export function asObject(value: Json | undefined): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : {};
}
