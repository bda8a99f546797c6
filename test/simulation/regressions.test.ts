/** What once broke, kept: the world, or the crash point, and what was wrong. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readScenario } from '../../local/stories/scenario.ts';
import pipeline from '../../pipeline.config.ts';
import { playWithCrash } from './crashes.ts';
import { FAULTS } from './faults.ts';
import { drawWorld, simulate } from './simulate.ts';
import { parseScene } from './stages/parse-scene.ts';
import { play } from './stages/play.ts';

const SEEDS = [
  {
    seed: 43,
    faults: [],
    was: 'a second image that waited behind the same hold was never told that it is held',
  },
  {
    seed: 56,
    faults: FAULTS,
    was: 'a history entry of a decision that could not be saved was written all the same',
  },
  {
    seed: 101_203,
    faults: FAULTS,
    was: 'a rollback landed one rung further down than wanted, and nobody was asked about the better one',
  },
] as const;

const SCENES = [
  {
    scene: 'a bake of nothing / a slow push, and the alarm rises unheard / none',
    was: 'an alarm that rose while the desired count was 0 condemned the release when tasks came',
  },
  {
    scene: 'a fix in an outage of both / the new one fails a quarter / none',
    was: 'what failed 47 % where 30 % fail was not condemned for forty minutes',
  },
  {
    scene: 'a fix in an outage of both / the hook is throttled for ten minutes / none',
    was: 'the oracle took the red alarm of before for what had ended it, where ECS could not ask its hook',
  },
] as const;

const CRASHES = [
  {
    scenario: 'ecs-returns-to-an-unproven-revision',
    gates: [337, 338, 341],
    was: 'a stale look made us ask for what ECS had put back already; no rollout came, and a person was asked for nothing',
  },
] as const;

describe('mended and kept', () => {
  test.for(SCENES)('$scene: $was', async ({ scene }) => {
    expect((await play(parseScene(scene))).broken).toEqual([]);
  });

  test.for(SEEDS)('seed $seed: $was', async ({ seed, faults }) => {
    const { broken } = await simulate(drawWorld(seed, faults, { plain: true }));
    expect(broken).toEqual([]);
  });

  test('an image that was built and never signed was missed where the config asks for a signature', async () => {
    const world = drawWorld(7, [], { plain: true });
    const { broken, log } = await simulate(
      {
        ...world,
        minutes: 60,
        settings: { ...world.settings, git: 'built', gate: 'signature' },
        story: [{ at: 60_000, do: 'commit', branch: 'main', build: { seconds: 20, image: {} } }],
      },
      { withLog: true },
    );
    expect(log.join('\n')).toContain('announced refused web');
    expect(broken).toEqual([]);
  });

  test('somebody’s deployment of a condemned revision was superseded for tasks that had failed before it', async () => {
    const world = drawWorld(20_062, [], { plain: true });
    const sidecar = { do: 'push', repository: 'shop/sidecar' } as const;
    const { broken, log } = await simulate(
      {
        ...world,
        minutes: 30,
        story: [
          { at: 60_000, ...sidecar, behaviour: { unpullable: true } },
          { at: 600_000, do: 'update-service', service: 'api', back: 0 },
          { at: 670_000, ...sidecar, behaviour: {} },
        ],
      },
      { withLog: true },
    );
    const told = log.filter((line) => /announced (needs-attention|started) api/.test(line));
    expect(told.map((line) => line.split(' ').slice(1, 4).join(' '))).toEqual([
      'announced started api',
      'announced needs-attention api',
      'announced started api',
    ]);
    // Two minutes after it began: what it waits for is that theirs has failed.
    expect(told[1]?.slice(11, 16)).toBe('00:12');
    expect(broken).toEqual([]);
  });

  test.for(CRASHES)('$scenario: $was', async ({ scenario: name, gates }) => {
    const file = fileURLToPath(new URL(`../../local/scenarios/${name}.json`, import.meta.url));
    const scenario = await readScenario(file, pipeline);
    const whole = await playWithCrash(scenario, pipeline);
    for (const gate of gates) {
      const { broken, end } = await playWithCrash(scenario, pipeline, { killAtGate: gate });
      expect(broken).toEqual([]);
      expect(end).toBe(whole.end);
    }
  });
});
