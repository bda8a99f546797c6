/** Records whose names come from clients. */

/**
 * An empty record whose names come from clients: `constructor` is a name like another in it.
 * What JSON or a copy makes of it has Object's prototype again; see `withTables`.
 */
export function table<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** A part of a world that came out of JSON, with the tables that the empty part has. */
export function withTables<T extends object>(empty: T, part: T): T {
  const entries = Object.entries({ ...empty, ...part }).map(([name, value]) => {
    const isTable = Object.getPrototypeOf(Object(empty[name as keyof T])) === null;
    return [name, isTable ? Object.assign(table(), value) : value];
  });
  return Object.fromEntries(entries) as T;
}
