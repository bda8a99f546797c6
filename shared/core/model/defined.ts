/**
 * An object without its undefined members. `exactOptionalPropertyTypes` tells "not there" from "there,
 * and undefined", and so do the table, JSON's readers and `toEqual`: what is unknown is left out. The
 * members that stay keep their order, so the bytes of what is written do not change.
 * Literals keep their types, so that a `kind` or `state` stays one of its words.
 */
export function defined<const T extends object>(members: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, member]) => member !== undefined),
  ) as Defined<T>;
}

type MayLack<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];

/** What may be undefined may be missing instead; all else is as it was. */
export type Defined<T> = T extends object
  ? Flat<Omit<T, MayLack<T>> & { [K in keyof Pick<T, MayLack<T>>]?: Exclude<T[K], undefined> }>
  : never;

type Flat<T> = { [K in keyof T]: T[K] };

/**
 * What must be there by our own rules, and is not: then we are wrong. It is thrown, so that the handling
 * fails, is tried again, and raises an alarm; no decision is made on what cannot be.
 */
export function expected<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing: that is a fault of Slipway`);
  return value;
}
