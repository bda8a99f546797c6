/** What each operation of ECS asks of IAM. */
import type {
  RegisterTaskDefinitionCommandInput,
  RunTaskCommandInput,
  UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { ANY, arnOf, type Need, type NeedsOf, need } from '../kernel/authorization.ts';
import type { World } from '../kernel/world.ts';
import { findTaskDefinition, lastPart } from './names.ts';
import type { ecsOperations } from './operations.ts';

/** A cluster that is not named is the one called `default`. */
interface InCluster {
  readonly cluster?: string | undefined;
}

const without = (action: string) => (): readonly Need[] => [need(`ecs:${action}`, ANY)];

function clusterArn(world: World, name = 'default'): string {
  return arnOf(world, 'ecs', `cluster/${lastPart(name)}`);
}

function onService(
  world: World,
  action: string,
  cluster: string | undefined,
  service: string | undefined,
  context: Readonly<Record<string, string | undefined>> = {},
): Need {
  const below = `${lastPart(cluster ?? 'default')}/${lastPart(service ?? '')}`;
  return need(`ecs:${action}`, arnOf(world, 'ecs', `service/${below}`), {
    'ecs:cluster': clusterArn(world, cluster),
    ...context,
  });
}

const onOneService =
  (action: string) =>
  (world: World, { cluster, service }: InCluster & { readonly service?: string }) => [
    onService(world, action, cluster, service),
  ];

/** These actions want the service as well as what hangs below it. */
function onBelowService(world: World, action: string, arn: string): readonly Need[] {
  const [, cluster, service] = /:service-[a-z]+\/([^/]+)\/([^/]+)\//.exec(arn) ?? [];
  const own = onService(world, action, cluster, service);
  return [{ ...own, resource: arn }, own];
}

function onTask(world: World, action: string, cluster: string | undefined, task: string): Need {
  const arn = task.startsWith('arn:')
    ? task
    : arnOf(world, 'ecs', `task/${lastPart(cluster ?? 'default')}/${task}`);
  return need(`ecs:${action}`, arn, { 'ecs:cluster': clusterArn(world, cluster) });
}

const onArn =
  (action: string) =>
  (_world: World, { resourceArn = '' }: { readonly resourceArn?: string }) => [
    need(`ecs:${action}`, resourceArn),
  ];

const onCluster =
  (action: string) =>
  (world: World, input: InCluster & { readonly clusterName?: string }): readonly Need[] => [
    need(`ecs:${action}`, clusterArn(world, input.cluster ?? input.clusterName)),
  ];

export const ecsNeeds: NeedsOf<typeof ecsOperations> = {
  CreateCluster: onCluster('CreateCluster'),
  DescribeClusters: (
    world,
    { clusters = ['default'] }: { readonly clusters?: readonly string[] },
  ) => clusters.map((name) => need('ecs:DescribeClusters', clusterArn(world, name))),
  ListClusters: without('ListClusters'),
  DeleteCluster: onCluster('DeleteCluster'),
  RegisterTaskDefinition: registering,
  DescribeTaskDefinition: without('DescribeTaskDefinition'),
  DeregisterTaskDefinition: without('DeregisterTaskDefinition'),
  ListTaskDefinitions: without('ListTaskDefinitions'),
  ListTaskDefinitionFamilies: without('ListTaskDefinitionFamilies'),
  CreateService: (world, input: UpdateServiceCommandInput & { readonly serviceName?: string }) =>
    updating(world, 'CreateService', { ...input, service: input.serviceName }),
  UpdateService: (world, input: UpdateServiceCommandInput) =>
    updating(world, 'UpdateService', input),
  DeleteService: onOneService('DeleteService'),
  DescribeServices: (world, input: InCluster & { readonly services?: readonly string[] }) =>
    (input.services ?? []).map((name) => onService(world, 'DescribeServices', input.cluster, name)),
  ListServices: (world, { cluster }: InCluster) => [
    need('ecs:ListServices', ANY, { 'ecs:cluster': clusterArn(world, cluster) }),
  ],
  ListServiceDeployments: onOneService('ListServiceDeployments'),
  DescribeServiceDeployments: (
    world,
    input: { readonly serviceDeploymentArns?: readonly string[] },
  ) =>
    (input.serviceDeploymentArns ?? []).flatMap((arn) =>
      onBelowService(world, 'DescribeServiceDeployments', arn),
    ),
  DescribeServiceRevisions: (world, input: { readonly serviceRevisionArns?: readonly string[] }) =>
    (input.serviceRevisionArns ?? []).flatMap((arn) =>
      onBelowService(world, 'DescribeServiceRevisions', arn),
    ),
  StopServiceDeployment: (world, input: { readonly serviceDeploymentArn?: string }) =>
    onBelowService(world, 'StopServiceDeployment', input.serviceDeploymentArn ?? ''),
  ContinueServiceDeployment: (world, input: { readonly serviceDeploymentArn?: string }) =>
    onBelowService(world, 'ContinueServiceDeployment', input.serviceDeploymentArn ?? ''),
  // Of the instances nobody is asked by name.
  ListTasks: (world, { cluster }: InCluster) => {
    const instance = `container-instance/${lastPart(cluster ?? 'default')}/any`;
    const context = { 'ecs:cluster': clusterArn(world, cluster) };
    return [need('ecs:ListTasks', arnOf(world, 'ecs', instance), context)];
  },
  DescribeTasks: (world, input: InCluster & { readonly tasks?: readonly string[] }) =>
    (input.tasks ?? []).map((task) => onTask(world, 'DescribeTasks', input.cluster, task)),
  StopTask: (world, { cluster, task = '' }: InCluster & { readonly task?: string }) => [
    onTask(world, 'StopTask', cluster, task),
  ],
  RunTask: running,
  TagResource: onArn('TagResource'),
  UntagResource: onArn('UntagResource'),
  ListTagsForResource: onArn('ListTagsForResource'),
};

/** With tags it needs TagResource (supported-iam-actions-tagging), with roles PassRole for each. */
function registering(world: World, input: RegisterTaskDefinitionCommandInput): readonly Need[] {
  const { family = '', containerDefinitions = [], tags = [] } = input;
  // The number of the revision is not known before.
  const revision = arnOf(world, 'ecs', `task-definition/${family}:*`);
  const privileged = containerDefinitions.some((container) => container.privileged === true);
  return [
    need('ecs:RegisterTaskDefinition', revision, { 'ecs:privileged': String(privileged) }),
    ...(tags.length === 0
      ? []
      : [need('ecs:TagResource', revision, { 'ecs:CreateAction': 'RegisterTaskDefinition' })]),
    ...passing(world, input),
  ];
}

/** On the task definition, and with its roles; a role of the overrides is passed in their place. */
function running(world: World, input: RunTaskCommandInput): readonly Need[] {
  const named = findTaskDefinition(world, input.taskDefinition);
  const definition =
    named === undefined
      ? arnOf(world, 'ecs', `task-definition/${lastPart(input.taskDefinition ?? '')}`)
      : arnOf(world, 'ecs', `task-definition/${named.family}:${named.revision}`);
  const context = { 'ecs:cluster': clusterArn(world, input.cluster) };
  const { taskRoleArn, executionRoleArn } = { ...named?.registered, ...input.overrides };
  return [
    need('ecs:RunTask', definition, context),
    ...passing(world, { taskRoleArn, executionRoleArn }),
  ];
}

function passing(
  world: World,
  {
    taskRoleArn,
    executionRoleArn,
  }: Pick<RegisterTaskDefinitionCommandInput, 'taskRoleArn' | 'executionRoleArn'>,
): readonly Need[] {
  const roles = [taskRoleArn, executionRoleArn].flatMap((role) => role ?? []);
  return roles.map((role) =>
    need('iam:PassRole', roleArn(world, role), {
      'iam:PassedToService': 'ecs-tasks.amazonaws.com',
    }),
  );
}

/**
 * The role that moves listeners (docs, AmazonECSInfrastructureRolePolicyForLoadBalancers), and those that
 * invoke hooks (inferred).
 */
function passingToEcs(world: World, input: UpdateServiceCommandInput): readonly Need[] {
  const roles = [
    ...(input.loadBalancers ?? []).flatMap(
      ({ advancedConfiguration }) => advancedConfiguration?.roleArn ?? [],
    ),
    ...(input.deploymentConfiguration?.lifecycleHooks ?? []).flatMap(
      ({ roleArn }) => roleArn ?? [],
    ),
  ];
  return [...new Set(roles)].map((role) =>
    need('iam:PassRole', roleArn(world, role), { 'iam:PassedToService': 'ecs.amazonaws.com' }),
  );
}

function roleArn({ account }: World, role: string): string {
  return role.startsWith('arn:') ? role : `arn:aws:iam::${account}:role/${role}`;
}

/**
 * A key is there when the request has what it is about (unverified for a request that leaves it). Who names
 * a task definition passes its roles; a request without one was seen to need no PassRole (keidarcy/e1s#429).
 */
function updating(world: World, action: string, input: UpdateServiceCommandInput): readonly Need[] {
  const { taskDefinition } = input;
  const named =
    taskDefinition === undefined ? undefined : findTaskDefinition(world, taskDefinition);
  return [
    onUpdated(world, action, input),
    ...(named === undefined ? [] : passing(world, named.registered)),
    ...passingToEcs(world, input),
  ];
}

function onUpdated(world: World, action: string, input: UpdateServiceCommandInput): Need {
  const { cluster, service, taskDefinition, enableExecuteCommand, networkConfiguration } = input;
  const { assignPublicIp } = networkConfiguration?.awsvpcConfiguration ?? {};
  return onService(world, action, cluster, service, {
    'ecs:task-definition':
      taskDefinition === undefined || taskDefinition.startsWith('arn:')
        ? taskDefinition
        : arnOf(world, 'ecs', `task-definition/${taskDefinition}`),
    'ecs:enable-execute-command':
      enableExecuteCommand === undefined ? undefined : String(enableExecuteCommand),
    'ecs:auto-assign-public-ip':
      assignPublicIp === undefined ? undefined : String(assignPublicIp === 'ENABLED'),
  });
}
