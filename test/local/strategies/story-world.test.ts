/** The world of a story whose service shifts traffic: its groups, its guard without Slipway, its hook. */
import { weightsAt } from '@slipway/local-cloud/elbv2/forward.ts';
import { invoke, makeIll } from '@slipway/local-cloud/lambda/state.ts';
import { expect, test } from 'vitest';
import { Cloud } from '../../../local/slipway/slipway-cloud.ts';
import { EcsAlone } from '../../../local/stories/ecs-alone.ts';
import { scenarioOf } from '../../../local/stories/scenario.ts';
import { pipelineOf } from '../../../local/stories/scenario-pipeline.ts';
import { worldOf } from '../../../local/stories/setup/scenario-world.ts';
import example from '../../../pipeline.config.ts';

const CANARY = { kind: 'canary', percent: 5, canaryBakeMinutes: 10, bakeMinutes: 15 };

function story(web: object, more: object = {}) {
  const text = JSON.stringify({ targets: { web }, steps: [], until: '1m', ...more });
  const scenario = scenarioOf(text, example);
  return { scenario, pipeline: pipelineOf(scenario, example) };
}

function groupTimes(web: object, more?: object) {
  const { scenario, pipeline } = story(web, more);
  const { elbv2 } = worldOf(pipeline, scenario, 1);
  return Object.values(elbv2.targetGroups).map(({ check, attributes }) => [
    check.intervalSeconds,
    check.healthyThreshold,
    attributes['deregistration_delay.timeout_seconds'],
  ]);
}

test.each([
  ['30 s to healthy and to drain', { config: { strategy: CANARY } }, {}, [10, 3, '30']],
  [
    "AWS's own times",
    { config: { strategy: CANARY } },
    { targetGroups: 'default' },
    [30, 5, '300'],
  ],
  [
    'as the scenario says, also without a strategy',
    { loadBalancer: { healthCheckSeconds: 15, drainSeconds: 60 } },
    {},
    [15, 3, '60'],
  ],
])('two target groups with %s', (_, web, more, times) => {
  expect(groupTimes(web, more)).toEqual([times, times]);
});

test('without a strategy there is one group, and no rule', () => {
  expect(groupTimes({})).toEqual([]);
});

test('all tasks stand in the first group, which has all requests', () => {
  const { scenario, pipeline } = story({ config: { strategy: CANARY } });
  const world = worldOf(pipeline, scenario, 1);
  const [source] = world.traffic.sources;
  expect(weightsAt(world, source?.rule ?? '')?.map(({ weight }) => weight)).toEqual([100, 0]);
  const [blue, green] = Object.values(world.elbv2.targetGroups);
  expect([blue?.targets.length, green?.targets.length]).toEqual([4, 0]);
});

test('ECS alone shifts as Slipway does, with the alarms and the breaker, and asks nobody', () => {
  const { scenario, pipeline } = story({ config: { strategy: CANARY } });
  const { world } = new EcsAlone(pipeline, scenario, 1);
  expect(world.ecs.services['production/web']?.deploymentConfiguration).toMatchObject({
    strategy: 'CANARY',
    canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 10 },
    bakeTimeInMinutes: 15,
    alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true },
    deploymentCircuitBreaker: { enable: true, rollback: true },
  });
  expect(
    world.ecs.services['production/web']?.deploymentConfiguration.lifecycleHooks ?? [],
  ).toEqual([]);
});

test('the hook answers the role of ECS and no other, and nobody while it is throttled', async () => {
  const { scenario, pipeline } = story({ config: { strategy: CANARY } });
  const world = worldOf(pipeline, scenario, 1);
  await Cloud.start({ world, pipeline, seed: 1 });
  const { account, region } = world;
  const arn = (name: string) => `arn:aws:lambda:${region}:${account}:function:slipway-${name}`;
  const ask = (name: string, role: string) =>
    invoke(world, {
      arn: arn(name),
      role: `arn:aws:iam::${account}:role/${role}`,
      payload: {},
      hearer: { kind: 'ecs.hook-answer', data: {} },
    });
  const ecs = `slipway-ecs-hook-${region}`;
  expect(ask('lifecycle-hook', ecs)).toBeUndefined();
  expect(ask('lifecycle-hook', 'another')).toBe('not-authorized');
  expect(ask('reconcile', ecs)).toBe('not-authorized');
  makeIll(world, 'slipway-lifecycle-hook', { how: 'throttled', until: world.now + 1 });
  expect(ask('lifecycle-hook', ecs)).toBe('throttled');
});
