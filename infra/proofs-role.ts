/**
 * For pipelines of other accounts that start only what is proven here: a role for each account, which the
 * function `reconcile` there takes on with an external id, and which reads the records of the targets that it may
 * know, and nothing else. A record says what runs, what was proven and what is quarantined; no secret is in it.
 */
import { aws_iam as iam } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Pipeline } from '../shared/config/config.ts';
import type { ReaderSettings } from '../shared/config/infra.ts';
import { proofsRoleName } from '../shared/config/promotion/upstream.ts';
import { arnIn, functionRoleName, roleArn } from './names.ts';
import { TARGET_KEYS, withKeys } from './permissions/table-keys.ts';
import type { CheckedSettings } from './settings-check.ts';

export function createProofsRoles(
  scope: Construct,
  pipeline: Pipeline,
  { table, readBy }: Pick<CheckedSettings, 'table' | 'readBy'>,
): void {
  for (const reader of readBy) {
    new iam.Role(scope, `proofs-role-${reader.account}`, {
      roleName: proofsRoleName(pipeline, reader.account),
      description: `Account ${reader.account} reads with it what is proven here`,
      // A principal that is a role must be there already; the account is, and the condition names the role.
      assumedBy: new iam.AccountPrincipal(reader.account).withConditions({
        StringEquals: { 'sts:ExternalId': reader.externalId },
        ArnEquals: { 'aws:PrincipalArn': readerArn(pipeline, reader) },
      }),
      inlinePolicies: {
        read: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              actions: ['dynamodb:GetItem'],
              resources: [arnIn(pipeline, 'dynamodb', `table/${table}`)],
              conditions: withKeys(keysFor(pipeline, reader)),
            }),
          ],
        }),
      },
    });
  }
}

function readerArn(
  own: Pipeline,
  { account, pipeline: name, region = own.region }: ReaderSettings,
): string {
  const there = { account, region, ...(name !== undefined && { name }) };
  return roleArn(there, functionRoleName(there, 'reconcile'));
}

/** All of them by one pattern: named one by one, some hundred targets have no room in a policy. */
function keysFor({ targets }: Pipeline, { targets: ids }: ReaderSettings): readonly string[] {
  if (ids === undefined) return [TARGET_KEYS];
  return Object.values(targets)
    .filter(({ id }) => ids.includes(id))
    .map(({ key }) => key);
}
