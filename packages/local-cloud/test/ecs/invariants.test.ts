/** Whatever is asked of the local ECS, in whatever order, these sentences hold. */
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../ecr/behaviour.ts';
import { ecsOperations as ecs } from '../../ecs/operations.ts';
import { AwsError } from '../../kernel/errors.ts';
import { random } from '../../kernel/random.ts';
import type { World } from '../../kernel/world.ts';
import {
  BALANCED,
  GUARDED,
  MINUTE,
  pass,
  release,
  serviceDeployments,
  tasks,
  update,
  worldWithService,
} from './ecs-world.ts';

const WORLDS = 60;
const ACTIONS = 25;

const BEHAVIOURS: readonly Behaviour[] = [
  {},
  { exitCodeOnStart: 1 },
  { crashAfterSeconds: 45 },
  { failsHealthCheck: true },
  { unpullable: true },
  { oomAfterSeconds: 100 },
  { startSeconds: 3 },
];

function pick<T>(world: World, choices: readonly T[]): T {
  return choices[Math.floor(random(world) * choices.length)] as T;
}

const ACTS: readonly ((world: World) => unknown)[] = [
  (world) => release(world, pick(world, BEHAVIOURS)),
  (world) => release(world),
  (world) => update(world, { desiredCount: Math.floor(random(world) * 5) }),
  (world) => update(world, { forceNewDeployment: true }),
  (world) => {
    const minimumHealthyPercent = pick(world, [0, 50, 100]);
    const maximumPercent = pick(world, [101, 150, 200]);
    update(world, { deploymentConfiguration: { minimumHealthyPercent, maximumPercent } });
  },
  (world) => {
    const serviceDeploymentArn = serviceDeployments(world)[0]?.serviceDeploymentArn;
    ecs.StopServiceDeployment(world, { serviceDeploymentArn });
  },
  (world) => {
    const task = tasks(world)[0]?.taskArn;
    if (task !== undefined) ecs.StopTask(world, { cluster: 'main', task });
  },
];

function act(world: World): void {
  try {
    pick(world, ACTS)(world);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
  pass(world, Math.floor(random(world) * 2 * MINUTE));
}

/** Recounts everything from the tasks. */
function check(world: World): void {
  const service = world.ecs.services['main/web'];
  if (service === undefined) throw new Error('the service is not there');
  for (const deployment of service.deployments) {
    const own = deployment.tasks.flatMap((id) => world.ecs.tasks[id] ?? []);
    expect(own).toHaveLength(deployment.tasks.length);
    const wanted = own.filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
    const running = wanted.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
    expect(deployment).toMatchObject({
      runningCount: running,
      pendingCount: wanted.length - running,
    });
    expect(own.every(({ lastStatus }) => lastStatus !== 'STOPPED')).toBe(true);
  }
  expect(service.deployments.map(({ status }) => status).indexOf('PRIMARY')).toBe(0);
  expect(service.deployments.filter(({ status }) => status === 'PRIMARY')).toHaveLength(1);
  // Only the newest service deployment runs; the one before it may still be stopping.
  expect(service.open.length).toBeLessThanOrEqual(service.history.length);
  const going = service.open.flatMap((id) => world.ecs.serviceDeployments[id] ?? []);
  const notStopping = going.filter(({ status }) => status !== 'STOP_REQUESTED');
  expect(notStopping.length).toBeLessThanOrEqual(1);
}

describe('whatever happens', () => {
  it('the counts are those of the tasks, one deployment is PRIMARY, one service deployment runs', () => {
    for (let seed = 1; seed <= WORLDS; seed++) {
      const world = worldWithService({
        seed,
        desiredCount: 2,
        ...(seed % 2 === 0 && { loadBalancers: BALANCED }),
        ...(seed % 3 !== 0 && { deploymentConfiguration: GUARDED }),
      });
      for (let action = 0; action < ACTIONS; action++) {
        act(world);
        check(world);
      }
    }
  });

  it('a good release that nobody disturbs is complete within fifteen minutes', () => {
    for (let seed = 1; seed <= WORLDS; seed++) {
      const world = worldWithService({
        seed,
        desiredCount: 2,
        ...(seed % 2 === 0 && { loadBalancers: BALANCED }),
        ...(seed % 3 !== 0 && { deploymentConfiguration: GUARDED }),
      });
      for (let action = 0; action < ACTIONS; action++) act(world);
      update(world, {
        desiredCount: 2,
        deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 },
      });
      release(world);
      pass(world, 15 * MINUTE);
      const [newest] = serviceDeployments(world);
      expect(newest?.status, `seed ${seed}`).toBe('SUCCESSFUL');
      expect(world.ecs.services['main/web'], `seed ${seed}`).toMatchObject({
        steady: true,
        deployments: [{ rolloutState: 'COMPLETED', runningCount: 2 }],
      });
      // Nothing is left to do: a steady service costs nothing.
      expect(world.timers.filter(({ kind }) => kind === 'ecs.pass').length).toBeLessThanOrEqual(1);
    }
  });
});
