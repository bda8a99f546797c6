/** The local cloud: what our functions find when things go wrong around them, and that it repeats. */

import { addFunction } from '@slipway/local-cloud/lambda/state.ts';
import { execute } from '@slipway/local-cloud/services.ts';
import { queueNamed, send } from '@slipway/local-cloud/sqs/state.ts';
import { describe, expect, test } from 'vitest';
import { retryOf } from '../../local/slipway/lambda.ts';
import { Cloud } from '../../local/slipway/slipway-cloud.ts';
import { playScenario, scenarioOf } from '../../local/stories/scenario.ts';
import { BEGIN, worldOf } from '../../local/stories/setup/scenario-world.ts';
import pipeline from '../../pipeline.config.ts';
import { deadLetterQueueName, queueName } from '../../shared/runtime/routing.ts';

const MINUTE = 60_000;

async function cloudAt(seed = 1): Promise<Cloud> {
  return await Cloud.start({ world: worldOf(pipeline, {}, seed), pipeline, seed });
}

const STORY = JSON.stringify({
  steps: [
    { at: '2m', push: { repository: 'shop/web', tag: 'main-1', behaviour: { errorRate: 0.5 } } },
    {
      at: '3m',
      push: { repository: 'shop/worker', tag: 'main-2', behaviour: { exitCodeOnStart: 3 } },
    },
  ],
  until: '20m',
});

async function logOf(seed: number): Promise<string> {
  const { cloud } = await playScenario(scenarioOf(STORY, pipeline), pipeline, { seed });
  return cloud.lines.join('\n');
}

describe('the same seed', () => {
  test('gives the same log, byte for byte', async () => {
    const [one, other] = [await logOf(7), await logOf(7)];
    expect(one.length).toBeGreaterThan(10_000);
    expect(other === one).toBe(true);
  });

  test('gives the same timeline even when two clouds run side by side', async () => {
    const play = () => playScenario(scenarioOf(STORY, pipeline), pipeline, { seed: 8 });
    const [one, other] = await Promise.all([play(), play()]);
    expect(JSON.stringify(other.cloud.timeline)).toBe(JSON.stringify(one.cloud.timeline));
  });

  test('another seed gives another log', async () => {
    expect((await logOf(9)) === (await logOf(10))).toBe(false);
  });
});

describe('around the functions', () => {
  test('every service is introduced and adopted by the first tick', async () => {
    const cloud = await cloudAt();
    await cloud.runUntil(BEGIN + 2 * MINUTE);
    const phases = await Promise.all(
      Object.values(pipeline.targets).map(
        async ({ key }) => (await cloud.recordOf(key))?.phase.phase,
      ),
    );
    expect(phases).toEqual(['idle', 'idle']);
  });

  test('what a service runs is published when it is adopted', async () => {
    const cloud = await cloudAt();
    await cloud.runUntil(BEGIN + 2 * MINUTE);
    for (const { key, service, rules } of Object.values(pipeline.targets)) {
      const published = (name: string) =>
        cloud.world.ssm.parameters[`/slipway/${key}/${name}`]?.value;
      expect(published('revision')).toMatch(new RegExp(`:task-definition/${service}:1$`));
      expect(published('release')).toBe(`adopted ${service}:1`);
      for (const [container, { registry, repository }] of Object.entries(rules.containers)) {
        const image = published(`image/${container}`);
        expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
        expect(image?.startsWith(`${registry}/${repository}@`)).toBe(true);
      }
    }
  });

  test('an event that cannot be read is tried three times and given up', async () => {
    const cloud = await cloudAt();
    await cloud.runUntil(BEGIN + MINUTE);
    cloud.deliver({
      version: '0',
      id: 'e-1',
      'detail-type': 'ECR Image Action',
      source: 'aws.ecr',
      account: pipeline.account,
      time: '2026-11-20T10:01:00Z',
      region: pipeline.region,
      resources: [],
      detail: {
        'action-type': 'PUSH',
        result: 'SUCCESS',
        'repository-name': 'shop/web',
        'image-tag': 'main-1',
        'image-digest': 'sha256:short',
      },
    });
    await cloud.runUntil(BEGIN + 10 * MINUTE);
    const failures = cloud.timeline.filter((entry) => entry.type === 'failure');
    const minutes = failures.map(({ at }) => Math.round((at - BEGIN) / MINUTE));
    expect(minutes).toEqual([1, 2, 4]);
    expect(cloud.givenUp.map((it) => it.function)).toEqual(['image-pushed']);
  });

  test('a tick that fails is not tried again: the next one comes in a minute', async () => {
    const failed = { function: 'tick', event: {}, at: 0, tried: 0 } as const;
    expect(retryOf(failed, MINUTE)).toBeUndefined();
    expect(retryOf({ ...failed, function: 'image-pushed' }, MINUTE)?.at).toBe(2 * MINUTE);
  });

  test('a poison message fails alone, and after five times lies in the dead-letter queue', async () => {
    const cloud = await cloudAt();
    await cloud.runUntil(BEGIN + 2 * MINUTE);
    const queue = queueNamed(cloud.world, queueName({}, 'releases'));
    send(cloud.world, queue, { body: 'hello world' });
    const [web] = Object.values(pipeline.targets);
    send(cloud.world, queue, {
      body: JSON.stringify({
        target: web?.key,
        message: { type: 'Hinted', cause: 'a test' },
        cause: { id: '1', source: 'test', detailType: 'test' },
      }),
    });
    await cloud.runUntil(BEGIN + 30 * MINUTE);
    const dead = cloud.world.sqs.queues[deadLetterQueueName({}, 'releases')]?.messages ?? [];
    expect(dead.map(({ body, received }) => [body, received])).toEqual([['hello world', 5]]);
    expect(queue.messages).toEqual([]);
    expect(cloud.timeline).toContainEqual(
      expect.objectContaining({ type: 'decision', because: 'a test: a look follows' }),
    );
  });

  test('an event that is lost does not arrive, and only that one', async () => {
    const story = {
      steps: [
        { at: '2m', loseEvents: { detailType: 'ECR Image Action', count: 1 } },
        { at: '3m', push: { repository: 'shop/web', tag: 'main-1' } },
        { at: '4m', push: { repository: 'shop/worker', tag: 'main-2' } },
      ],
      until: '6m',
    };
    const { outcome } = await playScenario(scenarioOf(JSON.stringify(story), pipeline), pipeline, {
      seed: 1,
    });
    expect(outcome.releases.map(({ tag, state }) => [tag, state])).toEqual([
      ['main-2', 'deploying'],
    ]);
  });

  test('an alarm that acts on its own reaches its function without a rule', async () => {
    const cloud = await cloudAt();
    await cloud.runUntil(BEGIN + 2 * MINUTE);
    cloud.deliver({ alarmData: 'unreadable' });
    await cloud.runUntil(BEGIN + 2 * MINUTE);
    expect(cloud.timeline.at(-1)).toMatchObject({ type: 'failure', function: 'alarm-changed' });
  });

  test('a call takes virtual time, and no handler sees more than its timeout', async () => {
    const cloud = await cloudAt();
    await cloud.runUntil(BEGIN + MINUTE);
    const before = cloud.world.now;
    await cloud.invoke('tick', {});
    expect(cloud.world.now).toBeGreaterThanOrEqual(before);
    expect(cloud.world.now - before).toBeLessThan(5_000);
  });
});

test("a function of ours that ECS asks at a stage is run, and what is no hook's answer takes the deployment back", async () => {
  const cloud = await cloudAt();
  await cloud.runUntil(BEGIN + 2 * MINUTE);
  const { world } = cloud;
  const [target] = Object.values(pipeline.targets);
  if (target === undefined) throw new Error('the pipeline has no target');
  const { cluster, service } = target;
  const hook = {
    hookTargetArn: `arn:aws:lambda:${world.region}:${world.account}:function:slipway-tick`,
    roleArn: `arn:aws:iam::${world.account}:role/hooks`,
    lifecycleStages: ['PRE_SCALE_UP'],
  };
  // That of the installation answers nobody who waits.
  addFunction(world, { name: 'slipway-tick', timeoutSeconds: 60 });
  const ticks = () => cloud.lines.length;
  const before = ticks();
  execute(world, 'ecs', 'UpdateService', {
    cluster,
    service,
    loadBalancers: [],
    deploymentConfiguration: {
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 0,
      lifecycleHooks: [hook],
    },
    forceNewDeployment: true,
  });
  await cloud.runUntil(BEGIN + 3 * MINUTE);
  expect(ticks()).toBeGreaterThan(before);
  const { serviceDeployments } = execute(world, 'ecs', 'ListServiceDeployments', {
    cluster,
    service,
  }) as { serviceDeployments: { statusReason?: string }[] };
  expect(serviceDeployments[0]?.statusReason).toContain('HookStatus must not be null');
  expect(world.lambda.invocations).toEqual({});
});
