/** Task definitions of the local ECS: registered, listed, described, deregistered. */
import type {
  ContainerDefinition,
  DeregisterTaskDefinitionCommandInput,
  DescribeTaskDefinitionCommandInput,
  ListTaskDefinitionsCommandInput,
  RegisterTaskDefinitionCommandInput,
  Tag,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import {
  findTaskDefinition,
  paginate,
  refuseMalformedName,
  taskDefinitionArn,
} from './ecs-names.ts';
import type { TaskDefinitionRecord } from './ecs-state.ts';
import { AwsError, type World } from './world.ts';

/** Each call makes a revision: there is no idempotency token (docs, ECS_Idempotency). */
export function RegisterTaskDefinition(world: World, input: RegisterTaskDefinitionCommandInput) {
  const { tags, family, containerDefinitions, ...rest } = input;
  refuseMalformedName('Family', family);
  refuseBadContainers(input);
  const name = family ?? '';
  const revisions = world.ecs.families[name] ?? [];
  world.ecs.families[name] = revisions;
  const record: TaskDefinitionRecord = {
    family: name,
    revision: revisions.length + 1,
    status: 'ACTIVE',
    registeredAt: world.now,
    // The caller may change his input later; what was registered may not.
    registered: structuredClone({
      ...rest,
      containerDefinitions: (containerDefinitions ?? []).map(withDefaults),
    }),
    tags: structuredClone(tags ?? []),
  };
  revisions.push(record);
  return { taskDefinition: viewTaskDefinition(world, record), tags: [...record.tags] };
}

/** What ECS adds to a container on registration (API reference, ContainerDefinition). */
function withDefaults(container: ContainerDefinition): ContainerDefinition {
  return {
    cpu: 0,
    essential: true,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...container,
    portMappings: (container.portMappings ?? []).map((mapping) => ({
      protocol: 'tcp',
      ...(mapping.containerPort !== undefined && { hostPort: mapping.containerPort }),
      ...mapping,
    })),
  };
}

function refuseBadContainers(input: RegisterTaskDefinitionCommandInput): void {
  const containers = input.containerDefinitions ?? [];
  if (containers.length === 0) {
    throw new AwsError('ClientException', 'Container list cannot be empty.');
  }
  const names = new Set<string>();
  for (const { name, image } of containers) {
    if (!image)
      throw new AwsError('ClientException', 'Container.image should not be null or empty.');
    if (!name) throw new AwsError('ClientException', 'Container.name should not be null or empty.');
    if (names.has(name)) {
      throw new AwsError('ClientException', `Container.name ${name} is not unique.`);
    }
    names.add(name);
  }
  if (containers.every(({ essential }) => essential === false)) {
    throw new AwsError(
      'ClientException',
      'At least one container must be marked as essential in the task definition.',
    );
  }
  if (input.requiresCompatibilities?.includes('FARGATE') !== true) return;
  if (input.networkMode !== 'awsvpc') {
    throw new AwsError('ClientException', 'Fargate only supports network mode ‘awsvpc’.');
  }
  if (input.cpu === undefined || input.memory === undefined) {
    throw new AwsError(
      'ClientException',
      "Fargate requires that 'cpu' and 'memory' be defined at the task level.",
    );
  }
}

export function DescribeTaskDefinition(world: World, input: DescribeTaskDefinitionCommandInput) {
  const record = findTaskDefinition(world, input.taskDefinition);
  if (record === undefined) {
    throw new AwsError('ClientException', 'Unable to describe task definition.');
  }
  const answer: { taskDefinition: TaskDefinition; tags?: Tag[] } = {
    taskDefinition: viewTaskDefinition(world, record),
  };
  // At the top level and only on request (API reference).
  if (input.include?.includes('TAGS')) answer.tags = [...record.tags];
  return answer;
}

export function DeregisterTaskDefinition(
  world: World,
  input: DeregisterTaskDefinitionCommandInput,
) {
  const name = input.taskDefinition ?? '';
  if (!name.slice(name.lastIndexOf('/') + 1).includes(':')) {
    throw new AwsError('InvalidParameterException', 'Task definition must include a revision.');
  }
  const record = findTaskDefinition(world, name);
  if (record === undefined) {
    throw new AwsError('ClientException', 'The specified task definition does not exist.');
  }
  // Running tasks and services keep it; new deployments may not use it (docs,
  // deregister-task-definition-v2; the grace of up to ten minutes is not imitated).
  if (record.status === 'ACTIVE') {
    record.status = 'INACTIVE';
    record.deregisteredAt = world.now;
  }
  return { taskDefinition: viewTaskDefinition(world, record) };
}

export function ListTaskDefinitions(world: World, input: ListTaskDefinitionsCommandInput) {
  const status = input.status ?? 'ACTIVE';
  // `familyPrefix` names a whole family in spite of its name (API reference: "The full family
  // name with which to filter").
  const families =
    input.familyPrefix === undefined
      ? Object.keys(world.ecs.families).sort()
      : [input.familyPrefix];
  const arns = families
    .flatMap((family) => world.ecs.families[family] ?? [])
    .filter((record) => record.status === status)
    .map((record) => taskDefinitionArn(world, record));
  if (input.sort === 'DESC') arns.reverse();
  const { page, nextToken } = paginate(arns, input, { size: 100, most: 100 });
  return { taskDefinitionArns: page, ...(nextToken !== undefined && { nextToken }) };
}

function viewTaskDefinition(world: World, record: TaskDefinitionRecord): TaskDefinition {
  const { registered } = record;
  const copy = structuredClone(registered);
  return {
    ...copy,
    taskDefinitionArn: taskDefinitionArn(world, record),
    family: record.family,
    revision: record.revision,
    status: record.status,
    volumes: copy.volumes ?? [],
    placementConstraints: copy.placementConstraints ?? [],
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
    compatibilities: registered.networkMode === 'awsvpc' ? ['EC2', 'FARGATE'] : ['EC2'],
    registeredAt: new Date(record.registeredAt),
    registeredBy: callerArn(world),
    ...(record.deregisteredAt !== undefined && {
      deregisteredAt: new Date(record.deregisteredAt),
    }),
  };
}

/** Who calls: the local AWS knows one principal. */
export function callerArn(world: World): string {
  return `arn:aws:iam::${world.account}:user/local`;
}
