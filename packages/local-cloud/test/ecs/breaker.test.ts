import { describe, expect, it } from 'vitest';
import { archiveImage } from '../../ecr/images.ts';
import { breakerThreshold } from '../../ecs/breaker.ts';
import { ecsOperations as ecs } from '../../ecs/operations.ts';
import { servingTasks } from '../../ecs/serving.ts';
import {
  BALANCED,
  busEvents,
  deployments,
  GUARDED,
  lines,
  MINUTE,
  pass,
  passUntil,
  refusal,
  release,
  service,
  serviceDeployments,
  statuses,
  steadyWorld,
  tasks,
  update,
  worldWithService,
} from './ecs-world.ts';

const NEVER_STARTS = { exitCodeOnStart: 1 };

describe('the threshold', () => {
  it.each([
    [undefined, 1, 3],
    [undefined, 25, 13],
    [undefined, 400, 200],
    [undefined, 1000, 200],
    [{ type: 'BOUNDED_PERCENT', value: 10 }, 20, 3],
    [{ type: 'UNBOUNDED_PERCENT', value: 10 }, 20, 2],
    [{ type: 'UNBOUNDED_PERCENT', value: 50 }, 1000, 500],
    [{ type: 'COUNT', value: 7 }, 1000, 7],
  ] as const)('%o of %i tasks is %i failures', (threshold, desired, failures) => {
    expect(breakerThreshold(threshold, desired)).toBe(failures);
  });
});

describe('the circuit breaker', () => {
  it('three tasks that never start trip the breaker of a service with desired count 1', () => {
    const world = steadyWorld({ deploymentConfiguration: GUARDED });
    release(world, NEVER_STARTS);
    passUntil(world, () => statuses(world)[0] === 'ROLLBACK_IN_PROGRESS');
    const [record] = serviceDeployments(world);
    expect(record?.deploymentCircuitBreaker).toEqual({
      status: 'TRIGGERED',
      failureCount: 3,
      threshold: 3,
    });
    expect(lines(world)).toContain(
      '(service web) (deployment ecs-svc/#) deployment failed: tasks failed to start.',
    );
  });

  it('returns to the last completed deployment, under its old number, and its task runs on', () => {
    const world = steadyWorld({ deploymentConfiguration: GUARDED });
    const before = service(world).deployments?.[0];
    const [task] = tasks(world);
    release(world, NEVER_STARTS);
    passUntil(world, () => statuses(world)[0] === 'ROLLBACK_IN_PROGRESS');
    const [primary, failed] = service(world).deployments ?? [];
    expect(primary).toMatchObject({
      id: before?.id,
      status: 'PRIMARY',
      taskDefinition: before?.taskDefinition,
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${before?.id}.`,
    });
    expect(failed).toMatchObject({
      status: 'DRAINING',
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    });
    passUntil(world, () => statuses(world)[0] === 'ROLLBACK_SUCCESSFUL');
    const [record] = serviceDeployments(world);
    expect(record?.rollback?.serviceRevisionArn).toBe(
      `arn:aws:ecs:eu-west-1:123456789012:service-revision/main/web/${before?.id?.slice(8)}`,
    );
    expect(record?.statusReason).toBe(
      'Service deployment rolled back because the circuit breaker threshold was exceeded.',
    );
    expect(tasks(world).map(({ taskArn }) => taskArn)).toEqual([task?.taskArn]);
    pass(world, 2 * MINUTE);
    expect(deployments(world)).toEqual(['PRIMARY COMPLETED']);
    const changes = busEvents(world, 'ECS Deployment State Change').slice(-3);
    expect(changes.map(({ detail }) => detail.eventName)).toEqual([
      'SERVICE_DEPLOYMENT_FAILED',
      'SERVICE_DEPLOYMENT_IN_PROGRESS',
      'SERVICE_DEPLOYMENT_COMPLETED',
    ]);
    expect(changes[1]?.detail.deploymentId).toBe(before?.id);
  });

  it('stalls when there is no completed deployment to return to', () => {
    const world = worldWithService({ behaviour: NEVER_STARTS, deploymentConfiguration: GUARDED });
    passUntil(world, () => statuses(world)[0] === 'STOPPED');
    expect(deployments(world)).toEqual(['PRIMARY FAILED']);
    const started = lines(world).filter((line) => line.includes('has started')).length;
    pass(world, 60 * MINUTE);
    expect(lines(world).filter((line) => line.includes('has started'))).toHaveLength(started);
    expect(serviceDeployments(world)[0]?.statusReason).toBe(
      'No rollback candidate was found to run the rollback.',
    );
  });

  it('without rollback only stops launching, and the old tasks stay', () => {
    const world = steadyWorld({
      desiredCount: 2,
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
    });
    release(world, NEVER_STARTS);
    pass(world, 30 * MINUTE);
    expect(statuses(world)).toEqual(['STOPPED', 'SUCCESSFUL']);
    expect(deployments(world)).toEqual(['PRIMARY FAILED', 'ACTIVE COMPLETED']);
    expect(servingTasks(world, 'main', 'web')).toHaveLength(2);
    // A later update gets it out of there.
    release(world);
    pass(world, 5 * MINUTE);
    expect(deployments(world)).toEqual(['PRIMARY COMPLETED']);
  });

  it('that is off lets a deployment fail for ever, slower and slower', () => {
    const world = steadyWorld();
    release(world, NEVER_STARTS);
    pass(world, 3 * 60 * MINUTE);
    expect(deployments(world)).toEqual(['PRIMARY IN_PROGRESS', 'ACTIVE COMPLETED']);
    expect(tasks(world, 'STOPPED').length).toBeLessThan(6);
    const names = busEvents(world, 'ECS Service Action').map(({ detail }) => detail.eventName);
    expect(names).toContain('SERVICE_TASK_START_IMPAIRED');
    expect(names).not.toContain('SERVICE_DEPLOYMENT_FAILED');
  });

  it('counts failed health checks too', () => {
    const world = steadyWorld({ deploymentConfiguration: GUARDED, loadBalancers: BALANCED });
    release(world, { failsHealthCheck: true });
    passUntil(world, () => statuses(world)[0] === 'ROLLBACK_SUCCESSFUL');
    expect(servingTasks(world, 'main', 'web')).toHaveLength(1);
  });

  it('does not count a task that reached RUNNING and then crashed: a limping deployment', () => {
    const world = steadyWorld({ deploymentConfiguration: GUARDED, loadBalancers: BALANCED });
    release(world, { crashAfterSeconds: 10 });
    pass(world, 60 * MINUTE);
    expect(statuses(world)[0]).toBe('IN_PROGRESS');
    expect(service(world).deployments?.[0]?.failedTasks).toBe(0);
  });

  it('cannot bring back what was archived: the rollback fails and the service stalls', () => {
    const world = steadyWorld({ deploymentConfiguration: GUARDED });
    const digest = servingTasks(world, 'main', 'web')[0]?.images[0]?.digest ?? '';
    release(world, NEVER_STARTS);
    pass(world, MINUTE);
    archiveImage(world, { repository: 'web', digest });
    const old = tasks(world).find(({ taskDefinitionArn }) => taskDefinitionArn?.endsWith(':1'));
    ecs.StopTask(world, { cluster: 'main', task: old?.taskArn });
    passUntil(world, () => statuses(world)[0] === 'ROLLBACK_FAILED', 120 * MINUTE);
    expect(deployments(world)[0]).toBe('PRIMARY FAILED');
  });
});

describe('StopServiceDeployment', () => {
  function stop(world: ReturnType<typeof steadyWorld>, input = {}) {
    const [newest] = serviceDeployments(world);
    return ecs.StopServiceDeployment(world, {
      serviceDeploymentArn: newest?.serviceDeploymentArn,
      stopType: 'ROLLBACK',
      ...input,
    });
  }

  it('rolls back, even if no rollback was configured, and a second call just goes on', () => {
    const world = steadyWorld();
    const before = service(world).taskDefinition;
    release(world);
    pass(world, 20_000);
    const { serviceDeploymentArn } = stop(world);
    expect(statuses(world)[0]).toBe('ROLLBACK_REQUESTED');
    expect(stop(world).serviceDeploymentArn).toBe(serviceDeploymentArn);
    passUntil(world, () => statuses(world)[0] === 'ROLLBACK_SUCCESSFUL');
    expect(service(world).taskDefinition).toBe(before);
    expect(busEvents(world, 'ECS Deployment State Change').at(-1)?.detail.eventName).not.toBe(
      'SERVICE_DEPLOYMENT_FAILED',
    );
  });

  it('can come too late: the request still ends SUCCESSFUL', () => {
    const world = steadyWorld({ deploymentConfiguration: { bakeTimeInMinutes: 2 } });
    release(world);
    passUntil(world, () => service(world).deployments?.length === 1);
    pass(world, 2 * MINUTE - 1_500);
    expect(statuses(world)[0]).toBe('IN_PROGRESS');
    stop(world);
    passUntil(world, () => statuses(world)[0] === 'SUCCESSFUL');
  });

  it('is refused once the deployment has ended, for ABORT, and for what is not there', () => {
    const world = steadyWorld();
    expect(refusal(() => stop(world))).toMatch(/^ConflictException/);
    release(world);
    expect(refusal(() => stop(world, { stopType: 'ABORT' }))).toBe(
      'UnsupportedFeatureException: ECS StopServiceDeployment API with ABORT stopType is not supported.',
    );
    expect(refusal(() => stop(world, { serviceDeploymentArn: 'x/y/z' }))).toMatch(
      /^ServiceDeploymentNotFoundException/,
    );
  });
});

describe('breaker settings', () => {
  it('merge: what an update omits keeps its value', () => {
    const world = steadyWorld({
      deploymentConfiguration: {
        deploymentCircuitBreaker: {
          enable: true,
          rollback: true,
          resetOnHealthyTask: false,
          thresholdConfiguration: { type: 'COUNT', value: 5 },
        },
      },
    });
    update(world, {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
    });
    expect(service(world).deploymentConfiguration?.deploymentCircuitBreaker).toEqual({
      enable: true,
      rollback: false,
      resetOnHealthyTask: false,
      thresholdConfiguration: { type: 'COUNT', value: 5 },
    });
  });

  it('rollback without the breaker is accepted and answered as false', () => {
    const world = steadyWorld({
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: true } },
    });
    expect(service(world).deploymentConfiguration?.deploymentCircuitBreaker?.rollback).toBe(false);
  });
});
