/** Task definitions of the local ECS: registered, listed, described, deregistered. */
import type {
  ContainerDefinition,
  DeregisterTaskDefinitionCommandInput,
  DescribeTaskDefinitionCommandInput,
  ListTaskDefinitionFamiliesCommandInput,
  ListTaskDefinitionsCommandInput,
  RegisterTaskDefinitionCommandInput,
  Tag,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import { findTaskDefinition, paginate, taskDefinitionArn } from '../names.ts';
import type { TaskDefinitionRecord } from '../state.ts';
import { normalizedSize, refuseBadTaskDefinition } from './checks.ts';

/** Each call makes a revision: there is no idempotency token (docs, ECS_Idempotency). */
export function RegisterTaskDefinition(world: World, input: RegisterTaskDefinitionCommandInput) {
  const { tags, family, containerDefinitions, ...rest } = input;
  refuseBadTaskDefinition(input);
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
      ...normalizedSize(input),
      containerDefinitions: (containerDefinitions ?? []).map(withDefaults),
    }),
    tags: structuredClone(tags ?? []),
  };
  revisions.push(record);
  return {
    taskDefinition: viewTaskDefinition(world, record),
    // None without tags (observed).
    ...(record.tags.length > 0 && { tags: [...record.tags] }),
  };
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
  // The answer lacks the moment (observed); DescribeTaskDefinition has it.
  const { deregisteredAt: _, ...taskDefinition } = viewTaskDefinition(world, record);
  return { taskDefinition };
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

/** Sorted by name. ACTIVE: those that have an ACTIVE revision (API reference; both, if not asked). */
export function ListTaskDefinitionFamilies(
  world: World,
  input: ListTaskDefinitionFamiliesCommandInput,
) {
  const { familyPrefix = '', status = 'ALL' } = input;
  const families = Object.entries(world.ecs.families)
    .filter(([name]) => name.startsWith(familyPrefix))
    .filter(([, revisions]) => {
      const isActive = revisions.some((record) => record.status === 'ACTIVE');
      return status === 'ALL' || isActive === (status === 'ACTIVE');
    })
    .map(([name]) => name)
    .sort();
  const { page, nextToken } = paginate(families, input, { size: 100, most: 100 });
  return { families: page, ...(nextToken !== undefined && { nextToken }) };
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
    ...whereItRuns(registered),
    registeredAt: new Date(record.registeredAt),
    registeredBy: callerArn(world),
    ...(record.deregisteredAt !== undefined && {
      deregisteredAt: new Date(record.deregisteredAt),
    }),
  };
}

/** Outside awsvpc external instances too, and no attribute is asked for (observed with bridge);
 * awsvpc's attribute is unverified. */
function whereItRuns({
  networkMode,
}: TaskDefinitionRecord['registered']): Pick<
  TaskDefinition,
  'compatibilities' | 'requiresAttributes'
> {
  if (networkMode !== 'awsvpc') return { compatibilities: ['EXTERNAL', 'EC2'] };
  return {
    compatibilities: ['EC2', 'FARGATE'],
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
  };
}

/** Who calls: one user, where nobody says who. */
export function callerArn(world: World): string {
  return world.caller?.arn ?? `arn:aws:iam::${world.account}:user/local`;
}
