/** What lies in the local DynamoDB, out of it and back in: it is memory, and gone with the process. */
import type { Dynamo } from './dynalite.ts';

export interface SavedTable {
  /** An input of CreateTable. */
  readonly definition: Readonly<Record<string, unknown>>;
  readonly items: readonly object[];
}

interface Description {
  readonly TableName: string;
  readonly AttributeDefinitions: unknown;
  readonly KeySchema: unknown;
  readonly ProvisionedThroughput?: Throughput;
  readonly BillingModeSummary?: { readonly BillingMode: string };
  readonly GlobalSecondaryIndexes?: readonly Index[];
  readonly LocalSecondaryIndexes?: readonly Index[];
}

interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

interface Index {
  readonly IndexName: string;
  readonly KeySchema: unknown;
  readonly Projection: unknown;
  readonly ProvisionedThroughput?: Throughput;
}

/** Every table with all of its items. */
export async function saveTables(dynamo: Dynamo): Promise<readonly SavedTable[]> {
  const saved: SavedTable[] = [];
  let from: string | undefined;
  do {
    const page = await ask<{ TableNames: string[]; LastEvaluatedTableName?: string }>(
      dynamo,
      'ListTables',
      from === undefined ? {} : { ExclusiveStartTableName: from },
    );
    for (const name of page.TableNames) saved.push(await saveTable(dynamo, name));
    from = page.LastEvaluatedTableName;
  } while (from !== undefined);
  return saved;
}

async function saveTable(dynamo: Dynamo, TableName: string): Promise<SavedTable> {
  const { Table } = await ask<{ Table: Description }>(dynamo, 'DescribeTable', { TableName });
  const items: object[] = [];
  let from: object | undefined;
  do {
    const page = await ask<{ Items: object[]; LastEvaluatedKey?: object }>(dynamo, 'Scan', {
      TableName,
      ...(from && { ExclusiveStartKey: from }),
    });
    items.push(...page.Items);
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return { definition: definitionOf(Table), items };
}

/** Of a description, what CreateTable takes. */
function definitionOf(table: Description): SavedTable['definition'] {
  const onDemand = table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  const throughput = ({ ProvisionedThroughput: given }: { ProvisionedThroughput?: Throughput }) =>
    onDemand || given === undefined
      ? {}
      : {
          ProvisionedThroughput: {
            ReadCapacityUnits: given.ReadCapacityUnits,
            WriteCapacityUnits: given.WriteCapacityUnits,
          },
        };
  const index = (one: Index) => ({
    IndexName: one.IndexName,
    KeySchema: one.KeySchema,
    Projection: one.Projection,
  });
  const { TableName, AttributeDefinitions, KeySchema } = table;
  return {
    TableName,
    AttributeDefinitions,
    KeySchema,
    ...(onDemand && { BillingMode: 'PAY_PER_REQUEST' }),
    ...throughput(table),
    ...(table.GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: table.GlobalSecondaryIndexes.map((one) => ({
        ...index(one),
        ...throughput(one),
      })),
    }),
    ...(table.LocalSecondaryIndexes && {
      LocalSecondaryIndexes: table.LocalSecondaryIndexes.map(index),
    }),
  };
}

/** API reference, BatchWriteItem. */
const WRITTEN_AT_ONCE = 25;

/** Into a DynamoDB that has none of these tables. Throws what DynamoDB refuses. */
export async function restoreTables(dynamo: Dynamo, tables: readonly SavedTable[]): Promise<void> {
  for (const { definition, items } of tables) {
    await ask(dynamo, 'CreateTable', definition);
    const name = String(definition.TableName);
    for (let from = 0; from < items.length; from += WRITTEN_AT_ONCE) {
      const some = items.slice(from, from + WRITTEN_AT_ONCE);
      const puts = some.map((Item) => ({ PutRequest: { Item } }));
      await ask(dynamo, 'BatchWriteItem', { RequestItems: { [name]: puts } });
    }
  }
}

async function ask<T>(dynamo: Dynamo, operation: string, input: object): Promise<T> {
  const { statusCode, body } = await dynamo.handle({
    method: 'POST',
    path: '/',
    headers: {
      host: 'localhost',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      // Dynalite wants one of this form and does not verify it.
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  });
  const text = new TextDecoder().decode(body);
  if (statusCode !== 200) throw new Error(`DynamoDB refused ${operation}: ${text}`);
  return JSON.parse(text) as T;
}
