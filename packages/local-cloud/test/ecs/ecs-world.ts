/** A world with one cluster, one repository and a service on Fargate; tests change one thing. */
import type { DeploymentConfiguration, LoadBalancer } from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../ecr/behaviour.ts';
import { pushImage } from '../../ecr/images.ts';
import { ecsOperations as ecs } from '../../ecs/operations.ts';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld } from '../../services.ts';

export const MINUTE = 60_000;
const START = Date.parse('2026-11-21T10:00:00Z');

export const BALANCED: LoadBalancer[] = [
  {
    targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/73e2',
    containerName: 'app',
    containerPort: 8080,
  },
];

export const GUARDED: DeploymentConfiguration = {
  deploymentCircuitBreaker: { enable: true, rollback: true },
};

export interface Setting {
  readonly seed?: number;
  readonly readLagMs?: number;
  readonly desiredCount?: number;
  readonly behaviour?: Behaviour;
  readonly loadBalancers?: LoadBalancer[];
  readonly deploymentConfiguration?: DeploymentConfiguration;
}

/** The service `web` was just created with an image that behaves so. */
export function worldWithService(setting: Setting = {}): World {
  const world = emptyWorld({
    now: START,
    seed: setting.seed ?? 7,
    account: '123456789012',
    region: 'eu-west-1',
    readLagMs: setting.readLagMs ?? 0,
  });
  ecs.CreateCluster(world, { clusterName: 'main' });
  ecs.CreateService(world, {
    cluster: 'main',
    serviceName: 'web',
    taskDefinition: register(world, setting.behaviour),
    desiredCount: setting.desiredCount ?? 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'] } },
    loadBalancers: setting.loadBalancers ?? [],
    deploymentConfiguration: setting.deploymentConfiguration ?? {},
  });
  return world;
}

/** The same, some minutes later: complete and steady if its image behaves. */
export function steadyWorld(setting: Setting = {}): World {
  const world = worldWithService(setting);
  pass(world, 5 * MINUTE);
  return world;
}

/** Pushes an image that behaves so and registers it; answers the task definition's ARN. */
export function register(world: World, behaviour: Behaviour = {}): string {
  const digest = pushImage(world, { repository: 'web', tag: `v${world.sequence}`, behaviour });
  return registerImage(world, `web@${digest}`);
}

export function registerImage(world: World, image: string): string {
  const { taskDefinition } = ecs.RegisterTaskDefinition(world, {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole',
    containerDefinitions: [
      {
        name: 'app',
        image: `${world.account}.dkr.ecr.${world.region}.amazonaws.com/${image}`,
        portMappings: [{ containerPort: 8080 }],
      },
    ],
  });
  return taskDefinition.taskDefinitionArn ?? '';
}

/** Starts a deployment of a new image that behaves so. */
export function release(world: World, behaviour: Behaviour = {}): void {
  update(world, { taskDefinition: register(world, behaviour) });
}

export function update(
  world: World,
  input: Omit<Parameters<typeof ecs.UpdateService>[1], 'cluster' | 'service'>,
) {
  return ecs.UpdateService(world, { cluster: 'main', service: 'web', ...input }).service;
}

export function pass(world: World, ms: number): void {
  advance(world, world.now + ms);
}

/** Passes time in steps of a second until it holds; fails the test after an hour. */
export function passUntil(world: World, holds: () => boolean, mostMs = 60 * MINUTE): void {
  for (const end = world.now + mostMs; !holds(); pass(world, 1_000)) {
    if (world.now > end) throw new Error(`nothing came of it by ${new Date(world.now).toJSON()}`);
  }
}

export function service(world: World) {
  const { services } = ecs.DescribeServices(world, { cluster: 'main', services: ['web'] });
  const [found] = services;
  if (found === undefined) throw new Error('the service is not there');
  return found;
}

/** The service's deployments as short texts, PRIMARY first. */
export function deployments(world: World): string[] {
  return (service(world).deployments ?? []).map(
    ({ status, rolloutState }) => `${status} ${rolloutState}`,
  );
}

/** The service deployments, newest first. */
export function serviceDeployments(world: World) {
  const { serviceDeployments: found } = ecs.ListServiceDeployments(world, {
    cluster: 'main',
    service: 'web',
  });
  return ecs.DescribeServiceDeployments(world, {
    serviceDeploymentArns: found.map(({ serviceDeploymentArn: arn }) => arn ?? ''),
  }).serviceDeployments;
}

export function statuses(world: World): (string | undefined)[] {
  return serviceDeployments(world).map(({ status }) => status);
}

/** The lines of the service's events, newest first, numbers and ids as `#`. */
export function lines(world: World): string[] {
  return (service(world).events ?? []).map(({ message = '' }) =>
    message.replace(/[0-9a-f]{32}|\d{19}/g, '#'),
  );
}

/** All events of that detail-type so far, oldest first. */
export function busEvents(world: World, detailType: string) {
  return (world.eventbridge.buses.default ?? []).filter(
    (event) => event['detail-type'] === detailType,
  );
}

export function tasks(world: World, desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING') {
  const { taskArns } = ecs.ListTasks(world, { cluster: 'main', serviceName: 'web', desiredStatus });
  if (taskArns.length === 0) return [];
  return ecs.DescribeTasks(world, { cluster: 'main', tasks: taskArns }).tasks;
}

/** "Code: message" of what the call throws. */
export function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'not refused';
}
