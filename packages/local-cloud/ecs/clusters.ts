/** Clusters of the local ECS, and the counts that they show. */
import type {
  Cluster as ClusterView,
  CreateClusterCommandInput,
  DeleteClusterCommandInput,
  DescribeClustersCommandInput,
  Failure,
  ListClustersCommandInput,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { clusterArn, clusterNamed, lastPart, paginate, refuseMalformedName } from './names.ts';
import type { Cluster } from './state.ts';

export function CreateCluster(world: World, input: CreateClusterCommandInput) {
  const name = input.clusterName ?? 'default';
  refuseMalformedName('Cluster name', name);
  const known = world.ecs.clusters[name];
  // An existing cluster is answered as it is (API reference, CreateCluster).
  if (known !== undefined && known.status === 'ACTIVE') return { cluster: view(world, known) };
  const cluster: Cluster = {
    name,
    status: 'ACTIVE',
    tags: [...(input.tags ?? [])],
    ...(input.settings !== undefined && { settings: structuredClone(input.settings) }),
    services: known?.services ?? [],
  };
  world.ecs.clusters[name] = cluster;
  return { cluster: view(world, cluster) };
}

export function DescribeClusters(world: World, input: DescribeClustersCommandInput) {
  const clusters: ClusterView[] = [];
  const failures: Failure[] = [];
  for (const name of input.clusters ?? ['default']) {
    const cluster = world.ecs.clusters[lastPart(name)];
    if (cluster === undefined) {
      failures.push({ arn: clusterArn(world, lastPart(name)), reason: 'MISSING' });
    } else {
      const { tags = [], settings = [], ...rest } = view(world, cluster);
      clusters.push({
        ...rest,
        tags: input.include?.includes('TAGS') ? tags : [],
        settings: input.include?.includes('SETTINGS') ? settings : [],
      });
    }
  }
  return { clusters, failures };
}

export function ListClusters(world: World, input: ListClustersCommandInput) {
  const arns = Object.values(world.ecs.clusters)
    .filter(({ status }) => status === 'ACTIVE')
    .map(({ name }) => clusterArn(world, name));
  const { page, nextToken } = paginate(arns, input, { size: 100, most: 100 });
  return { clusterArns: page, ...(nextToken !== undefined && { nextToken }) };
}

export function DeleteCluster(world: World, input: DeleteClusterCommandInput) {
  const cluster = clusterNamed(world, input.cluster);
  const services = servicesOf(world, cluster);
  if (services.some(({ status }) => status === 'ACTIVE')) {
    throw new AwsError(
      'ClusterContainsServicesException',
      'The Cluster cannot be deleted while Services are active.',
    );
  }
  if (services.some(({ deployments }) => deployments.some(({ tasks }) => tasks.length > 0))) {
    throw new AwsError(
      'ClusterContainsTasksException',
      'The Cluster cannot be deleted while Tasks are active.',
    );
  }
  cluster.status = 'INACTIVE';
  return { cluster: view(world, cluster) };
}

function servicesOf(world: World, cluster: Cluster) {
  return cluster.services.flatMap((key) => world.ecs.services[key] ?? []);
}

/** A task leaves the counts once it is wanted STOPPED, though it still runs (observed). */
function view(world: World, cluster: Cluster): ClusterView {
  const services = servicesOf(world, cluster);
  const deployments = services.flatMap((service) => service.deployments);
  return {
    clusterArn: clusterArn(world, cluster.name),
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: deployments.reduce((sum, { runningCount }) => sum + runningCount, 0),
    pendingTasksCount: deployments.reduce((sum, { pendingCount }) => sum + pendingCount, 0),
    activeServicesCount: services.filter(({ status }) => status === 'ACTIVE').length,
    statistics: [],
    tags: [...cluster.tags],
    // The default as CreateCluster and DeleteCluster answer it (observed).
    settings: cluster.settings ?? [{ name: 'containerInsights', value: 'disabled' }],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  };
}
