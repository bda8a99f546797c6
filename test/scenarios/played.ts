/** Each story with each seed, played once however many tests ask for it. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { differences } from '../../local/stories/expectation.ts';
import { playScenario, readScenario } from '../../local/stories/scenario.ts';
import type { Scenario } from '../../local/stories/scenario-format.ts';
import type { CallMade } from '../../local/stories/timeline.ts';
import example from '../../pipeline.config.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { untruths } from './truths.ts';

const FOLDER = fileURLToPath(new URL('../../local/scenarios/', import.meta.url));

/** The names of their files. */
export const STORIES: readonly string[] = readdirSync(FOLDER).filter((name) =>
  name.endsWith('.json'),
);

/** Chance must not decide how a story ends. */
export const SEEDS = [1, 2];

/** What the tests ask of a story. Not its world: 60 of them would stay in memory. */
export interface Played {
  readonly story: string;
  /** The story's own, whose targets may act or watch. */
  readonly pipeline: Pipeline;
  /** Every call to AWS that a function made. */
  readonly calls: readonly CallMade[];
  /** Where it did not end as it says. */
  readonly differences: readonly string[];
  /** What must always hold and did not. */
  readonly untruths: readonly string[];
}

const known = new Map<string, Promise<Played>>();

export function played(story: string, seed: number): Promise<Played> {
  const key = `${story} ${seed}`;
  const found = known.get(key) ?? play(story, seed);
  known.set(key, found);
  return found;
}

export function readStory(story: string): Promise<Scenario> {
  return readScenario(FOLDER + story, example);
}

async function play(story: string, seed: number): Promise<Played> {
  const scenario = await readStory(story);
  const { cloud, outcome } = await playScenario(scenario, example, { seed });
  return {
    story,
    pipeline: cloud.pipeline,
    calls: cloud.timeline.filter((entry) => entry.type === 'call'),
    differences: differences(scenario, outcome, cloud.timeline, cloud.labels),
    untruths: untruths(cloud, { isThrottled: scenario.steps.some((it) => it.throttle) }),
  };
}
