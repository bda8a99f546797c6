/** What is kept by name: each entry changed, some left out, some picked. */

export function without<T>(
  entries: Readonly<Record<string, T>>,
  drop: (entry: T, name: string) => boolean,
): Readonly<Record<string, T>> {
  const kept = Object.entries(entries).filter(([name, entry]) => !drop(entry, name));
  return kept.length === Object.keys(entries).length ? entries : Object.fromEntries(kept);
}

export function pick<T>(
  entries: Readonly<Record<string, T>>,
  names: readonly string[],
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => names.includes(name)));
}

/** Under the same names, in the same order. */
export function mapValues<A, B>(
  entries: Readonly<Record<string, A>>,
  change: (entry: A, name: string) => B,
): Readonly<Record<string, B>> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, change(entry, name)]),
  );
}
