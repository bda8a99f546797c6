/** What a step does to the world, where the stories alone do not show it. */
import { badRequestsBetween } from '@slipway/local-cloud/traffic/state.ts';
import { describe, expect, test } from 'vitest';
import { behaviourInWords } from '../../local/stories/behaviour-words.ts';
import { EcsAlone } from '../../local/stories/ecs-alone.ts';
import { playOn, playScenario, scenarioOf } from '../../local/stories/scenario.ts';
import { ScenarioError } from '../../local/stories/scenario-format.ts';
import { pipelineOf } from '../../local/stories/scenario-pipeline.ts';
import { BEGIN } from '../../local/stories/setup/scenario-world.ts';
import pipeline from '../../pipeline.config.ts';

const scenario = (steps: readonly object[], until = '10m') =>
  scenarioOf(JSON.stringify({ targets: { web: {} }, steps, until }), pipeline);

const play = (steps: readonly object[], until?: string) =>
  playScenario(scenario(steps, until), pipeline, { seed: 1 });

describe('what AWS refuses when it is played is a mistake of the scenario', () => {
  test.each([
    ['a revision that is not there', { updateService: { target: 'web', revision: 99 } }],
    ['one that cannot be deregistered', { deregister: { target: 'web', revisions: [99] } }],
    ['a cluster with a service in it', { deleteCluster: { target: 'web' } }],
    ['a service that is there', { createService: { target: 'web', images: { app: 'main-1' } } }],
  ])('%s', async (_, step) => {
    const error = await play([
      { at: '1m', push: { repository: 'shop/web', tag: 'main-1' } },
      { at: '2m', ...step },
    ]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ScenarioError);
    expect((error as ScenarioError).problems).toMatchObject([{ path: 'steps.1' }]);
  });

  test('with ECS alone the story goes on', async () => {
    const story = scenario([{ at: '1m', updateService: { target: 'web', revision: 99 } }]);
    const stage = new EcsAlone(pipelineOf(story, pipeline), story, 1);
    const refused: string[] = [];
    await playOn(stage, story, { refused: ({ message }) => refused.push(message) });
    expect(refused).toHaveLength(1);
  });
});

test('an outage fails what every revision answers, for its minutes', async () => {
  const { cloud } = await play([
    { at: '1m', outage: { target: 'web', errorPercent: 30, minutes: 2 } },
    { at: '6m', outage: { target: 'web', errorPercent: 30, minutes: 1 } },
  ]);
  const web = { cluster: 'production', service: 'web' };
  // 50 requests a second.
  expect(badRequestsBetween(cloud.world, web, BEGIN, cloud.world.now)).toBe(3 * 60 * 50 * 0.3);
});

test('an outage of what gets no request is a mistake of the scenario', async () => {
  const outage = { target: 'worker', errorPercent: 30, minutes: 1 };
  const nobody = { targets: { worker: {} }, steps: [{ at: '1m', outage }], until: '2m' };
  const played = playScenario(scenarioOf(JSON.stringify(nobody), pipeline), pipeline, { seed: 1 });
  await expect(played).rejects.toThrow('no traffic reaches production/worker');
});

test('a deleted service is created again as it was', async () => {
  const { cloud } = await play(
    [
      { at: '1m', deleteService: { target: 'web' } },
      { at: '4m', deleteCluster: { target: 'web' } },
      { at: '5m', createService: { target: 'web' } },
    ],
    '10m',
  );
  const { services, clusters } = cloud.world.ecs;
  expect(clusters.production?.status).toBe('ACTIVE');
  expect(services['production/web']).toMatchObject({
    status: 'ACTIVE',
    desiredCount: 4,
    deployments: [{ runningCount: 4 }],
  });
});

test('a throttled operation is throttled for Slipway alone, and only as long as is said', async () => {
  const { outcome, cloud } = await play(
    [
      { at: '4m', throttle: { operation: 'ecs:RegisterTaskDefinition', minutes: 4 } },
      { at: '5m', push: { repository: 'shop/web', tag: 'main-1' } },
      { at: '6m', updateService: { target: 'web' } },
    ],
    '20m',
  );
  const asked = cloud.timeline.filter(
    (entry) => entry.type === 'call' && entry.operation === 'RegisterTaskDefinition',
  );
  expect(asked.map((entry) => 'outcome' in entry && entry.outcome)).toEqual(
    expect.arrayContaining(['ThrottlingException', 'ok']),
  );
  expect(cloud.labels.tagOf(outcome.targets.web?.running ?? '')).toBe('main-1');
});

test('a share of errors is not rounded onto the threshold of an alarm', () => {
  expect(behaviourInWords({ errorRate: 0.045 })).toBe('answers 4.5 % with errors');
  expect(behaviourInWords({ errorRate: 0.25 })).toBe('answers 25 % with errors');
});

test('without capacity a rollout stalls, and goes on once there is enough again', async () => {
  const steps = [
    { at: '1m', capacity: { tasks: 4 } },
    { at: '2m', updateService: { target: 'web' } },
    { at: '20m', capacity: { tasks: 'enough' } },
  ];
  const running = async (until: string, many: number) => {
    const { cloud } = await play(steps.slice(0, many), until);
    const { deployments = [] } = cloud.world.ecs.services['production/web'] ?? {};
    return deployments.map(({ runningCount, pendingCount }) => [runningCount, pendingCount]);
  };
  expect(await running('19m', 2)).toEqual([
    [0, 0],
    [4, 0],
  ]);
  expect(await running('30m', 3)).toEqual([[4, 0]]);
});

test('behind target groups with AWS’s defaults a rollout takes minutes longer', async () => {
  const steps = [{ at: '2m', updateService: { target: 'web' } }];
  const deployments = async (targetGroups: string) => {
    const text = JSON.stringify({ targets: { web: {} }, steps, until: '8m', targetGroups });
    const { cloud } = await playScenario(scenarioOf(text, pipeline), pipeline, { seed: 1 });
    return cloud.world.ecs.services['production/web']?.deployments.length;
  };
  expect(await deployments('tuned')).toBe(1);
  expect(await deployments('default')).toBe(2);
});

test('a slow stop is told in words', () => {
  expect(behaviourInWords({ stopSeconds: 45 })).toBe('takes 45 s to stop');
});

test('requests that are drawn are the same for Slipway and for ECS alone, and others with another seed', async () => {
  const story = scenarioOf(
    JSON.stringify({ targets: { web: { requests: 'steady' } }, steps: [], until: '10m' }),
    pipeline,
  );
  const totals = async (seed: number) => {
    const { cloud } = await playScenario(story, pipeline, { seed });
    const alone = new EcsAlone(pipelineOf(story, pipeline), story, seed);
    await playOn(alone, story, {});
    return [cloud.world, alone.world].map(({ now, traffic }) => {
      const total = traffic.sources[0]?.totals.total ?? 0;
      return { now, total };
    });
  };
  const [ours, theirs] = await totals(1);
  const [others] = await totals(2);
  expect(ours?.total).toBeGreaterThan(0);
  expect(theirs).toEqual(ours);
  expect(others?.total).not.toBe(ours?.total);
});
