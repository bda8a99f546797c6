/**
 * Every attack of local/scenarios/attacks is answered as its story says, and what must stay true stays
 * true: AWS refuses what the roles may not, and what may be sent is not believed.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { colors, line } from '../../cli/output/print.ts';
import { storyLines } from '../../cli/output/story.ts';
import { functionsOf } from '../../infra/names.ts';
import { differences } from '../../local/stories/expectation.ts';
import { type Played, playScenario, readScenario } from '../../local/stories/scenario.ts';
import { ScenarioError } from '../../local/stories/scenario-format.ts';
import { BEGIN } from '../../local/stories/setup/scenario-world.ts';
import example from '../../pipeline.config.ts';
import { printed } from '../cli/world.ts';

const FOLDER = fileURLToPath(new URL('../../local/scenarios/attacks/', import.meta.url));
const ATTACKS = readdirSync(FOLDER).map((name) => name.replace(/\.json$/, ''));
const TIMEOUT_MS = 180_000;

/** The actors of the threat model; a web page against the local servers has a test beside them. */
const REQUIRED = [
  'outsider',
  'replay',
  'contributor',
  'other-branch',
  'tag-pusher',
  'ecr-pusher',
  'compromised-build',
  'forged-command',
  ...functionsOf(example).map(
    (name) => `compromised-${name === 'build' ? 'build-function' : name}`,
  ),
  'stolen-webhook-secret',
  'stolen-github-token',
  'malicious-names',
  'one-person-alone',
  'may-deploy-web-only',
];

const played = new Map<string, Promise<Played>>();

function play(name: string): Promise<Played> {
  const found = played.get(name) ?? playOnce(name);
  played.set(name, found);
  return found;
}

async function playOnce(name: string): Promise<Played> {
  return await playScenario(await readScenario(`${FOLDER}${name}.json`, example), example, {
    seed: 1,
  });
}

/** How it went otherwise than it must; empty: it did not. */
async function successOf(name: string): Promise<readonly string[]> {
  const scenario = await readScenario(`${FOLDER}${name}.json`, example);
  try {
    const { cloud, outcome } = await play(name);
    const { timeline, labels } = cloud;
    return [...differences(scenario, outcome, timeline, labels), ...foreignImages(cloud)];
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems.map(({ line }) => line);
    throw error;
  }
}

/** Whatever a story expects: no revision has an image of another registry or repository than its config names. */
function foreignImages({ world, pipeline }: Played['cloud']): readonly string[] {
  const ours = Object.values(pipeline.targets).flatMap(({ rules }) =>
    Object.values(rules.containers).map(({ registry, repository }) => `${registry}/${repository}`),
  );
  const images = Object.values(world.ecs.families).flatMap((revisions) =>
    revisions.flatMap(({ registered }) =>
      (registered.containerDefinitions ?? []).map(({ image = '' }) => image),
    ),
  );
  return images.filter((image) => !ours.includes(image.replace(/[@:][^/]*$/, '')));
}

describe('each actor', () => {
  test.each(REQUIRED)('%s has a story', (name) => {
    expect(ATTACKS).toContain(name);
  });

  test.each(ATTACKS)('%s is stopped', { timeout: TIMEOUT_MS }, async (name) => {
    expect(await successOf(name)).toEqual([]);
  });
});

test('what strangers write reaches nobody’s terminal as more than text', async () => {
  const { cloud } = await play('malicious-names');
  const { stdout } = await printed(async () => {
    for (const text of storyLines(cloud.timeline, BEGIN, colors)) line(text);
  });
  expect(stdout).toContain('forged');
  const lines = stdout.split('\n');
  expect(lines.filter((text) => /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text))).toEqual([]);
  expect(lines.filter((text) => text.startsWith('web resting'))).toEqual([]);
}, 180_000);
