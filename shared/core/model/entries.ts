/** What is kept by name: each entry changed, some left out, some picked. */
import type { ContainerName, ImageSet } from './image.ts';

export function without<T>(
  entries: Readonly<Record<string, T>>,
  drop: (entry: T, name: string) => boolean,
): Readonly<Record<string, T>> {
  const kept = Object.entries(entries).filter(([name, entry]) => !drop(entry, name));
  return kept.length === Object.keys(entries).length ? entries : Object.fromEntries(kept);
}

export function pick(images: ImageSet, names: readonly ContainerName[]): ImageSet {
  return Object.fromEntries(Object.entries(images).filter(([name]) => names.includes(name)));
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
