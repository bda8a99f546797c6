/**
 * Who may do what: the policies in the template and the table in infra/README.md both come from
 * here, and test/infra/policies.test.ts holds every entry against the calls that the functions made
 * in all local scenarios. What an action can be scoped to: Service Authorization Reference.
 */

import { DUE_INDEX } from '../shared/aws/table.ts';
import type { Pipeline, Target } from '../shared/config.ts';
import { clusterArn, serviceArn } from '../shared/edge/names.ts';
import { queueNames } from '../shared/routing.ts';
import {
  arnIn,
  BUS,
  FUNCTION_NAMES,
  type FunctionName,
  logGroupName,
  TABLE,
  UNHEARD_QUEUE,
} from './names.ts';
import type { CheckedSettings } from './settings-check.ts';

export interface Permission {
  readonly function: FunctionName;
  readonly actions: readonly string[];
  /** On what, in words. */
  readonly on: string;
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
  /** What for, in words. */
  readonly why: string;
  /** Set where no call of ours stands behind it: who needs it instead. */
  readonly implied?: string;
  /** Set where a call of ours stands behind it that no scenario makes: when it is made. */
  readonly seldom?: string;
}

/** Operator, key, accepted values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * `services`: each named, or all of a cluster where a policy would not have room for the names.
 * A target in watch mode is in no permission that changes anything, in either.
 */
export function permissionsOf(
  pipeline: Pipeline,
  settings: CheckedSettings,
  services: 'named' | 'by cluster' = 'named',
): readonly Permission[] {
  const targets = Object.values(pipeline.targets);
  const scope = new Scope(pipeline, services);
  return [
    ...routing(pipeline),
    ...settleReads(scope, targets),
    ...settleWrites(scope, targets, settings),
    ...settleKeeps(pipeline),
    ...tick(pipeline, scope, targets),
    ...FUNCTION_NAMES.flatMap((name) => everyFunction(pipeline, name)),
  ];
}

function routing(pipeline: Pipeline): readonly Permission[] {
  const send = (name: FunctionName, queue: keyof typeof queueNames): Permission => ({
    function: name,
    actions: ['sqs:SendMessage'],
    on: `queue ${queueNames[queue]}`,
    resources: [arnIn(pipeline, 'sqs', queueNames[queue])],
    why: 'passes on what concerns a target',
  });
  return [
    send('image-pushed', 'releases'),
    send('rollout-changed', 'releases'),
    send('alarm-changed', 'urgent'),
  ];
}

function settleReads(scope: Scope, targets: readonly Target[]): readonly Permission[] {
  const clusters = scope.clusters(targets);
  const repositories = scope.repositories(targets);
  return [
    {
      function: 'settle',
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
      function: 'settle',
      actions: ['ecs:DescribeTasks'],
      on: 'tasks in the clusters of the targets',
      resources: clusters.map((arn) => arn.replace(':cluster/', ':task/').concat('/*')),
      why: 'says why tasks stopped',
    },
    {
      function: 'settle',
      actions: ['ecs:ListTasks'],
      on: 'the clusters of the targets',
      // Its resource type is the container instance, which a task on Fargate has not.
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': clusters } },
      why: 'finds the tasks that stopped',
    },
    {
      function: 'settle',
      actions: ['ecs:DescribeTaskDefinition'],
      on: 'all task definitions: it cannot be scoped',
      resources: ['*'],
      why: 'copies the running revision',
    },
    {
      function: 'settle',
      actions: ['ecs:ListTaskDefinitions'],
      on: 'all task definitions: it cannot be scoped',
      resources: ['*'],
      why: 'finds the revision that it registered',
      seldom: 'when the answer of a registration was lost (findRevision in shared/aws/ecs-read.ts)',
    },
    {
      function: 'settle',
      actions: ['ecr:DescribeImages'],
      on: `the configured repositories${scope.repositoryNote}`,
      resources: repositories,
      why: 'knows when an image was pushed, and whether it is still there',
    },
    ...(targets.some(({ rules }) => rules.alarms.length > 0)
      ? [
          {
            function: 'settle' as const,
            actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmHistory'],
            on: 'all alarms: a narrower scope hides composite alarms (API_DescribeAlarms)',
            resources: ['*'],
            why: 'asks whether an alarm rose',
          },
        ]
      : []),
  ];
}

/** The only rights to change anything in ECS, and only for targets that act. */
function settleWrites(
  scope: Scope,
  targets: readonly Target[],
  { taskDefinitions }: CheckedSettings,
): readonly Permission[] {
  const acting = targets.filter(({ rules }) => rules.mode === 'act');
  const watched = targets.filter(({ rules }) => rules.mode === 'watch');
  if (acting.length === 0) return [];
  const rights = acting.flatMap(({ id }) => taskDefinitions[id] ?? []);
  const families = scope.families(rights.map(({ family }) => family));
  const roles = unique(rights.flatMap((each) => each.roles));
  return [
    {
      function: 'settle',
      actions: ['ecs:UpdateService'],
      on: `the services of targets that act${scope.note}`,
      resources: scope.services(acting, 'service', watched),
      why: 'starts a rollout, forwards or back',
    },
    {
      function: 'settle',
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
      function: 'settle',
      actions: ['ecs:RegisterTaskDefinition'],
      on: `the families that infra/settings.ts names${scope.familyNote}`,
      resources: families,
      why: 'registers a revision with the new image',
    },
    {
      function: 'settle',
      actions: ['ecs:TagResource'],
      on: 'the same families, only while registering',
      resources: families,
      conditions: { StringEquals: { 'ecs:CreateAction': ['RegisterTaskDefinition'] } },
      why: 'the new revision carries the tags of the old one and the name of its release',
      implied: 'RegisterTaskDefinition with tags needs it (supported-iam-actions-tagging)',
    },
    ...(roles.length === 0
      ? []
      : [
          {
            function: 'settle' as const,
            actions: ['iam:PassRole'],
            on: 'the roles that infra/settings.ts names, only to ecs-tasks.amazonaws.com',
            resources: roles,
            conditions: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com'] } },
            why: 'the new revision has the roles of the old one',
            implied: 'RegisterTaskDefinition and UpdateService with roles need it',
          },
        ]),
  ];
}

function settleKeeps(pipeline: Pipeline): readonly Permission[] {
  const queues = Object.values(queueNames).map((name) => arnIn(pipeline, 'sqs', name));
  return [
    {
      function: 'settle',
      actions: [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:BatchWriteItem',
      ],
      on: `table ${TABLE}`,
      resources: [arnIn(pipeline, 'dynamodb', `table/${TABLE}`)],
      why: 'remembers',
    },
    {
      function: 'settle',
      actions: ['events:PutEvents'],
      on: `bus ${BUS}`,
      resources: [arnIn(pipeline, 'events', `event-bus/${BUS}`)],
      why: 'announces',
    },
    {
      function: 'settle',
      actions: ['sqs:SendMessage'],
      on: `queues ${Object.values(queueNames).join(' and ')}`,
      resources: queues,
      why: 'puts a message back until there is a share of API calls for it',
    },
    {
      function: 'settle',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      on: `queues ${Object.values(queueNames).join(' and ')}`,
      resources: queues,
      why: 'is invoked with messages',
      implied: 'Lambda polls the queues with the role of the function',
    },
  ];
}

function tick(pipeline: Pipeline, scope: Scope, targets: readonly Target[]): readonly Permission[] {
  const table = arnIn(pipeline, 'dynamodb', `table/${TABLE}`);
  return [
    {
      function: 'tick',
      actions: ['dynamodb:Query'],
      on: `index ${DUE_INDEX} of table ${TABLE}`,
      resources: [`${table}/index/${DUE_INDEX}`],
      why: 'finds the looks that are due',
    },
    {
      function: 'tick',
      actions: ['dynamodb:Scan', 'dynamodb:UpdateItem'],
      on: `table ${TABLE}`,
      resources: [table],
      why: 'knows all targets, and takes its turn to sweep',
    },
    {
      function: 'tick',
      actions: ['ecs:DescribeServices'],
      on: `the configured services${scope.note}`,
      resources: scope.services(targets, 'service'),
      why: 'finds what no event told',
    },
    {
      function: 'tick',
      actions: ['ecr:DescribeImages'],
      on: `the configured repositories${scope.repositoryNote}`,
      resources: scope.repositories(targets),
      why: 'finds pushes whose event was lost',
    },
    {
      function: 'tick',
      actions: ['sqs:SendMessage'],
      on: `queues ${Object.values(queueNames).join(' and ')}`,
      resources: Object.values(queueNames).map((name) => arnIn(pipeline, 'sqs', name)),
      why: 'sends looks and what the sweeps found',
    },
  ];
}

function everyFunction(pipeline: Pipeline, name: FunctionName): readonly Permission[] {
  const invokedByEvents: Permission = {
    function: name,
    actions: ['sqs:SendMessage'],
    on: `queue ${UNHEARD_QUEUE}`,
    resources: [arnIn(pipeline, 'sqs', UNHEARD_QUEUE)],
    why: 'keeps an event that failed for good',
    implied: 'Lambda sends to the on-failure destination with the role of the function',
  };
  return [
    ...(name === 'settle' ? [] : [invokedByEvents]),
    {
      function: name,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      on: 'its own log group',
      resources: [arnIn(pipeline, 'logs', `log-group:${logGroupName(name)}:*`)],
      why: 'logs',
      implied: 'Lambda writes the logs with the role of the function',
    },
    {
      function: name,
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      on: 'X-Ray, which has no narrower scope for writing',
      resources: ['*'],
      why: 'traces',
      implied: 'Lambda sends traces with the role of the function',
    },
  ];
}

/** ARNs of what the targets use, as narrow as there is room for. */
class Scope {
  readonly #pipeline: Pipeline;
  readonly #named: boolean;
  readonly note: string;
  readonly repositoryNote: string;
  readonly familyNote: string;

  constructor(pipeline: Pipeline, services: 'named' | 'by cluster') {
    this.#pipeline = pipeline;
    this.#named = services === 'named';
    this.note = this.#named ? '' : ' (by cluster)';
    this.repositoryNote = this.#named ? '' : ' (by the first part of their names)';
    this.familyNote = this.#named ? '' : ' (by the first part of their names, up to a hyphen)';
  }

  clusters(targets: readonly Target[]): readonly string[] {
    return unique(targets.map(({ cluster }) => clusterArn(this.#pipeline, cluster)));
  }

  /** Services, or what hangs below them. A cluster that holds one of `except` is not taken whole. */
  services(
    targets: readonly Target[],
    type: 'service' | 'service-deployment' | 'service-revision',
    except: readonly Target[] = [],
  ): readonly string[] {
    const mixed = new Set(except.map(({ cluster }) => cluster));
    return unique(
      targets.map(({ cluster, service }) => {
        const name = this.#named || mixed.has(cluster) ? service : '*';
        const below = type === 'service' ? '' : '/*';
        return serviceArn(this.#pipeline, cluster, name)
          .replace(':service/', `:${type}/`)
          .concat(below);
      }),
    );
  }

  repositories(targets: readonly Target[]): readonly string[] {
    const names = targets.flatMap(({ rules }) =>
      Object.values(rules.containers).map(({ repository }) => repository),
    );
    const scoped = this.#named ? names : names.map((name) => beginning(name, '/'));
    return unique(scoped).map((name) => arnIn(this.#pipeline, 'ecr', `repository/${name}`));
  }

  /** Revisions have numbers that nobody knows before. */
  families(names: readonly string[]): readonly string[] {
    const scoped = this.#named ? names : names.map((name) => beginning(name, '-'));
    return unique(scoped).map((name) => arnIn(this.#pipeline, 'ecs', `task-definition/${name}:*`));
  }
}

/** `shop/web` to `shop/*`; a name without the separator stays whole. */
function beginning(name: string, separator: '/' | '-'): string {
  const end = name.indexOf(separator);
  return end < 0 ? name : `${name.slice(0, end + 1)}*`;
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
