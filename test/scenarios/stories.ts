/** The stories in local/scenarios, by the names of their files. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readScenario } from '../../local/stories/scenario.ts';
import type { Scenario } from '../../local/stories/scenario-format.ts';
import example from '../../pipeline.config.ts';

const FOLDER = fileURLToPath(new URL('../../local/scenarios/', import.meta.url));

export const STORIES: readonly string[] = readdirSync(FOLDER).filter((name) =>
  name.endsWith('.json'),
);

/**
 * Chance must not decide how a story ends: half of them are played with one seed, half with another.
 * `SEEDS=1,2,3 npx vitest run test/scenarios` plays each with all of these.
 */
export const PLAYINGS: readonly (readonly [story: string, seed: number])[] = STORIES.flatMap(
  (story, at) => seedsAt(at).map((seed) => [story, seed] as const),
);

function seedsAt(at: number): readonly number[] {
  const all = process.env.SEEDS?.split(',').map(Number);
  return all ?? [1 + (at % 2)];
}

export function readStory(story: string): Promise<Scenario> {
  return readScenario(FOLDER + story, example);
}
