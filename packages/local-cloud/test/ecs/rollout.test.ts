import { describe, expect, it } from 'vitest';
import { pushImage } from '../../ecr/images.ts';
import { ecsOperations as ecs } from '../../ecs/operations.ts';
import { servingTasks } from '../../ecs/serving.ts';
import { healthyFloor, taskCeiling } from '../../ecs/task/placement.ts';
import {
  BALANCED,
  busEvents,
  deployments,
  lines,
  MINUTE,
  pass,
  passUntil,
  refusal,
  type register,
  registerImage,
  release,
  service,
  serviceDeployments,
  statuses,
  steadyWorld,
  tasks,
  update,
  worldWithService,
} from './ecs-world.ts';

describe('the percents', () => {
  it.each([
    [1, 100, 1],
    [3, 50, 2],
    [5, 34, 2],
    [0, 100, 0],
  ])('of %i tasks, %i %% healthy is rounded up to %i', (desired, percent, floor) => {
    expect(healthyFloor(desired, percent)).toBe(floor);
  });

  it.each([
    [1, 200, 2],
    [3, 125, 3],
    [5, 150, 7],
    [1, 150, 1],
  ])('of %i tasks, %i %% at most is rounded down to %i', (desired, percent, ceiling) => {
    expect(taskCeiling(desired, percent)).toBe(ceiling);
  });

  it('that leave no room stall the deployment', () => {
    const world = steadyWorld({
      desiredCount: 3,
      deploymentConfiguration: { maximumPercent: 125 },
    });
    release(world);
    pass(world, 30 * MINUTE);
    expect(deployments(world)).toEqual(['PRIMARY IN_PROGRESS', 'ACTIVE COMPLETED']);
    expect(servingTasks(world, 'main', 'web')).toHaveLength(3);
  });

  it('are kept at every moment of a rollout', () => {
    const world = steadyWorld({
      desiredCount: 4,
      loadBalancers: BALANCED,
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 150 },
    });
    release(world);
    passUntil(world, () => {
      expect(servingTasks(world, 'main', 'web').length).toBeGreaterThanOrEqual(2);
      const standing = Object.values(world.ecs.tasks).filter(
        ({ lastStatus }) => lastStatus !== 'STOPPED',
      );
      expect(standing.length).toBeLessThanOrEqual(6);
      return deployments(world).join() === 'PRIMARY COMPLETED';
    });
    expect(servingTasks(world, 'main', 'web')).toHaveLength(4);
  });
});

describe('an update of what is frozen into a revision', () => {
  it.each([
    ['serviceConnectConfiguration', { enabled: true, namespace: 'shop' }],
    [
      'volumeConfigurations',
      [{ name: 'data', managedEBSVolume: { roleArn: 'arn:aws:iam::1:role/ebs', sizeInGiB: 1 } }],
    ],
    [
      'vpcLatticeConfigurations',
      [{ roleArn: 'arn:aws:iam::1:role/l', targetGroupArn: 'arn:x', portName: 'http' }],
    ],
    ['monitoring', { alarms: [] }],
  ])('%s deploys, once, and stays in the revision', (member, value) => {
    const world = steadyWorld();
    const input = { [member]: value };
    expect(update(world, input).deployments).toHaveLength(2);
    expect(update(world, input).deployments).toHaveLength(2);
    const arn = service(world).currentServiceRevisions?.[0]?.arn ?? '';
    const { serviceRevisions } = ecs.DescribeServiceRevisions(world, {
      serviceRevisionArns: [arn],
    });
    expect(serviceRevisions).toMatchObject([input]);
    expect(service(world)).not.toHaveProperty(member);
  });

  it('gateway connectors are refused by name', () => {
    const world = steadyWorld();
    expect(refusal(() => update(world, { gatewayConnectors: [{}] } as never))).toMatch(
      /^UnsupportedOperation: .*gateway connectors/,
    );
  });
});

describe('a rollout', () => {
  it('is PENDING, then IN_PROGRESS, then SUCCESSFUL, and the rollout state follows later', () => {
    const world = steadyWorld({ desiredCount: 2, loadBalancers: BALANCED });
    release(world);
    expect(statuses(world)).toEqual(['PENDING', 'SUCCESSFUL']);
    pass(world, 6_000);
    expect(statuses(world)).toEqual(['IN_PROGRESS', 'SUCCESSFUL']);
    passUntil(world, () => statuses(world)[0] === 'SUCCESSFUL');
    expect(service(world).deployments).toHaveLength(1);
    passUntil(world, () => deployments(world).join() === 'PRIMARY COMPLETED', 2 * MINUTE);
    expect(lines(world).slice(0, 2)).toEqual([
      '(service web) has reached a steady state.',
      '(service web) (deployment ecs-svc/#) deployment completed.',
    ]);
    const [steady, completed] = service(world).events ?? [];
    expect(Number(steady?.createdAt) - Number(completed?.createdAt)).toBe(1);
  });

  it('with desired count 0 completes 12 to 20 seconds after its beginning', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = worldWithService({ desiredCount: 0, seed });
      pass(world, 11_000);
      expect(deployments(world)).toEqual(['PRIMARY IN_PROGRESS']);
      pass(world, 9_400);
      expect(deployments(world)).toEqual(['PRIMARY COMPLETED']);
      expect(statuses(world)).toEqual(['SUCCESSFUL']);
    }
  });

  it('stops old tasks with the reason "Scaling activity" only once new ones are healthy', () => {
    const world = steadyWorld({ loadBalancers: BALANCED });
    const [old] = tasks(world);
    release(world);
    passUntil(world, () => tasks(world).some(({ lastStatus }) => lastStatus === 'ACTIVATING'));
    passUntil(world, () => tasks(world).length === 1);
    const { tasks: found } = ecs.DescribeTasks(world, {
      cluster: 'main',
      tasks: [old?.taskArn ?? ''],
    });
    expect(found[0]).toMatchObject({
      lastStatus: 'DEACTIVATING',
      desiredStatus: 'STOPPED',
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Scaling activity initiated by (deployment ${old?.startedBy})`,
    });
    expect(service(world)).toMatchObject({ runningCount: 1, desiredCount: 1 });
    pass(world, 2 * MINUTE);
    const life = busEvents(world, 'ECS Task State Change')
      .filter(({ detail }) => detail.taskArn === old?.taskArn)
      .map(({ detail }) => detail.lastStatus);
    expect(life).toEqual([
      'PROVISIONING',
      'PENDING',
      'ACTIVATING',
      'RUNNING',
      'DEACTIVATING',
      'STOPPING',
      'DEPROVISIONING',
      'STOPPED',
    ]);
  });

  it('behind a load balancer serves only with tasks that passed their checks', () => {
    const world = worldWithService({ loadBalancers: BALANCED });
    passUntil(world, () => service(world).runningCount === 1);
    expect(servingTasks(world, 'main', 'web')).toEqual([]);
    pass(world, 31_000);
    expect(servingTasks(world, 'main', 'web')).toMatchObject([
      { images: [{ container: 'app', digest: expect.stringMatching(/^sha256:/) }] },
    ]);
  });
});

describe('a second update', () => {
  it('supersedes the first, whose service deployment is stopped', () => {
    const world = steadyWorld({ desiredCount: 2 });
    release(world);
    pass(world, 15_000);
    const [first] = serviceDeployments(world);
    release(world);
    expect(statuses(world)).toEqual(['PENDING', 'STOP_REQUESTED', 'SUCCESSFUL']);
    // Just after the update the current one is still the previous one.
    expect(service(world).currentServiceDeployment).toBe(first?.serviceDeploymentArn);
    expect(deployments(world)).toEqual([
      'PRIMARY IN_PROGRESS',
      'ACTIVE IN_PROGRESS',
      'ACTIVE COMPLETED',
    ]);
    pass(world, 6_000);
    expect(statuses(world)).toEqual(['IN_PROGRESS', 'STOPPED', 'SUCCESSFUL']);
    pass(world, 10 * MINUTE);
    expect(statuses(world)).toEqual(['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL']);
    expect(deployments(world)).toEqual(['PRIMARY COMPLETED']);
  });

  it('that changes nothing deploys nothing', () => {
    const world = steadyWorld();
    const before = service(world).deployments?.[0]?.id;
    update(world, { taskDefinition: service(world).taskDefinition });
    update(world, { taskDefinition: 'web' });
    update(world, { deploymentConfiguration: { maximumPercent: 150 } });
    expect(service(world).deployments?.[0]?.id).toBe(before);
    expect(service(world).deploymentConfiguration).toMatchObject({
      maximumPercent: 150,
      minimumHealthyPercent: 100,
    });
    expect(statuses(world)).toEqual(['SUCCESSFUL']);
  });

  it('that forces a deployment resolves the tags anew', () => {
    const world = steadyWorld();
    const first = pushImage(world, { repository: 'web', tag: 'latest' });
    update(world, { taskDefinition: registerImage(world, 'web:latest') });
    pass(world, 5 * MINUTE);
    const second = pushImage(world, { repository: 'web', tag: 'latest' });
    update(world, { desiredCount: 2 });
    pass(world, 5 * MINUTE);
    expect(servingTasks(world, 'main', 'web').map(({ images }) => images[0]?.digest)).toEqual([
      first,
      first,
    ]);
    update(world, { forceNewDeployment: true });
    pass(world, 5 * MINUTE);
    expect(servingTasks(world, 'main', 'web')[0]?.images[0]?.digest).toBe(second);
    const arns = serviceDeployments(world).map(
      ({ targetServiceRevision }) => targetServiceRevision?.arn ?? '',
    );
    const { serviceRevisions } = ecs.DescribeServiceRevisions(world, {
      serviceRevisionArns: arns.slice(0, 2),
    });
    expect(
      serviceRevisions.map(({ containerImages }) => containerImages?.[0]?.imageDigest),
    ).toEqual([second, first]);
  });
});

describe('scaling', () => {
  it('makes no deployment, and deployments follow the service’s count at the next look', () => {
    const world = steadyWorld();
    const answer = update(world, { desiredCount: 3 });
    expect(answer.desiredCount).toBe(3);
    expect(answer.deployments?.[0]).toMatchObject({ desiredCount: 1, rolloutState: 'COMPLETED' });
    pass(world, MINUTE);
    expect(service(world).deployments?.[0]).toMatchObject({ desiredCount: 3, runningCount: 3 });
    expect(statuses(world)).toEqual(['SUCCESSFUL']);
  });

  it('to 0 is steady before the tasks are STOPPED', () => {
    const world = steadyWorld({ desiredCount: 2 });
    update(world, { desiredCount: 0 });
    pass(world, 6_000);
    passUntil(world, () => lines(world)[0] === '(service web) has reached a steady state.');
    expect(lines(world)[1]).toBe('(service web) has stopped 2 running tasks: (task #) (task #).');
    expect(service(world).runningCount).toBe(0);
    expect(tasks(world, 'STOPPED').map(({ lastStatus }) => lastStatus)).not.toContain('STOPPED');
  });

  it('a task that a person stopped is replaced', () => {
    const world = steadyWorld();
    const [task] = tasks(world);
    ecs.StopTask(world, { cluster: 'main', task: task?.taskArn, reason: 'why not' });
    pass(world, 2 * MINUTE);
    expect(tasks(world)).toHaveLength(1);
    expect(tasks(world, 'STOPPED')).toMatchObject([
      { stopCode: 'UserInitiated', stoppedReason: 'why not', lastStatus: 'STOPPED' },
    ]);
    expect(service(world).deployments?.[0]?.failedTasks).toBe(0);
  });

  it('stopped tasks can be described for an hour', () => {
    const world = steadyWorld();
    const [task] = tasks(world);
    ecs.StopTask(world, { cluster: 'main', task: task?.taskArn });
    pass(world, 55 * MINUTE);
    const describe = () =>
      ecs.DescribeTasks(world, { cluster: 'main', tasks: [task?.taskArn ?? ''] });
    expect(describe().tasks).toHaveLength(1);
    pass(world, 10 * MINUTE);
    expect(describe().failures).toMatchObject([{ reason: 'MISSING' }]);
  });
});

describe('how a task ends', () => {
  function firstEnd(behaviour: Parameters<typeof register>[1], balanced = false) {
    const world = worldWithService({
      ...(behaviour && { behaviour }),
      ...(balanced && { loadBalancers: BALANCED }),
    });
    passUntil(world, () =>
      tasks(world, 'STOPPED').some(({ lastStatus }) => lastStatus === 'STOPPED'),
    );
    const ended = tasks(world, 'STOPPED').find(({ lastStatus }) => lastStatus === 'STOPPED');
    return { ...ended, container: ended?.containers?.[0] };
  }

  it('exit on start: its code, never RUNNING', () => {
    const end = firstEnd({ exitCodeOnStart: 3 });
    expect(end).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      container: { exitCode: 3 },
    });
    expect(end.startedAt).toBeUndefined();
  });

  it('crash: exit code 1 after RUNNING', () => {
    const end = firstEnd({ crashAfterSeconds: 12 });
    expect(end).toMatchObject({ stopCode: 'EssentialContainerExited', container: { exitCode: 1 } });
    expect(Number(end.executionStoppedAt) - Number(end.startedAt)).toBe(12_000);
  });

  it('out of memory: exit code 137, the reason stands at the container', () => {
    expect(firstEnd({ oomAfterSeconds: 5 })).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      container: {
        exitCode: 137,
        reason: 'OutOfMemoryError: Container killed due to memory usage',
      },
    });
  });

  it('failed health checks: stopped by the scheduler, naming the target group', () => {
    expect(firstEnd({ failsHealthCheck: true }, true)).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Task failed ELB health checks in (target-group ${BALANCED[0]?.targetGroupArn})`,
    });
  });

  it('a registry that refuses: no exit code, the reason at task and container', () => {
    const end = firstEnd({ unpullable: true });
    expect(end).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(/^CannotPullContainerError: The task can’t pull/),
    });
    expect(end.container?.reason).toBe(end.stoppedReason);
    expect(end.container).not.toHaveProperty('exitCode');
  });

  it('an image that is gone: failed to resolve', () => {
    const world = worldWithService({ desiredCount: 0 });
    update(world, { taskDefinition: registerImage(world, 'web:gone'), desiredCount: 1 });
    passUntil(world, () => tasks(world, 'STOPPED').length > 0);
    expect(tasks(world, 'STOPPED')[0]?.stoppedReason).toMatch(
      /^CannotPullContainerError: pull image manifest .* failed to resolve ref .*web:gone: not found$/,
    );
  });
});
