/** What `reconcile` may do: look at everything that it is configured for, change only what acts. */
import { parametersPath } from '../../shared/aws/published.ts';
import { BUDGET_PARTITION, STOP_PARTITION } from '../../shared/aws/table/table.ts';
import type { Pipeline, Target } from '../../shared/config/config.ts';
import type { TaskRights } from '../../shared/core/model/rules.ts';
import { commandQueuesOf, queueName } from '../../shared/runtime/routing.ts';
import { arnIn, busName, shiftsTraffic, tableName } from '../names.ts';
import { builtTargets, gateReads } from './gates.ts';
import type { Permission, RightsSettings } from './permission.ts';
import { type Scope, unique } from './scope.ts';
import { onKeys, SOURCE_KEYS, TARGET_KEYS } from './table-keys.ts';

/** They know no resources. (Service authorization reference, Elastic Load Balancing V2) */
export const BALANCER_READS = [
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTargetHealth',
  // A Network Load Balancer has no rules: its listener has the groups.
  'elasticloadbalancing:DescribeListeners',
];

export function reconcileReads(scope: Scope, targets: readonly Target[]): readonly Permission[] {
  const clusters = scope.clusters(targets);
  const repositories = scope.repositories(targets);
  return [
    {
      function: 'reconcile',
      actions: [
        'ecs:DescribeServices',
        'ecs:ListServiceDeployments',
        'ecs:DescribeServiceDeployments',
        'ecs:DescribeServiceRevisions',
      ],
      on: `the configured services${scope.note}, their deployments and revisions`,
      resources: [
        ...scope.services(targets, 'service'),
        ...scope.services(targets, 'service-deployment'),
        ...scope.services(targets, 'service-revision'),
      ],
      why: 'looks at what is',
    },
    {
      function: 'reconcile',
      actions: ['ecs:DescribeTasks'],
      on: 'tasks in the clusters of the targets',
      resources: clusters.map((arn) => arn.replace(':cluster/', ':task/').concat('/*')),
      why: 'says why tasks stopped',
    },
    {
      function: 'reconcile',
      actions: ['ecs:ListTasks'],
      on: 'the clusters of the targets',
      // Its resource type is the container instance, which a task on Fargate has not.
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': clusters } },
      why: 'finds the tasks that stopped',
    },
    {
      function: 'reconcile',
      actions: ['ecs:DescribeTaskDefinition'],
      on: 'all task definitions: it cannot be scoped',
      resources: ['*'],
      why: 'copies the running revision',
    },
    {
      function: 'reconcile',
      actions: ['ecs:ListTaskDefinitions'],
      on: 'all task definitions: it cannot be scoped',
      resources: ['*'],
      why: 'finds the revision that it registered',
    },
    {
      function: 'reconcile',
      actions: ['ecr:DescribeImages'],
      on: `the configured repositories${scope.repositoryNote}`,
      resources: repositories,
      why: 'knows when an image was pushed, and whether it is still there',
    },
    ...gateReads(scope, targets),
    ...(targets.some(shiftsTraffic)
      ? [
          {
            function: 'reconcile' as const,
            actions: BALANCER_READS,
            on: 'all load balancers: it cannot be scoped',
            resources: ['*'],
            why: 'compares where the traffic is with what ECS says',
          },
        ]
      : []),
    ...(targets.some(({ rules }) => rules.judge !== undefined)
      ? [
          {
            function: 'reconcile' as const,
            actions: ['cloudwatch:GetMetricData'],
            on: 'all metrics: it cannot be scoped',
            resources: ['*'],
            why: 'counts what both revisions answered, for the judge',
          },
        ]
      : []),
    ...(targets.some(({ rules }) => rules.alarms.length > 0)
      ? [
          {
            function: 'reconcile' as const,
            actions: [
              'cloudwatch:DescribeAlarms',
              'cloudwatch:DescribeAlarmHistory',
              'cloudwatch:ListAlarmMuteRules',
            ],
            on: 'all alarms: a narrower scope hides composite alarms (API_DescribeAlarms)',
            resources: ['*'],
            why: 'asks whether an alarm rose, and whether it was muted',
          },
        ]
      : []),
  ];
}

/** What `reconcileWrites` allows, for `reconcile` itself: so it sees beforehand what IAM would refuse. */
export function taskRightsOf(
  targets: readonly Target[],
  { taskDefinitions }: Pick<RightsSettings, 'taskDefinitions'>,
): TaskRights {
  const acting = targets.filter(({ rules }) => rules.mode === 'act');
  const rights = acting.flatMap(({ id }) => taskDefinitions[id] ?? []);
  return {
    families: unique(rights.map(({ family }) => family)),
    roles: unique(rights.flatMap(({ roles }) => roles)),
  };
}

/** Roles that ECS takes on for us. */
function handsOver(
  scope: Scope,
  acting: readonly Target[],
  roles: readonly string[],
): readonly Permission[] {
  return [
    ...(roles.length === 0
      ? []
      : [
          {
            function: 'reconcile' as const,
            actions: ['iam:PassRole'],
            on: 'the roles that infra.taskDefinitions names, only to ecs-tasks.amazonaws.com',
            resources: roles,
            conditions: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com'] } },
            why: 'the new revision has the roles of the old one',
            implied:
              'RegisterTaskDefinition with roles needs it, and UpdateService to a revision that has some',
          },
        ]),
    ...(acting.some(shiftsTraffic)
      ? [
          {
            function: 'reconcile' as const,
            actions: ['iam:PassRole'],
            on: 'the role with which ECS invokes `lifecycle-hook`, only to ecs.amazonaws.com',
            resources: [scope.hookRole()],
            conditions: { StringEquals: { 'iam:PassedToService': ['ecs.amazonaws.com'] } },
            why: 'has ECS ask at each stage of a shift',
            implied: 'UpdateService with a hook needs it (unverified for the role of a hook)',
          },
        ]
      : []),
  ];
}

/** The only rights to change anything in ECS, and only for targets that act. */
export function reconcileWrites(
  scope: Scope,
  targets: readonly Target[],
  { taskDefinitions }: RightsSettings,
): readonly Permission[] {
  const acting = targets.filter(({ rules }) => rules.mode === 'act');
  const watched = targets.filter(({ rules }) => rules.mode === 'watch');
  if (acting.length === 0) return [];
  const { families: names, roles } = taskRightsOf(acting, { taskDefinitions });
  const families = scope.families(names);
  return [
    {
      function: 'reconcile',
      actions: ['ecs:UpdateService'],
      on: `the services of targets that act${scope.note}`,
      resources: scope.services(acting, 'service', watched),
      why: 'starts a rollout, forwards or back',
    },
    {
      function: 'reconcile',
      actions: ['ecs:StopServiceDeployment'],
      on: `the services of targets that act${scope.note}, and their deployments`,
      // It wants both: the service and the deployment.
      resources: [
        ...scope.services(acting, 'service', watched),
        ...scope.services(acting, 'service-deployment', watched),
      ],
      why: 'sends a bad rollout back',
    },
    {
      function: 'reconcile',
      actions: ['ecs:RegisterTaskDefinition'],
      on: `the families that infra.taskDefinitions names${scope.familyNote}`,
      resources: families,
      why: 'registers a revision with the new image',
    },
    ...runsMigrations(scope, acting, taskDefinitions),
    ...neverAsked(scope, acting, taskDefinitions),
    {
      function: 'reconcile',
      actions: ['ecs:TagResource'],
      on: 'the same families, only while registering',
      resources: families,
      conditions: { StringEquals: { 'ecs:CreateAction': ['RegisterTaskDefinition'] } },
      why: 'the new revision carries the tags of the old one and the name of its release',
      implied: 'RegisterTaskDefinition with tags needs it (supported-iam-actions-tagging)',
    },
    ...handsOver(scope, acting, roles),
  ];
}

/** Only where a target has one, of its own families, and where it runs. */
function runsMigrations(
  scope: Scope,
  acting: readonly Target[],
  taskDefinitions: RightsSettings['taskDefinitions'],
): readonly Permission[] {
  const migrating = acting.filter(({ rules }) => rules.migration !== undefined);
  if (migrating.length === 0) return [];
  const { families } = taskRightsOf(migrating, { taskDefinitions });
  const groups = unique(migrating.flatMap(({ rules }) => rules.migration?.logGroup ?? []));
  return [
    {
      function: 'reconcile',
      actions: ['ecs:RunTask'],
      on: `the families of targets with a migration${scope.familyNote}, in their clusters`,
      resources: scope.families(families),
      conditions: { ArnEquals: { 'ecs:cluster': scope.clusters(migrating) } },
      why: 'runs the migration of a release before its rollout',
    },
    ...(groups.length === 0
      ? []
      : [
          {
            function: 'reconcile' as const,
            actions: ['logs:GetLogEvents'],
            on: 'the log groups that a `migration` names',
            resources: scope.logStreams(groups),
            why: 'tells the last lines of a migration that failed',
          },
        ]),
  ];
}

/** Refused even to a `reconcile` that was taken over: Slipway sends none of these. */
function neverAsked(
  scope: Scope,
  acting: readonly Target[],
  taskDefinitions: RightsSettings['taskDefinitions'],
): readonly Permission[] {
  const rights = acting.flatMap(({ id }) => taskDefinitions[id] ?? []);
  const familiesOf = (privileged: boolean) =>
    scope.families(
      rights
        .filter((each) => (each.privileged ?? false) === privileged)
        .map(({ family }) => family),
    );
  // By the first part of a name, a family may stand for one that is allowed.
  const allowed = familiesOf(true);
  const unprivileged =
    allowed.length === 0 ? ['*'] : familiesOf(false).filter((arn) => !allowed.includes(arn));
  return [
    {
      function: 'reconcile',
      effect: 'Deny',
      actions: ['ecs:UpdateService'],
      on: 'any service, to open its tasks to ECS Exec',
      resources: ['*'],
      conditions: { StringEquals: { 'ecs:enable-execute-command': ['true'] } },
      why: 'a rollout opens no shell',
    },
    ...(unprivileged.length === 0
      ? []
      : [
          {
            function: 'reconcile' as const,
            effect: 'Deny' as const,
            actions: ['ecs:RegisterTaskDefinition'],
            on: 'every family with a privileged container, unless infra.taskDefinitions says so',
            resources: unprivileged,
            conditions: { StringEquals: { 'ecs:privileged': ['true'] } },
            why: 'a rollout makes nothing privileged',
          },
        ]),
  ];
}

/** Whether a build of ours made an image is asked whatever the order of images is. */
function sourceReads(pipeline: Pipeline, table: string): readonly Permission[] {
  const targets = Object.values(pipeline.targets);
  const isOrdered = builtTargets(targets).length > 0;
  const isVouched = targets.some(({ rules }) =>
    Object.values(rules.containers).some(({ onlyBuiltFrom }) => onlyBuiltFrom !== undefined),
  );
  if (!isOrdered && !isVouched) return [];
  const reads = onKeys(
    { home: pipeline, table },
    {
      function: 'reconcile',
      actions: ['dynamodb:GetItem', ...(isOrdered ? (['dynamodb:Query'] as const) : [])],
      keys: [SOURCE_KEYS],
      why: isOrdered
        ? 'finds where the commit of an image stands'
        : 'asks whether a build of ours made an image',
    },
  );
  return [reads];
}

export function reconcileKeeps(
  pipeline: Pipeline,
  { table = tableName(pipeline) }: RightsSettings,
): readonly Permission[] {
  const of = { home: pipeline, table };
  const names = [queueName(pipeline, 'urgent'), queueName(pipeline, 'releases')];
  const queues = names.map((name) => arnIn(pipeline, 'sqs', name));
  const read = [...commandQueuesOf(pipeline).map((queue) => queueName(pipeline, queue)), ...names];
  return [
    onKeys(of, {
      function: 'reconcile',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      keys: [TARGET_KEYS],
      why: 'remembers',
    }),
    onKeys(of, {
      function: 'reconcile',
      actions: ['dynamodb:GetItem'],
      keys: [STOP_PARTITION],
      why: 'knows whether somebody holds everything',
    }),
    onKeys(of, {
      function: 'reconcile',
      actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      keys: [BUDGET_PARTITION],
      why: 'books what releases ask of AWS',
    }),
    ...sourceReads(pipeline, table),
    {
      function: 'reconcile',
      actions: ['events:PutEvents'],
      on: `bus ${busName(pipeline)}`,
      resources: [arnIn(pipeline, 'events', `event-bus/${busName(pipeline)}`)],
      why: 'announces',
    },
    {
      function: 'reconcile',
      actions: ['ssm:PutParameter'],
      on: `parameters below ${parametersPath(pipeline)}/ecs`,
      resources: [arnIn(pipeline, 'ssm', `parameter${parametersPath(pipeline)}/ecs/*`)],
      why: 'publishes what runs',
    },
    {
      function: 'reconcile',
      actions: ['sqs:SendMessage'],
      on: `queues ${names.join(' and ')}`,
      resources: queues,
      why: 'puts a message back until there is a share of API calls for it',
    },
    {
      function: 'reconcile',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      on: `queues ${new Intl.ListFormat('en-GB').format(read)}`,
      resources: read.map((name) => arnIn(pipeline, 'sqs', name)),
      why: 'is invoked with messages',
      implied: 'Lambda polls the queues with the role of the function',
    },
  ];
}
