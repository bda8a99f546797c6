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

/** Chance must not decide how a story ends. */
export const SEEDS = [1, 2];

export function readStory(story: string): Promise<Scenario> {
  return readScenario(FOLDER + story, example);
}
