import { describe, expect, it } from 'vitest';
import { ecsOperations as ecs } from '../../ecs/operations.ts';
import {
  MINUTE,
  pass,
  refusal,
  register,
  release,
  service,
  serviceDeployments,
  statuses,
  steadyWorld,
  tasks,
  update,
  worldWithService,
} from './ecs-world.ts';

describe('task definitions', () => {
  it('a second identical registration makes another revision', () => {
    const world = steadyWorld();
    expect(register(world)).toMatch(/web:2$/);
    expect(register(world)).toMatch(/web:3$/);
  });

  it('an inactive one is refused in updates and creations', () => {
    const world = steadyWorld();
    const arn = register(world);
    ecs.DeregisterTaskDefinition(world, { taskDefinition: arn });
    expect(refusal(() => update(world, { taskDefinition: arn }))).toBe(
      'ClientException: TaskDefinition is inactive',
    );
    expect(
      refusal(() =>
        ecs.CreateService(world, {
          cluster: 'main',
          serviceName: 'other',
          taskDefinition: 'web:2',
          desiredCount: 1,
        }),
      ),
    ).toBe('ClientException: TaskDefinition is inactive');
    expect(ecs.DescribeTaskDefinition(world, { taskDefinition: arn }).taskDefinition.status).toBe(
      'INACTIVE',
    );
  });

  it('a family’s name means its newest active revision', () => {
    const world = steadyWorld();
    register(world);
    ecs.DeregisterTaskDefinition(world, { taskDefinition: register(world) });
    const { taskDefinition } = ecs.DescribeTaskDefinition(world, { taskDefinition: 'web' });
    expect(taskDefinition.revision).toBe(2);
  });

  it.each(['no good', '', 'a/b'])(
    'of the family %j are refused, as a ClientException',
    (family) => {
      const world = steadyWorld();
      const containerDefinitions = [{ name: 'app', image: 'a', memory: 128 }];
      expect(
        refusal(() => ecs.RegisterTaskDefinition(world, { family, containerDefinitions })),
      ).toBe('ClientException: Family contains invalid characters.');
    },
  );

  it('are listed by family and status, newest first on request, page by page', () => {
    const world = steadyWorld();
    for (let count = 0; count < 4; count++) register(world);
    ecs.DeregisterTaskDefinition(world, { taskDefinition: 'web:3' });
    const list = (input: Parameters<typeof ecs.ListTaskDefinitions>[1]) =>
      ecs.ListTaskDefinitions(world, { familyPrefix: 'web', sort: 'DESC', ...input });
    const revisions = (arns: string[]) => arns.map((arn) => arn.split(':').at(-1));
    const first = list({ maxResults: 3 });
    expect(revisions(first.taskDefinitionArns)).toEqual(['5', '4', '2']);
    expect(revisions(list({ nextToken: first.nextToken }).taskDefinitionArns)).toEqual(['1']);
    expect(revisions(list({ status: 'INACTIVE' }).taskDefinitionArns)).toEqual(['3']);
  });

  it('tags come at the top level and only on request', () => {
    const world = steadyWorld();
    const arn = register(world);
    ecs.TagResource(world, { resourceArn: arn, tags: [{ key: 'slipway:release', value: 'r1' }] });
    expect(ecs.DescribeTaskDefinition(world, { taskDefinition: arn })).not.toHaveProperty('tags');
    expect(
      ecs.DescribeTaskDefinition(world, { taskDefinition: arn, include: ['TAGS'] }).tags,
    ).toEqual([{ key: 'slipway:release', value: 'r1' }]);
    ecs.UntagResource(world, { resourceArn: arn, tagKeys: ['slipway:release'] });
    expect(ecs.ListTagsForResource(world, { resourceArn: arn }).tags).toEqual([]);
  });

  it('what was registered does not change with the caller’s object', () => {
    const world = steadyWorld();
    const containerDefinitions = [{ name: 'app', image: 'a', memory: 128 }];
    ecs.RegisterTaskDefinition(world, { family: 'mine', containerDefinitions });
    const [container] = containerDefinitions;
    if (container !== undefined) container.image = 'b';
    const { taskDefinition } = ecs.DescribeTaskDefinition(world, { taskDefinition: 'mine' });
    expect(taskDefinition.containerDefinitions?.[0]?.image).toBe('a');
  });
});

describe('answers of task definitions and services', () => {
  const containerDefinitions = [{ name: 'app', image: 'a', memory: 128 }];

  it('without tags have no tags at all', () => {
    const world = steadyWorld();
    const tags = [{ key: 'team', value: 'web' }];
    const bare = ecs.RegisterTaskDefinition(world, { family: 'bare', containerDefinitions });
    expect(bare).not.toHaveProperty('tags');
    const tagged = ecs.RegisterTaskDefinition(world, {
      family: 'bare',
      containerDefinitions,
      tags,
    });
    expect(tagged.tags).toEqual(tags);
    const input = { cluster: 'main', taskDefinition: 'bare', desiredCount: 0 };
    const created = ecs.CreateService(world, { ...input, serviceName: 'bare' });
    expect(created.service).not.toHaveProperty('tags');
    const other = ecs.CreateService(world, { ...input, serviceName: 'tagged', tags });
    expect(other.service.tags).toEqual(tags);
  });

  it('outside awsvpc may run on external instances, and ask for no attribute', () => {
    const world = steadyWorld();
    const { taskDefinition } = ecs.RegisterTaskDefinition(world, {
      family: 'bridged',
      networkMode: 'bridge',
      containerDefinitions,
    });
    expect(taskDefinition.compatibilities).toEqual(['EXTERNAL', 'EC2']);
    expect(taskDefinition).not.toHaveProperty('requiresAttributes');
  });

  it('a deregistration tells its moment only when it is described', () => {
    const world = steadyWorld();
    const taskDefinition = register(world);
    const answer = ecs.DeregisterTaskDefinition(world, { taskDefinition });
    expect(answer.taskDefinition).not.toHaveProperty('deregisteredAt');
    const described = ecs.DescribeTaskDefinition(world, { taskDefinition });
    expect(described.taskDefinition.deregisteredAt).toEqual(new Date(world.now));
  });
});

describe('limits of a call', () => {
  const eleven = Array.from({ length: 11 }, (_, index) => `s${index}`);
  const many = Array.from({ length: 21 }, (_, index) => `arn:aws:ecs:r:a:x/c/s/${index}`);

  it('ten services, twenty service deployments, twenty service revisions, a hundred tasks', () => {
    const world = steadyWorld();
    const hundredAndOne = Array.from({ length: 101 }, (_, index) => `t${index}`);
    expect(
      refusal(() => ecs.DescribeServices(world, { cluster: 'main', services: eleven })),
    ).toMatch(/^InvalidParameterException/);
    expect(
      refusal(() => ecs.DescribeServiceDeployments(world, { serviceDeploymentArns: many })),
    ).toMatch(/^InvalidParameterException/);
    expect(refusal(() => ecs.DescribeServiceRevisions(world, { serviceRevisionArns: many }))).toBe(
      'InvalidParameterException: Service Revision ARN count cannot exceed 20',
    );
    expect(
      refusal(() => ecs.DescribeTasks(world, { cluster: 'main', tasks: hundredAndOne })),
    ).toMatch(/^InvalidParameterException/);
  });
});

describe('ListServiceDeployments', () => {
  it('answers newest first, by status, by time of creation, page by page', () => {
    const world = steadyWorld();
    const moments = [world.now];
    for (let count = 0; count < 3; count++) {
      release(world);
      pass(world, 5 * MINUTE);
      moments.push(world.now);
    }
    const list = (input: object) =>
      ecs.ListServiceDeployments(world, { cluster: 'main', service: 'web', ...input });
    const newest = serviceDeployments(world)[0]?.serviceDeploymentArn;
    const first = list({ maxResults: 3 });
    expect(first.serviceDeployments[0]?.serviceDeploymentArn).toBe(newest);
    expect(first.serviceDeployments).toHaveLength(3);
    expect(list({ nextToken: first.nextToken }).serviceDeployments).toHaveLength(1);
    const after = new Date((moments[1] ?? 0) - 1);
    expect(list({ createdAt: { after } }).serviceDeployments).toHaveLength(2);
    expect(list({ createdAt: { before: after } }).serviceDeployments).toHaveLength(2);
    expect(list({ status: ['STOPPED'] }).serviceDeployments).toEqual([]);
    expect(refusal(() => list({ maxResults: 101 }))).toMatch(/^InvalidParameterException/);
  });
});

describe('services', () => {
  it('one that is missing is a failure of the answer, not of the call', () => {
    const world = steadyWorld();
    expect(ecs.DescribeServices(world, { cluster: 'main', services: ['none'] })).toEqual({
      services: [],
      failures: [
        { arn: 'arn:aws:ecs:eu-west-1:123456789012:service/main/none', reason: 'MISSING' },
      ],
    });
  });

  it('a deleted one drains, becomes INACTIVE without events, and its name is free again', () => {
    const world = steadyWorld({ desiredCount: 2 });
    const named = { cluster: 'main', service: 'web' };
    expect(refusal(() => ecs.DeleteService(world, named))).toMatch(/scaled above 0/);
    ecs.DeleteService(world, { ...named, force: true });
    expect(service(world)).toMatchObject({ status: 'DRAINING', desiredCount: 0 });
    expect(ecs.ListServices(world, { cluster: 'main' }).serviceArns).toEqual([]);
    pass(world, 3 * MINUTE);
    expect(service(world)).toMatchObject({ status: 'INACTIVE', events: [] });
    expect(refusal(() => ecs.DeleteService(world, named))).toBe('ServiceNotFoundException: ');
    ecs.CreateService(world, {
      cluster: 'main',
      serviceName: 'web',
      taskDefinition: 'web',
      desiredCount: 0,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
    });
    expect(service(world).status).toBe('ACTIVE');
  });

  it('what the local ECS does not imitate it refuses by name', () => {
    const world = steadyWorld();
    expect(refusal(() => update(world, { deploymentController: { type: 'CODE_DEPLOY' } }))).toMatch(
      /^UnsupportedOperation: .*CODE_DEPLOY/,
    );
  });

  it('two worlds with one seed are the same to the last byte', () => {
    const run = () => {
      const world = steadyWorld({ desiredCount: 3, seed: 11 });
      release(world, { crashAfterSeconds: 50 });
      pass(world, 20 * MINUTE);
      return JSON.stringify(world);
    };
    expect(run()).toBe(run());
  });

  it('a world that went through JSON goes on as if nothing had been', () => {
    const world = steadyWorld({ desiredCount: 2 });
    release(world);
    pass(world, 30_000);
    const copy = JSON.parse(JSON.stringify(world));
    pass(world, 10 * MINUTE);
    pass(copy, 10 * MINUTE);
    expect(JSON.stringify(copy)).toBe(JSON.stringify(world));
  });
});

describe('a forced deletion', () => {
  it('wants nothing at once, and the older deployment drains', () => {
    const world = steadyWorld({ desiredCount: 2 });
    release(world);
    pass(world, 20_000);
    const named = { cluster: 'main', service: 'web', force: true };
    expect(ecs.DeleteService(world, named).service).toMatchObject({
      status: 'DRAINING',
      desiredCount: 0,
      deployments: [
        { status: 'PRIMARY', desiredCount: 0, rolloutState: 'IN_PROGRESS' },
        { status: 'DRAINING', desiredCount: 0, runningCount: 2 },
      ],
    });
    expect(service(world).currentServiceRevisions?.[0]?.requestedTaskCount).toBe(0);
  });

  it('leaves a rollout state that was never COMPLETED as it was', () => {
    const world = steadyWorld({ desiredCount: 2 });
    release(world);
    pass(world, 20_000);
    ecs.DeleteService(world, { cluster: 'main', service: 'web', force: true });
    pass(world, 5 * MINUTE);
    expect(service(world)).toMatchObject({
      status: 'INACTIVE',
      deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }],
    });
  });
});

describe('clusters', () => {
  it('show their settings on creation and deletion, and when asked for them', () => {
    const world = steadyWorld();
    const settings = [{ name: 'containerInsights', value: 'disabled' }];
    const { cluster } = ecs.CreateCluster(world, { clusterName: 'other' });
    expect(cluster).toMatchObject({ settings });
    const described = (include: 'SETTINGS'[]) =>
      ecs.DescribeClusters(world, { clusters: ['other'], include }).clusters[0];
    expect(described([])?.settings).toEqual([]);
    expect(described(['SETTINGS'])?.settings).toEqual(settings);
    expect(ecs.DeleteCluster(world, { cluster: 'other' }).cluster).toMatchObject({ settings });
    const enhanced = [{ name: 'containerInsights' as const, value: 'enhanced' }];
    const made = ecs.CreateCluster(world, { clusterName: 'third', settings: enhanced });
    expect(made.cluster.settings).toEqual(enhanced);
  });
});

describe('reads that lag', () => {
  it('show a state of the last seconds, and the present once nothing changes', () => {
    const world = steadyWorld({ readLagMs: 5_000 });
    const before = service(world).taskDefinition;
    release(world);
    const seen = new Set(Array.from({ length: 50 }, () => service(world).taskDefinition));
    expect(seen).toEqual(new Set([before]));
    pass(world, 2_500);
    const later = new Set(Array.from({ length: 50 }, () => service(world).taskDefinition));
    expect(later.size).toBe(2);
    pass(world, 5_000);
    expect(service(world).taskDefinition).not.toBe(before);
    pass(world, 10 * MINUTE);
    expect(statuses(world)).toEqual(['SUCCESSFUL', 'SUCCESSFUL']);
  });

  it('show no half of a change: the counts are those of the tasks', () => {
    const world = steadyWorld({ readLagMs: 5_000, desiredCount: 2, seed: 3 });
    release(world);
    for (let second = 0; second < 180; second++) {
      pass(world, 1_000);
      const { deployments = [], runningCount, currentServiceRevisions = [] } = service(world);
      const sum = deployments.reduce((total, { runningCount: own = 0 }) => total + own, 0);
      expect(sum).toBe(runningCount);
      expect(currentServiceRevisions).toHaveLength(deployments.length);
    }
    expect(tasks(world)).toHaveLength(2);
  });

  it('do not see a service that was created a moment ago', () => {
    const world = worldWithService({ readLagMs: 5_000 });
    const { failures } = ecs.DescribeServices(world, { cluster: 'main', services: ['web'] });
    expect(failures).toMatchObject([{ reason: 'MISSING' }]);
  });
});
