/** What a person may have meant who wrote a name that is none. */
import { meant } from '../../shared/parsing/meant.ts';

const NAMES_MAX = 20;

/** `; did you mean start?`, or what there is. */
export function nearest(seen: string, names: readonly string[]): string {
  const guess = meant(seen, names);
  return guess === '' ? whatThereIs(names) : guess;
}

function whatThereIs(names: readonly string[]): string {
  if (names.length === 0) return '; there is none';
  const more = names.length > NAMES_MAX ? `, and ${names.length - NAMES_MAX} more` : '';
  return `; there is: ${names.slice(0, NAMES_MAX).join(', ')}${more}`;
}

/** Of names that count something: `main-9` is no slip of `main-1`, but another image, and is not offered as one. */
export function nearestCounted(seen: string, names: readonly string[]): string {
  const letters = (name: string) => name.replaceAll(/\d+/g, '#');
  const others = names.filter((name) => letters(name) !== letters(seen));
  return meant(seen, others) || whatThereIs(names);
}
