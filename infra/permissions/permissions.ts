/**
 * Who may do what: the policies in the template and the table in infra/README.md both come from
 * here, and test/scenarios/scenarios.test.ts holds every entry against the calls that the functions made
 * in all local scenarios. What an action can be scoped to: Service Authorization Reference.
 */

import {
  DUE_INDEX,
  DUE_PARTITION,
  RECORDS_INDEX,
  RECORDS_PARTITION,
  SOURCES_PARTITION,
  STOP_PARTITION,
  SWEEP_PARTITION,
} from '../../shared/aws/table/table.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { lookQueuesOf, type Queue, queueName } from '../../shared/runtime/routing.ts';
import {
  arnIn,
  type FunctionName,
  functionsOf,
  logGroupName,
  shiftsTraffic,
  tableName,
  unheardQueueName,
} from '../names.ts';
import { noticePermissions } from './notice.ts';
import type { Permission, RightsSettings } from './permission.ts';
import { upstreamPermissions } from './promotion.ts';
import { reconcileKeeps, reconcileReads, reconcileWrites } from './reconcile.ts';
import { Scope } from './scope.ts';
import { sourcePermissions } from './sources.ts';
import { onKeys, TARGET_KEYS } from './table-keys.ts';

/**
 * `services`: each named, or all of a cluster where a policy would not have room for the names.
 * A target in watch mode is in no permission that changes anything, in either.
 */
export function permissionsOf(
  pipeline: Pipeline,
  settings: RightsSettings,
  services: 'named' | 'by cluster' = 'named',
): readonly Permission[] {
  const targets = Object.values(pipeline.targets);
  const scope = new Scope(pipeline, services);
  return [
    ...routing(pipeline),
    ...reconcileReads(scope, targets),
    ...reconcileWrites(scope, targets, settings),
    ...reconcileKeeps(pipeline, settings),
    ...upstreamPermissions(pipeline),
    ...tick(pipeline, scope, settings),
    ...hook(pipeline, settings),
    ...noticePermissions(pipeline, scope, settings),
    ...sourcePermissions(pipeline, settings),
    ...functionsOf(pipeline).flatMap((name) => everyFunction(pipeline, name)),
  ];
}

function routing(pipeline: Pipeline): readonly Permission[] {
  const send = (name: FunctionName, queue: Queue): Permission => ({
    function: name,
    actions: ['sqs:SendMessage'],
    on: `queue ${queueName(pipeline, queue)}`,
    resources: [arnIn(pipeline, 'sqs', queueName(pipeline, queue))],
    why: 'passes on what concerns a target',
  });
  return [
    send('image-pushed', 'releases'),
    send('rollout-changed', 'releases'),
    send('alarm-changed', 'urgent'),
  ];
}

function tick(
  pipeline: Pipeline,
  scope: Scope,
  { table = tableName(pipeline) }: RightsSettings,
): readonly Permission[] {
  const targets = Object.values(pipeline.targets);
  const of = { home: pipeline, table };
  const withSources = Object.keys(pipeline.sources).length > 0;
  const queues = lookQueuesOf(pipeline).map((queue) => queueName(pipeline, queue));
  return [
    onKeys(of, {
      function: 'tick',
      actions: ['dynamodb:Query'],
      keys: [DUE_PARTITION],
      index: DUE_INDEX,
      why: 'finds the looks that are due',
    }),
    onKeys(of, {
      function: 'tick',
      actions: ['dynamodb:Query'],
      keys: [RECORDS_PARTITION, ...(withSources ? [SOURCES_PARTITION] : [])],
      index: RECORDS_INDEX,
      why: withSources ? 'knows all targets and branches' : 'knows all targets',
    }),
    onKeys(of, {
      function: 'tick',
      actions: ['dynamodb:UpdateItem'],
      keys: [SWEEP_PARTITION],
      why: 'takes its turn to sweep',
    }),
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
      on: `queues ${new Intl.ListFormat('en-GB').format(queues)}`,
      resources: queues.map((name) => arnIn(pipeline, 'sqs', name)),
      why: 'sends looks and what the sweeps found',
    },
  ];
}

function hook(
  pipeline: Pipeline,
  { table = tableName(pipeline) }: RightsSettings,
): readonly Permission[] {
  if (!Object.values(pipeline.targets).some(shiftsTraffic)) return [];
  const of = { home: pipeline, table };
  return [
    onKeys(of, {
      function: 'lifecycle-hook',
      actions: ['dynamodb:GetItem'],
      keys: [TARGET_KEYS, STOP_PARTITION],
      why: 'knows what speaks against the release, and whether somebody holds it',
    }),
    {
      function: 'lifecycle-hook',
      actions: ['cloudwatch:DescribeAlarms'],
      on: 'all alarms: composite ones are read only so',
      resources: ['*'],
      why: 'waits until the alarms have judged',
    },
  ];
}

/** Those that an event invokes and nobody waits for. */
const ASYNCHRONOUS: readonly FunctionName[] = [
  'image-pushed',
  'rollout-changed',
  'alarm-changed',
  'tick',
  'build-changed',
  'notice',
];

function everyFunction(pipeline: Pipeline, name: FunctionName): readonly Permission[] {
  const invokedByEvents: Permission = {
    function: name,
    actions: ['sqs:SendMessage'],
    on: `queue ${unheardQueueName(pipeline)}`,
    resources: [arnIn(pipeline, 'sqs', unheardQueueName(pipeline))],
    why: 'keeps an event that failed for good',
    implied: 'Lambda sends to the on-failure destination with the role of the function',
  };
  return [
    ...(ASYNCHRONOUS.includes(name) ? [invokedByEvents] : []),
    {
      function: name,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      on: 'its own log group',
      resources: [arnIn(pipeline, 'logs', `log-group:${logGroupName(pipeline, name)}:*`)],
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
