/** Runs a mutant: our code with one rule taken out, in a process of its own. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Hunt, Verdict } from './hunt.ts';

const ROOT = new URL('../../', import.meta.url);
const HUNT = fileURLToPath(new URL('hunt.ts', import.meta.url));
const SECONDS_MAX = 1_800;

export type { Verdict } from './hunt.ts';

export interface Change {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/**
 * Scenes, then worlds `from` … `from + seeds - 1`, until one breaks. A mutant whose process ends
 * without a verdict is killed, too: it did not hold. Throws when it no longer fits the code.
 */
export async function run(
  { name, file, find, replace }: Change,
  { scenes = [], sample = 0, from = 1, seeds = 0 }: Partial<Hunt>,
): Promise<Verdict> {
  const path = fileURLToPath(new URL(file, ROOT));
  const times = (await readFile(path, 'utf8')).split(find).length - 1;
  if (times !== 1) {
    throw new Error(`mutant "${name}": its place stands ${times} times in the code, expected once`);
  }
  const hunt: Hunt = { file: path, find, replace, scenes, sample, from, seeds };
  const options = { timeout: SECONDS_MAX * 1000, maxBuffer: 1 << 28 };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [HUNT, JSON.stringify(hunt)],
    options,
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Verdict;
}
