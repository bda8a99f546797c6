/**
 * A process of its own: our code with one rule of its text changed, in memory, in one story of
 * `local/scenarios`. Its one argument is a `StoryHunt` as JSON; it prints a `Verdict` as JSON.
 */
import { editCode, type PlacedEdit } from './edited-code.ts';
import type { Verdict } from './hunt.ts';

export interface StoryHunt {
  readonly edits: readonly PlacedEdit[];
  readonly story: string;
}

const { edits, story } = JSON.parse(process.argv[2] ?? '{}') as StoryHunt;
editCode(edits);

const { differences } = await import('../../local/stories/expectation.ts');
const { playScenario } = await import('../../local/stories/scenario.ts');
const { default: example } = await import('../../pipeline.config.ts');
const { readStory } = await import('../scenarios/stories.ts');
const { untruths } = await import('../scenarios/truths.ts');

const scenario = await readStory(`${story}.json`);
const { cloud, outcome } = await playScenario(scenario, example, { seed: 1 });
const isThrottled = scenario.steps.some(({ throttle }) => throttle !== undefined);
const [said] = [
  ...differences(scenario, outcome, cloud.timeline, cloud.labels),
  ...untruths(cloud, { isThrottled }),
];
const verdict: Verdict =
  said === undefined
    ? { killed: false, said: 'the story ends as it says' }
    : { killed: true, scene: story, said };
console.log(JSON.stringify(verdict));
