/** What a client can ask of the local ECS, by operation name. */
import { CreateCluster, DeleteCluster, DescribeClusters, ListClusters } from './ecs-clusters.ts';
import {
  DescribeServiceDeployments,
  DescribeServiceRevisions,
  ListServiceDeployments,
  StopServiceDeployment,
} from './ecs-service-deployments.ts';
import { DescribeServices, ListServices } from './ecs-service-views.ts';
import { CreateService, DeleteService, UpdateService } from './ecs-services.ts';
import { ListTagsForResource, TagResource, UntagResource } from './ecs-tags.ts';
import {
  DeregisterTaskDefinition,
  DescribeTaskDefinition,
  ListTaskDefinitionFamilies,
  ListTaskDefinitions,
  RegisterTaskDefinition,
} from './ecs-task-definitions.ts';
import { DescribeTasks, ListTasks, StopTask } from './ecs-task-views.ts';
import type { World } from './world.ts';

export const ecsOperations = {
  CreateCluster,
  DescribeClusters,
  ListClusters,
  DeleteCluster,
  RegisterTaskDefinition,
  DescribeTaskDefinition,
  DeregisterTaskDefinition,
  ListTaskDefinitions,
  ListTaskDefinitionFamilies,
  CreateService,
  UpdateService,
  DeleteService,
  DescribeServices,
  ListServices,
  ListServiceDeployments,
  DescribeServiceDeployments,
  DescribeServiceRevisions,
  StopServiceDeployment,
  ListTasks,
  DescribeTasks,
  StopTask,
  TagResource,
  UntagResource,
  ListTagsForResource,
} satisfies Record<string, (world: World, input: never) => unknown>;
