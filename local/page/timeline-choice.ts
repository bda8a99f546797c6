/** Which entries a reader wants to see. What an entry says and concerns never changes, so it is kept. */
import type { PageEntry } from '../server/page-state.ts';
import { concerns, type TargetWords } from './entry-target.ts';
import { DEPTHS, type Depth, entryWords, type Told } from './entry-words.ts';

const told = new WeakMap<PageEntry, Told>();

/** As `entryWords`, made once. */
export function wordsOf(entry: PageEntry): Told {
  const known = told.get(entry);
  if (known !== undefined) return known;
  const words = entryWords(entry);
  told.set(entry, words);
  return words;
}

/** In their order. Of all targets if none is given. */
export function chosenEntries(
  entries: readonly PageEntry[],
  depth: Depth,
  target: TargetWords | undefined,
): readonly PageEntry[] {
  const deepest = DEPTHS.indexOf(depth);
  return entries.filter(
    (entry) =>
      DEPTHS.indexOf(wordsOf(entry).depth) <= deepest &&
      (target === undefined || concerns(entry, target)),
  );
}
