/** Runs a mutant: our code with one rule taken out, in a process of its own. */
import type { Hunt, Verdict } from './hunt.ts';
import { type Change, placeOf } from './place.ts';
import { runProgram } from './program.ts';

const HUNT = new URL('hunt.ts', import.meta.url);

export type { Verdict } from './hunt.ts';

/**
 * Scenes, then worlds `from` … `from + seeds - 1`, until one breaks. Throws when it no longer fits
 * the code, or when its process ends without a verdict.
 */
export async function run(
  mutant: Change,
  { scenes = [], sample = 0, from = 1, seeds = 0, rule = '' }: Partial<Hunt>,
): Promise<Verdict> {
  const { file, text } = placeOf(mutant);
  const { replace } = mutant;
  const hunt: Hunt = { file, find: text, replace, scenes, sample, from, seeds, rule };
  const said = await runProgram(HUNT, [JSON.stringify(hunt)]);
  return JSON.parse(said.split('\n').at(-1) ?? '') as Verdict;
}
