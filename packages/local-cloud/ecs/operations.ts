/** What a client can ask of the local ECS, by operation name. */

import type { World } from '../kernel/world.ts';
import { CreateCluster, DeleteCluster, DescribeClusters, ListClusters } from './clusters.ts';
import {
  DescribeServiceDeployments,
  ListServiceDeployments,
  StopServiceDeployment,
} from './service/deployments.ts';
import { CreateService, DeleteService, UpdateService } from './service/operations.ts';
import { DescribeServiceRevisions } from './service/revisions.ts';
import { DescribeServices, ListServices } from './service/views.ts';
import { ContinueServiceDeployment } from './shift/answers.ts';
import { ListTagsForResource, TagResource, UntagResource } from './tags.ts';
import { RunTask } from './task/run.ts';
import { DescribeTasks, ListTasks, StopTask } from './task/views.ts';
import {
  DeregisterTaskDefinition,
  DescribeTaskDefinition,
  ListTaskDefinitionFamilies,
  ListTaskDefinitions,
  RegisterTaskDefinition,
} from './task-definition/operations.ts';

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
  ContinueServiceDeployment,
  ListTasks,
  DescribeTasks,
  StopTask,
  RunTask,
  TagResource,
  UntagResource,
  ListTagsForResource,
} satisfies Record<string, (world: World, input: never) => unknown>;
