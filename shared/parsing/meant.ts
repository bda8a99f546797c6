/** What somebody meant who wrote a name that is none. */
import { closest, distance } from 'fastest-levenshtein';

/** `; did you mean eu-central-1?`, when one of the names is near; otherwise nothing. */
export function meant(seen: unknown, names: readonly string[]): string {
  if (typeof seen !== 'string' || seen.length > 100 || names.length === 0) return '';
  const written = seen.toLowerCase();
  const sorted = (name: string) => [...name.toLowerCase()].sort().join('');
  // Letters that changed places are the commonest slip, and count as two.
  const swapped = names.find((name) => sorted(name) === sorted(written));
  const nearest = swapped ?? closest(written, names);
  const near = distance(written, nearest.toLowerCase());
  return near <= Math.max(2, Math.floor(nearest.length / 3)) ? `; did you mean ${nearest}?` : '';
}
