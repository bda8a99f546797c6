/** Tasks of nobody's service: a migration, say. */
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../ecr/behaviour.ts';
import { ecsOperations as ecs } from '../../ecs/operations.ts';
import type { World } from '../../kernel/world.ts';
import { busEvents, pass, refusal, register, service, steadyWorld } from './ecs-world.ts';

const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-a'] } };
const MIGRATE = { containerOverrides: [{ name: 'app', command: ['migrate', 'up'] }] };

function run(world: World, behaviour: Behaviour = {}, more: object = {}): string {
  const { tasks } = ecs.RunTask(world, {
    cluster: 'main',
    taskDefinition: register(world, behaviour),
    launchType: 'FARGATE',
    networkConfiguration: NETWORK,
    ...more,
  });
  return tasks[0]?.taskArn ?? '';
}

function look(world: World, task: string) {
  return ecs.DescribeTasks(world, { cluster: 'main', tasks: [task] }).tasks[0];
}

describe('RunTask', () => {
  it('runs to its end, and tells its exit code', () => {
    const world = steadyWorld();
    const commands = { 'migrate up': { seconds: 90, exitCode: 3 } };
    const task = run(world, { commands }, { overrides: MIGRATE, startedBy: 'slipway' });
    expect(look(world, task)).toMatchObject({
      lastStatus: 'PROVISIONING',
      group: 'family:web',
      startedBy: 'slipway',
      overrides: MIGRATE,
    });
    pass(world, 60_000);
    expect(look(world, task)?.lastStatus).toBe('RUNNING');
    pass(world, 120_000);
    expect(look(world, task)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 3 }],
    });
  });

  it('ends with 0 after half a minute unless its image says otherwise', () => {
    const world = steadyWorld();
    const task = run(world);
    pass(world, 120_000);
    expect(look(world, task)?.containers?.[0]?.exitCode).toBe(0);
  });

  it('tells of its states by events, and concerns no service', () => {
    const world = steadyWorld();
    const before = service(world);
    const task = run(world);
    pass(world, 120_000);
    const states = busEvents(world, 'ECS Task State Change')
      .filter(({ detail }) => detail.taskArn === task)
      .map(({ detail }) => `${detail.lastStatus} ${detail.group}`);
    expect(states).toEqual(
      ['PROVISIONING', 'PENDING', 'RUNNING', 'DEPROVISIONING', 'STOPPED'].map(
        (state) => `${state} family:web`,
      ),
    );
    expect(service(world).runningCount).toBe(before.runningCount);
    expect(service(world).events).toEqual(before.events);
  });

  it('that cannot pull its image says so', () => {
    const world = steadyWorld();
    const task = run(world, { unpullable: true });
    pass(world, 240_000);
    expect(look(world, task)).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringContaining('CannotPullContainerError'),
    });
  });

  it('is stopped by a person like any other', () => {
    const world = steadyWorld();
    const task = run(world, { commands: { '': { seconds: 3_600 } } });
    pass(world, 60_000);
    ecs.StopTask(world, { cluster: 'main', task, reason: 'enough' });
    pass(world, 60_000);
    expect(look(world, task)).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'UserInitiated' });
  });

  it('is listed by who started it, and not among the tasks of a service', () => {
    const world = steadyWorld();
    const task = run(world, {}, { startedBy: 'slipway' });
    const list = (input: object) => ecs.ListTasks(world, { cluster: 'main', ...input }).taskArns;
    expect(list({ startedBy: 'slipway' })).toEqual([task]);
    expect(list({ serviceName: 'web' })).not.toContain(task);
    expect(list({})).toContain(task);
  });

  it('with the same token is the same task', () => {
    const world = steadyWorld();
    const more = { clientToken: 'once' };
    expect(run(world, {}, more)).toBe(run(world, {}, more));
    expect(run(world, {}, { clientToken: 'twice' })).not.toBe(run(world, {}, more));
  });

  it('refuses a container that is not there, and a network that is missing', () => {
    const world = steadyWorld();
    const overrides = { containerOverrides: [{ name: 'sidecar' }] };
    expect(refusal(() => run(world, {}, { overrides }))).toBe(
      'InvalidParameterException: Override for container named sidecar is not a container in the TaskDefinition.',
    );
    expect(refusal(() => run(world, {}, { networkConfiguration: undefined }))).toContain(
      'Network Configuration must be provided',
    );
  });
});
