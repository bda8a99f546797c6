/** Every story in local/scenarios ends as it says, and what must always hold holds in it. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { differences } from '../../local/stories/expectation.ts';
import { playScenario, readScenario } from '../../local/stories/scenario.ts';
import pipeline from '../../pipeline.config.ts';
import { untruths } from './truths.ts';

const directory = fileURLToPath(new URL('../../local/scenarios/', import.meta.url));
const files = readdirSync(directory).filter((name) => name.endsWith('.json'));

/** Chance must not decide how a story ends. */
const SEEDS = [1, 2];

/** The stories that must exist, in the words of the issue. */
const REQUIRED = [
  'default',
  'healthy',
  'bad-in-flight',
  'bad-within-the-bake',
  'alarm-red-before-the-push',
  'alarm-rises-and-clears',
  'crash-without-an-alarm',
  'ecs-returns-to-an-unproven-revision',
  'out-of-order',
  'app-and-sidecar',
  'lost-push',
  'manual-update',
  'adopted-on-latest',
  'desired-count-0',
  'every-rung-gone',
  'first-release-fails',
  'watch-mode',
  'scan-refuses',
  'scan-never-comes',
  'scan-goes-on-by-itself',
  'unsigned-image',
];

describe.concurrent('scenarios', () => {
  test.each(REQUIRED)('%s exists', (name) => {
    expect(files).toContain(`${name}.json`);
  });

  test.each(files)('%s says how it ends', async (name) => {
    const { expect: expected } = await readScenario(`${directory}${name}`, pipeline);
    expect(Object.keys(expected?.targets ?? {})).not.toEqual([]);
  });

  test.each(files.flatMap((name) => SEEDS.map((seed) => [name, seed] as const)))(
    '%s ends as it should, with seed %i',
    async (name, seed) => {
      const scenario = await readScenario(`${directory}${name}`, pipeline);
      const { cloud, outcome } = await playScenario(scenario, pipeline, { seed });
      expect(differences(scenario, outcome, cloud.timeline, cloud.labels)).toEqual([]);
      expect(untruths(cloud)).toEqual([]);
    },
  );
});
