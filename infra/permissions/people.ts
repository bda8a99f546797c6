/**
 * What persons may: policies to attach to the roles of people, as data. Slipway attaches none of them;
 * synth writes them beside the templates, and the local AWS evaluates them.
 */
import { STOP_PARTITION } from '../../shared/aws/table/table.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { commandQueuesOf, queueName } from '../../shared/runtime/routing.ts';
import { arnIn, nameIn, shiftsTraffic, tableName } from '../names.ts';
import type { Right } from './permission.ts';
import { BALANCER_READS } from './reconcile.ts';
import { Scope } from './scope.ts';
import { type Statement, statementOf } from './statements.ts';
import { SOURCE_KEYS, TARGET_KEYS, withKeys } from './table-keys.ts';

/** By name: `may-look`, `may-wait`, `may-hold`, `may-deploy`, `may-deploy-<queue of commands>`, `break-glass`. */
export function peoplePolicies(
  pipeline: Pipeline,
  table: string = tableName(pipeline),
): Readonly<Record<string, readonly Statement[]>> {
  const tableArn = arnIn(pipeline, 'dynamodb', `table/${table}`);
  const rights: Readonly<Record<string, readonly Right[]>> = {
    'may-look': mayLook(pipeline, tableArn),
    'may-wait': mayWait(pipeline, tableArn),
    'may-hold': [
      {
        actions: ['dynamodb:PutItem'],
        on: 'the stop switch',
        resources: [tableArn],
        conditions: withKeys([STOP_PARTITION]),
        why: 'stops everything, and lets it go on',
      },
    ],
    ...Object.fromEntries(
      commandQueuesOf(pipeline).map((queue) => [
        queue.replace(/^commands/, 'may-deploy'),
        [
          {
            actions: ['sqs:GetQueueUrl', 'sqs:SendMessage'],
            on: `queue ${queueName(pipeline, queue)}`,
            resources: [arnIn(pipeline, 'sqs', queueName(pipeline, queue))],
            why: 'commands the targets of this queue',
          },
        ],
      ]),
    ),
    'break-glass': breakGlass(pipeline, tableArn),
  };
  return Object.fromEntries(
    Object.entries(rights).map(([name, list]) => [name, list.map(statementOf)]),
  );
}

function mayLook(pipeline: Pipeline, tableArn: string): readonly Right[] {
  const scope = new Scope(pipeline, 'named');
  return [
    {
      actions: [
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:Query',
        'dynamodb:ListTagsOfResource',
      ],
      on: 'the table and its indexes',
      resources: [tableArn, `${tableArn}/index/*`],
      why: 'reads records and history, and which version was deployed',
    },
    {
      actions: [
        'ecs:Describe*',
        'ecs:List*',
        'cloudwatch:DescribeAlarms',
        'cloudwatch:DescribeAlarmHistory',
        'cloudwatch:ListAlarmMuteRules',
        'cloudwatch:GetMetricData',
        ...(Object.values(pipeline.targets).some(shiftsTraffic)
          ? BALANCER_READS
          : ['elasticloadbalancing:DescribeTargetHealth']),
      ],
      on: 'all of ECS, all alarms and metrics, target health, and the rules of load balancers where traffic is shifted',
      resources: ['*'],
      why: 'looks at what is',
    },
    {
      actions: ['lambda:GetAccountSettings'],
      on: 'the account',
      resources: ['*'],
      why: 'sees how many functions may run at a time, for doctor',
    },
    {
      actions: [
        'ecr:DescribeImages',
        'ecr:DescribeImageScanFindings',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
      ],
      on: 'the configured repositories',
      resources: scope.repositories(Object.values(pipeline.targets)),
      why: 'finds images, their scans and signatures',
    },
  ];
}

/**
 * A CI job stands behind its release: it reads the targets, and finds its image. Of sources it reads those alone
 * whose images others build, since there its image waits for GitHub's word.
 */
function mayWait(pipeline: Pipeline, tableArn: string): readonly Right[] {
  const claiming = Object.values(pipeline.sources).flatMap(({ repository, heads: [ref], rules }) =>
    rules.elsewhere === undefined || ref === undefined
      ? []
      : [SOURCE_KEYS.replace('*', `${repository}/${ref}`)],
  );
  return [
    {
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      on: `targets, ${claiming.length === 0 ? '' : 'sources whose images others build, '}and the stop switch`,
      resources: [tableArn],
      conditions: withKeys([TARGET_KEYS, ...claiming, STOP_PARTITION]),
      why: 'follows a release',
    },
    {
      actions: ['ecr:DescribeImages'],
      on: 'the configured repositories',
      resources: new Scope(pipeline, 'named').repositories(Object.values(pipeline.targets)),
      why: 'finds the image that a tag names',
    },
  ];
}

/** Deleting items is not among it: nothing that is asked for deletes one. */
function breakGlass(pipeline: Pipeline, tableArn: string): readonly Right[] {
  return [
    {
      actions: [
        'sqs:StartMessageMoveTask',
        'sqs:ListMessageMoveTasks',
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:SendMessage',
      ],
      on: 'all queues of Slipway',
      resources: [arnIn(pipeline, 'sqs', nameIn(pipeline, '*'))],
      why: 'puts dead letters back',
    },
    {
      actions: [
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DescribeTable',
        'dynamodb:RestoreTableToPointInTime',
      ],
      on: 'the table, and one that is restored beside it',
      resources: [`${tableArn}*`],
      why: 'restores the table, mends an item',
    },
    {
      actions: ['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
      on: 'all functions of Slipway',
      resources: [arnIn(pipeline, 'lambda', `function:${nameIn(pipeline, '*')}`)],
      why: 'stops the functions meanwhile',
    },
  ];
}
