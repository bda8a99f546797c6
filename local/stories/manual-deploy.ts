/** What a person, or a pipeline without Slipway, does to a service: register a copy, update. */
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { execute } from '@slipway/local-cloud/services.ts';
import { roleArn } from '../../infra/names.ts';
import type { Target } from '../../shared/config/config.ts';

type Service = Pick<Target, 'cluster' | 'service'>;

/** What a copy has that what runs has not. */
interface Changes {
  /** The name of another execution role. */
  readonly role?: string | undefined;
  /** Another pipeline registers it, and tags it with its release. */
  readonly release?: string | undefined;
}

/** Registers a copy of what the service runs, with these image references, and deploys it. */
export function deployManually(
  world: World,
  { cluster, service }: Service,
  images: Readonly<Record<string, string>>,
  changes: Changes = {},
): void {
  const running = world.ecs.services[`${cluster}/${service}`]?.taskDefinition;
  const taskDefinition = copyOf(world, running, images, changes);
  updateManually(world, { cluster, service }, { taskDefinition });
}

/** Registers a copy of this task definition with other image references; its ARN. */
function copyOf(
  world: World,
  original: string | undefined,
  images: Readonly<Record<string, string>>,
  { role, release }: Changes = {},
): string | undefined {
  const { taskDefinition } = execute(world, 'ecs', 'DescribeTaskDefinition', {
    taskDefinition: original,
  }) as { taskDefinition: TaskDefinition };
  const { family, networkMode, cpu, memory, requiresCompatibilities, executionRoleArn } =
    taskDefinition;
  const copy = execute(world, 'ecs', 'RegisterTaskDefinition', {
    family,
    networkMode,
    cpu,
    memory,
    requiresCompatibilities,
    executionRoleArn: role === undefined ? executionRoleArn : roleArn(world, role),
    containerDefinitions: (taskDefinition.containerDefinitions ?? []).map((container) => ({
      ...container,
      image: images[container.name ?? ''] ?? container.image,
    })),
    ...(release !== undefined && { tags: [{ key: 'slipway:release', value: release }] }),
  }) as { taskDefinition: TaskDefinition };
  return copy.taskDefinition.taskDefinitionArn;
}

/**
 * Creates a deleted service as it was created before, with a copy of its first revision that has
 * these image references; without any, with that revision. Its cluster, too, if it is gone.
 */
export function createManually(
  world: World,
  { cluster, service }: Service,
  images: Readonly<Record<string, string>>,
): void {
  execute(world, 'ecs', 'CreateCluster', { clusterName: cluster });
  const created = world.ecs.services[`${cluster}/${service}`]?.created ?? '[]';
  const first = `${service}:1`;
  const taskDefinition = Object.keys(images).length === 0 ? first : copyOf(world, first, images);
  execute(world, 'ecs', 'CreateService', {
    ...Object.fromEntries(JSON.parse(created) as [string, unknown][]),
    taskDefinition,
  });
}

/** UpdateService as a person calls it: with nothing but what is to change. */
export function updateManually(
  world: World,
  { cluster, service }: Service,
  change: {
    readonly taskDefinition?: string | undefined;
    readonly desiredCount?: number;
    readonly forceNewDeployment?: boolean;
  },
): void {
  execute(world, 'ecs', 'UpdateService', { cluster, service, ...change });
}

/** Deregisters these revisions of the service's family. */
export function deregisterManually(
  world: World,
  { service }: Service,
  revisions: readonly number[] | 'all',
): void {
  const all = (world.ecs.families[service] ?? [])
    .filter(({ status }) => status === 'ACTIVE')
    .map(({ revision }) => revision);
  for (const revision of revisions === 'all' ? all : revisions) {
    execute(world, 'ecs', 'DeregisterTaskDefinition', { taskDefinition: `${service}:${revision}` });
  }
}
