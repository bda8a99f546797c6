/** Every call to AWS that the functions make in the local scenarios. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playScenario, readScenario } from '../../local/stories/scenario.ts';
import type { CallMade } from '../../local/stories/timeline.ts';
import example from '../../pipeline.config.ts';
import type { Pipeline } from '../../shared/config/config.ts';

const FOLDER = fileURLToPath(new URL('../../local/scenarios/', import.meta.url));
const SEED = 1;

export interface ScenarioCalls {
  readonly scenario: string;
  /** The scenario's own, whose targets may act or watch. */
  readonly pipeline: Pipeline;
  readonly calls: readonly CallMade[];
}

export async function scenarioCalls(): Promise<readonly ScenarioCalls[]> {
  const all: ScenarioCalls[] = [];
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.json'))) {
    const scenario = await readScenario(FOLDER + file, example);
    const { cloud } = await playScenario(scenario, example, { seed: SEED });
    const calls = cloud.timeline.filter((entry) => entry.type === 'call');
    all.push({ scenario: file, pipeline: cloud.pipeline, calls });
  }
  return all;
}
