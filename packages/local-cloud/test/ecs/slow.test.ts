/** What makes a rollout slower than it looks: no room for tasks, slow stops, untuned target groups. */
import { describe, expect, it } from 'vitest';
import { alarmOperations } from '../../cloudwatch/alarm-operations.ts';
import { setCapacity } from '../../ecs/capacity.ts';
import { ecsOperations as ecs } from '../../ecs/operations.ts';
import { DEFAULT_TARGET_GROUPS } from '../../ecs/task/targets.ts';
import type { World } from '../../kernel/world.ts';
import {
  BALANCED,
  busEvents,
  deployments,
  GUARDED,
  lines,
  MINUTE,
  pass,
  passUntil,
  register,
  release,
  service,
  statuses,
  steadyWorld,
  tasks,
  update,
} from './ecs-world.ts';

const UNPLACED =
  '(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.';

describe('without room for tasks', () => {
  it('a rollout stalls: nothing is pending, nothing fails, and the old tasks run on', () => {
    const world = steadyWorld({ desiredCount: 2, deploymentConfiguration: GUARDED });
    setCapacity(world, 2);
    release(world);
    pass(world, 30 * MINUTE);
    expect(statuses(world)).toEqual(['IN_PROGRESS', 'SUCCESSFUL']);
    expect(service(world).deployments).toMatchObject([
      { status: 'PRIMARY', pendingCount: 0, runningCount: 0, failedTasks: 0 },
      { status: 'ACTIVE', runningCount: 2 },
    ]);
    expect(lines(world)[0]).toBe(UNPLACED);
    expect(busEvents(world, 'ECS Service Action').at(-1)?.detail).toMatchObject({
      eventType: 'ERROR',
      eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
      reason: 'RESOURCE:FARGATE',
    });
    expect(busEvents(world, 'ECS Deployment State Change').at(-1)?.detail.eventName).toBe(
      'SERVICE_DEPLOYMENT_IN_PROGRESS',
    );
  });

  it('as many start as there is room for, and the others once there is', () => {
    const world = steadyWorld({ desiredCount: 2 });
    setCapacity(world, 3);
    update(world, { desiredCount: 4 });
    pass(world, 5 * MINUTE);
    expect(service(world)).toMatchObject({ runningCount: 3, pendingCount: 0 });
    setCapacity(world, undefined);
    pass(world, 3 * MINUTE);
    expect(service(world)).toMatchObject({ runningCount: 4 });
  });
});

describe('containers that stop slowly', () => {
  const stopped = (world: World) => {
    const [task] = tasks(world);
    ecs.StopTask(world, { cluster: 'main', task: task?.taskArn });
    const began = world.now;
    const now = () =>
      ecs.DescribeTasks(world, { cluster: 'main', tasks: [task?.taskArn ?? ''] }).tasks[0];
    passUntil(world, () => now()?.lastStatus === 'DEPROVISIONING');
    const seconds = ((now()?.executionStoppedAt?.getTime() ?? 0) - began) / 1000;
    return { seconds: Math.round(seconds), exitCode: now()?.containers?.[0]?.exitCode };
  };

  it.each([
    [undefined, 20, { seconds: 20, exitCode: 0 }],
    [undefined, 30, { seconds: 30, exitCode: 0 }],
    [undefined, 45, { seconds: 30, exitCode: 137 }],
    [60, 45, { seconds: 45, exitCode: 0 }],
    [60, 90, { seconds: 60, exitCode: 137 }],
  ])('with stopTimeout %s, one of %i s is waited for or killed', (stopTimeout, stopSeconds, is) => {
    const world = steadyWorld();
    const image = register(world, { stopSeconds });
    const { taskDefinition } = ecs.DescribeTaskDefinition(world, { taskDefinition: image });
    const [container] = taskDefinition.containerDefinitions ?? [];
    const slow = ecs.RegisterTaskDefinition(world, {
      family: 'web',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      executionRoleArn: taskDefinition.executionRoleArn,
      containerDefinitions: [{ ...container, ...(stopTimeout !== undefined && { stopTimeout }) }],
    });
    update(world, { taskDefinition: slow.taskDefinition.taskDefinitionArn });
    pass(world, 5 * MINUTE);
    expect(stopped(world)).toEqual(is);
  });
});

describe('behind target groups with AWS’s defaults', () => {
  const untuned = (world: World) => {
    world.ecs.targetGroups = DEFAULT_TARGET_GROUPS;
    return world;
  };
  const minutesUntil = (world: World, holds: () => boolean) => {
    const began = world.now;
    passUntil(world, holds);
    return (world.now - began) / MINUTE;
  };

  it('a good rollout takes minutes longer than behind tuned ones', () => {
    const lasts = (world: World) => {
      release(world);
      return minutesUntil(world, () => deployments(world).join() === 'PRIMARY COMPLETED');
    };
    const world = () => steadyWorld({ desiredCount: 2, loadBalancers: BALANCED });
    expect(lasts(world())).toBeLessThan(4);
    expect(lasts(untuned(world()))).toBeGreaterThan(8);
  });

  it('the breaker of two tasks that fail their checks needs more than seven minutes', () => {
    const trips = (world: World) => {
      release(world, { failsHealthCheck: true });
      return minutesUntil(
        world,
        () => statuses(world)[0] !== 'IN_PROGRESS' && statuses(world)[0] !== 'PENDING',
      );
    };
    const world = () =>
      steadyWorld({
        desiredCount: 2,
        loadBalancers: BALANCED,
        deploymentConfiguration: GUARDED,
      });
    expect(trips(world())).toBeLessThan(6);
    expect(trips(untuned(world()))).toBeGreaterThan(7);
  });
});

describe('the bake that nobody set', () => {
  const bakes = (periods: number) => {
    const world = steadyWorld({ desiredCount: 0 });
    alarmOperations.PutMetricAlarm(world, {
      AlarmName: 'errors',
      Namespace: 'shop',
      MetricName: 'errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: periods,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
    pass(world, 10 * MINUTE);
    update(world, {
      deploymentConfiguration: { alarms: { alarmNames: ['errors'], enable: true, rollback: true } },
    });
    release(world);
    const [record] = Object.values(world.ecs.serviceDeployments).slice(-1);
    passUntil(world, () => record?.bakesUntil !== undefined);
    return Math.round(((record?.bakesUntil ?? 0) - world.now) / 1000);
  };

  it.each([
    [1, 60],
    [3, 180],
    [30, 299],
  ])('is as long as %i minutes that the alarm looks at, and under five', (periods, seconds) => {
    expect(Math.abs(bakes(periods) - seconds)).toBeLessThanOrEqual(1);
  });
});
