/** Runs a mutant: our code with one rule taken out, in a process of its own. */
import type { Hunt, Verdict } from './hunt.ts';
import { type Change, editsOf } from './place.ts';
import { runProgram } from './program.ts';
import type { StoryHunt } from './story-hunt.ts';
import type { StoryMutant } from './story-mutants.ts';

const HUNT = new URL('hunt.ts', import.meta.url);
const STORY_HUNT = new URL('story-hunt.ts', import.meta.url);

export type { Verdict } from './hunt.ts';

/**
 * Scenes, then worlds `from` … `from + seeds - 1`, until one breaks. Throws when it no longer fits
 * the code, or when its process ends without a verdict.
 */
export async function run(
  mutant: Change,
  {
    scenes = [],
    plain = false,
    sample = 0,
    from = 1,
    seeds = 0,
    rule = '',
    verbose = false,
  }: Partial<Hunt>,
): Promise<Verdict> {
  const edits = editsOf(mutant);
  const hunt: Hunt = { edits, scenes, plain, sample, from, seeds, rule, verbose };
  const said = await runProgram(HUNT, [JSON.stringify(hunt)]);
  const lines = said.split('\n');
  for (const line of lines.slice(0, -1)) console.log(line);
  return JSON.parse(lines.at(-1) ?? '') as Verdict;
}

/** In its story, which ends as it says unless the mutant is killed. */
export async function runInStory(mutant: StoryMutant): Promise<Verdict> {
  const hunt: StoryHunt = { edits: editsOf(mutant), story: mutant.story };
  const said = await runProgram(STORY_HUNT, [JSON.stringify(hunt)]);
  return JSON.parse(said.split('\n').at(-1) ?? '') as Verdict;
}
