/** DescribeServiceRevisions, as 34 captured calls show it (one account, September 2026). */
import { describe, expect, it } from 'vitest';
import { ecsOperations as ecs } from '../../ecs/operations.ts';
import type { World } from '../../kernel/world.ts';
import {
  BALANCED,
  MINUTE,
  pass,
  refusal,
  register,
  release,
  service,
  steadyWorld,
  tasks,
  update,
} from './ecs-world.ts';

const OWN = 'arn:aws:ecs:eu-west-1:123456789012:service-revision/main/web';
const NUMBER = '1234567890123456789';

function describeRevisions(world: World, ...serviceRevisionArns: string[]) {
  return ecs.DescribeServiceRevisions(world, { serviceRevisionArns });
}

function currentArn(world: World): string {
  return service(world).currentServiceRevisions?.[0]?.arn ?? '';
}

function remake(world: World): void {
  ecs.DeleteService(world, { cluster: 'main', service: 'web', force: true });
  pass(world, 5 * MINUTE);
}

describe('a service revision', () => {
  it.each([
    ['of another region', OWN.replace('eu-west-1', 'us-east-1')],
    ['of another account', OWN.replace('123456789012', '210987654321')],
    ['of another kind', OWN.replace('service-revision', 'service-deployment')],
  ])('%s is an invalid ARN, though its number is there', (_, foreign) => {
    const world = steadyWorld();
    const number = currentArn(world).split('/').at(-1);
    expect(refusal(() => describeRevisions(world, `${foreign}/${number}`))).toBe(
      'InvalidParameterException: The ServiceRevision ARN is invalid.',
    );
  });

  it.each([
    ['no ARN', 'web'],
    ['a number that is none', `${OWN}/one`],
    ['no number', OWN],
    ['a part too many', `${OWN}/${NUMBER}/1`],
  ])('of %s is refused', (_, text) => {
    const world = steadyWorld();
    expect(refusal(() => describeRevisions(world, text))).toMatch(/^InvalidParameterException/);
  });

  it('of an absent service is not found by its number alone', () => {
    const world = steadyWorld();
    const arn = currentArn(world).replace('/web/', '/absent/');
    expect(refusal(() => describeRevisions(world, arn))).toBe(
      'ServiceNotFoundException: Service not found.',
    );
  });

  it('of an inactive cluster is refused, however often it is named', () => {
    const world = steadyWorld();
    const arn = currentArn(world);
    remake(world);
    ecs.DeleteCluster(world, { cluster: 'main' });
    expect(refusal(() => describeRevisions(world, arn, arn))).toBe(
      'ClusterNotFoundException: The referenced cluster was inactive.',
    );
  });

  it('of an INACTIVE service is refused, and of a DRAINING one answered', () => {
    const world = steadyWorld();
    const arn = currentArn(world);
    ecs.DeleteService(world, { cluster: 'main', service: 'web', force: true });
    expect(describeRevisions(world, arn).serviceRevisions).toHaveLength(1);
    pass(world, 5 * MINUTE);
    expect(refusal(() => describeRevisions(world, arn))).toBe(
      'InvalidParameterException: Cannot call DescribeServiceRevisions for a service that is INACTIVE',
    );
  });

  it('of an earlier service of that name is MISSING', () => {
    const world = steadyWorld();
    const arn = currentArn(world);
    remake(world);
    ecs.CreateService(world, {
      cluster: 'main',
      serviceName: 'web',
      taskDefinition: register(world),
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
    });
    expect(describeRevisions(world, arn, currentArn(world))).toMatchObject({
      serviceRevisions: [{ serviceRevisionArn: currentArn(world) }],
      failures: [{ arn, reason: 'MISSING' }],
    });
  });

  it('may not be asked for twice if it is there, and may if it is missing', () => {
    const world = steadyWorld();
    const arn = currentArn(world);
    const missing = `${OWN}/${NUMBER}`;
    expect(refusal(() => describeRevisions(world, arn, arn))).toBe(
      'ServerException: Service Unavailable. Please try again later.',
    );
    expect(describeRevisions(world, missing, missing)).toEqual({
      serviceRevisions: [],
      failures: [
        { arn: missing, reason: 'MISSING' },
        { arn: missing, reason: 'MISSING' },
      ],
    });
  });

  it('is asked for with others of its service only, and never none', () => {
    const world = steadyWorld();
    const [own, other] = [`${OWN}/${NUMBER}`, `${OWN}2/${NUMBER}`];
    expect(refusal(() => describeRevisions(world, own, other))).toBe(
      'InvalidParameterException: Cross service requests are not allowed. All requested service revisions must be for a single service',
    );
    expect(refusal(() => describeRevisions(world))).toBe(
      'InvalidParameterException: The Service ARN provided is invalid.',
    );
  });

  it('has no empty lists, and load balancers where there are any', () => {
    const bare = steadyWorld();
    const [revision] = describeRevisions(bare, currentArn(bare)).serviceRevisions;
    expect(revision).not.toHaveProperty('loadBalancers');
    expect(revision).not.toHaveProperty('serviceRegistries');
    const balanced = steadyWorld({ loadBalancers: BALANCED });
    expect(describeRevisions(balanced, currentArn(balanced)).serviceRevisions).toMatchObject([
      { loadBalancers: BALANCED },
    ]);
  });

  it('of no tasks has images later, and digests once a task was launched', () => {
    const world = steadyWorld({ desiredCount: 0 });
    release(world);
    const arn = currentArn(world);
    const images = () => describeRevisions(world, arn).serviceRevisions[0]?.containerImages;
    expect(images()).toBeUndefined();
    pass(world, MINUTE);
    expect(images()).toEqual([{ containerName: 'app', image: expect.any(String) }]);
    update(world, { desiredCount: 1 });
    pass(world, 2 * MINUTE);
    expect(images()).toMatchObject([{ imageDigest: expect.stringMatching(/^sha256:/) }]);
  });
});

describe('scaled out from 0 while a deployment without room stands', () => {
  it('a task starts on the old deployment, is stopped, and PRIMARY’s comes after it', () => {
    const world = steadyWorld({
      desiredCount: 0,
      deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
    });
    update(world, { forceNewDeployment: true });
    const [primary, old] = service(world).deployments ?? [];
    pass(world, 2_000);
    update(world, { desiredCount: 1 });
    pass(world, 6_000);
    expect(service(world).deployments).toMatchObject([
      { id: primary?.id, desiredCount: 0 },
      { id: old?.id, desiredCount: 1, pendingCount: 1 },
    ]);
    pass(world, 13_000);
    expect(service(world).events?.[0]?.message).toContain('stopped 1 pending tasks.');
    expect(service(world).deployments?.[0]).toMatchObject({ desiredCount: 0, pendingCount: 0 });
    pass(world, 2 * MINUTE);
    expect(service(world).deployments).toMatchObject([{ id: primary?.id, runningCount: 1 }]);
    expect(tasks(world).map(({ startedBy }) => startedBy)).toEqual([primary?.id]);
  });
});
