/** What `notice` may: read how a target stands, remember what it told, and tell the topics of the config. */
import { STOP_PARTITION } from '../../shared/aws/table/table.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { tableName } from '../names.ts';
import type { Permission, RightsSettings } from './permission.ts';
import type { Scope } from './scope.ts';
import { NOTICE_KEYS, onKeys, TARGET_KEYS } from './table-keys.ts';

export function noticePermissions(
  pipeline: Pipeline,
  scope: Scope,
  { table = tableName(pipeline) }: RightsSettings,
): readonly Permission[] {
  const { notices } = pipeline;
  if (notices === undefined) return [];
  const of = { home: pipeline, table };
  const topics = [notices.mail, notices.chat].filter((topic) => topic !== undefined);
  return [
    onKeys(of, {
      function: 'notice',
      actions: ['dynamodb:GetItem'],
      keys: [TARGET_KEYS, STOP_PARTITION, NOTICE_KEYS],
      why: 'knows what became of a release, and what was told',
    }),
    onKeys(of, {
      function: 'notice',
      actions: ['dynamodb:PutItem'],
      keys: [NOTICE_KEYS],
      why: 'remembers what was told',
    }),
    {
      function: 'notice',
      actions: ['ecs:DescribeServices'],
      on: `the configured services${scope.note}`,
      resources: scope.services(Object.values(pipeline.targets), 'service'),
      why: 'says what runs now',
    },
    {
      function: 'notice',
      actions: ['cloudwatch:DescribeAlarms'],
      on: 'all alarms: composite ones are read only so',
      resources: ['*'],
      why: 'says which alarms are red',
    },
    {
      function: 'notice',
      actions: ['sns:Publish'],
      on: 'the topics of `notices` in the config',
      resources: [...new Set(topics)],
      why: 'tells people',
    },
  ];
}
