/** Runs a mutant: our code with one rule taken out, in a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Hunt, Verdict } from './hunt.ts';
import { type Change, placeOf } from './place.ts';

const HUNT = fileURLToPath(new URL('hunt.ts', import.meta.url));
const SECONDS_MAX = 1_800;

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
  const options = { timeout: SECONDS_MAX * 1000, maxBuffer: 1 << 28 };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [HUNT, JSON.stringify(hunt)],
    options,
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Verdict;
}
