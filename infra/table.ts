/** The one table. Its keys and indexes come from where the functions read them. */
import { CfnDeletionPolicy, aws_dynamodb as dynamodb } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TTL_ATTRIBUTE, tableDefinition } from '../shared/aws/table/table.ts';
import type { Pipeline } from '../shared/config/config.ts';
import { VERSION, VERSION_TAG } from '../shared/runtime/version.ts';
import type { CheckedSettings } from './settings-check.ts';
import { tablePolicy } from './table-policy.ts';

/** What a rollback goes back to stands only here: it outlives its stack, and cannot be deleted in passing. */
export function createTable(
  scope: Construct,
  pipeline: Pipeline,
  { table: name, people }: CheckedSettings,
): dynamodb.CfnTable {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = tableDefinition(name);
  const table = new dynamodb.CfnTable(scope, 'table', {
    tableName: name,
    billingMode: 'PAY_PER_REQUEST',
    attributeDefinitions: (AttributeDefinitions ?? []).map((attribute) => ({
      attributeName: attribute.AttributeName ?? '',
      attributeType: attribute.AttributeType ?? '',
    })),
    keySchema: keys(KeySchema),
    // Sparse: only items that wait for a look have the key of the one, only records that of the other.
    globalSecondaryIndexes: (GlobalSecondaryIndexes ?? []).map((index) => ({
      indexName: index.IndexName ?? '',
      keySchema: keys(index.KeySchema),
      projection: {
        projectionType: index.Projection?.ProjectionType ?? '',
        nonKeyAttributes: index.Projection?.NonKeyAttributes ?? [],
      },
    })),
    // History items have this attribute, all others have not.
    timeToLiveSpecification: { attributeName: TTL_ATTRIBUTE, enabled: true },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtectionEnabled: true,
    // The account's key for DynamoDB: every use of it stands in CloudTrail, and it needs no rights.
    sseSpecification: { sseEnabled: true },
    tags: [{ key: VERSION_TAG, value: VERSION }],
    resourcePolicy: { policyDocument: tablePolicy(pipeline, name, people) },
  });
  table.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  table.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  return table;
}

function keys(
  schema: ReturnType<typeof tableDefinition>['KeySchema'],
): dynamodb.CfnTable.KeySchemaProperty[] {
  return (schema ?? []).map(({ AttributeName, KeyType }) => ({
    attributeName: AttributeName ?? '',
    keyType: KeyType ?? '',
  }));
}
