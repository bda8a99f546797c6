/**
 * Who may write the table: said by the table itself, beside the policies of the roles. One write into the
 * record of a target deploys, so who may write DynamoDB is not by that alone one who may deploy.
 * (DynamoDB's resource policies: access-control-resource-based; not tried in an account.)
 */
import { BUDGET_PARTITION, SWEEP_PARTITION } from '../shared/aws/table/table.ts';
import type { Pipeline } from '../shared/config/config.ts';
import { arnIn, type FunctionName, functionRoleName, functionsOf, roleArn } from './names.ts';
import { FEEDBACK_KEYS, NOTICE_KEYS, SOURCE_KEYS, TARGET_KEYS } from './permissions/table-keys.ts';
import type { CheckedPeople } from './settings-check-trust.ts';

const WRITES = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
];

/** Partition keys, and the one function that writes what is under them. */
const WRITERS: readonly (readonly [FunctionName, ...string[]])[] = [
  ['reconcile', TARGET_KEYS, BUDGET_PARTITION],
  ['tick', SWEEP_PARTITION],
  ['build', SOURCE_KEYS],
  ['feedback', FEEDBACK_KEYS],
  ['notice', NOTICE_KEYS],
];

export function tablePolicy(pipeline: Pipeline, table: string, { breakGlass }: CheckedPeople) {
  const ours = functionsOf(pipeline);
  const refusing = WRITERS.filter(([name]) => ours.includes(name)).map(([name, ...keys]) => ({
    Sid: `Only${name[0]?.toUpperCase()}${name.slice(1)}`,
    Effect: 'Deny',
    Principal: '*',
    Action: WRITES,
    Resource: arnIn(pipeline, 'dynamodb', `table/${table}`),
    Condition: {
      ArnNotLike: {
        'aws:PrincipalArn': [roleArn(pipeline, functionRoleName(pipeline, name)), ...breakGlass],
      },
      'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': keys },
    },
  }));
  return { Version: '2012-10-17', Statement: refusing };
}
