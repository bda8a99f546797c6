/** Items of the table: read whole or in part, written only if nobody else wrote, written in batches. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
} from '@aws-sdk/lib-dynamodb';
import { TransientError } from '../../ports.ts';
import { chunks } from '../chunks.ts';
import { ask, transient } from '../refusal.ts';
import type { ItemKey } from './table.ts';

/** BatchWriteItem takes at most 25. */
const WRITES_MAX = 25;
const WRITE_ATTEMPTS_MAX = 5;

export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

/** These attributes of one item, read consistently; undefined: there is no such item. */
export async function getItem(
  { client, name }: Table,
  key: ItemKey,
  attributes: readonly string[],
): Promise<Record<string, unknown> | undefined> {
  // Some attribute names are words of DynamoDB's own.
  const names = Object.fromEntries(attributes.map((attribute, i) => [`#a${i}`, attribute]));
  const { Item } = await ask(`dynamodb:GetItem of ${key.pk} ${key.sk}`, () =>
    client.send(
      new GetCommand({
        TableName: name,
        Key: { ...key },
        ConsistentRead: true,
        ProjectionExpression: Object.keys(names).join(', '),
        ExpressionAttributeNames: names,
      }),
    ),
  );
  return Item;
}

/**
 * Writes an item with its version, one higher than `expected`; undefined: it must not exist yet. The
 * SDK repeats a write whose answer was lost, and then sees its condition fail on its own item; the
 * nonce tells that apart from somebody else's write.
 */
export async function putVersioned(
  table: Table,
  key: ItemKey,
  attributes: Readonly<Record<string, unknown>>,
  { expected, nonce }: { readonly expected: number | undefined; readonly nonce: string },
): Promise<'saved' | 'stale'> {
  const isNew = expected === undefined;
  const command = new PutCommand({
    TableName: table.name,
    Item: { ...key, ...attributes, version: (expected ?? 0) + 1, nonce },
    ConditionExpression: isNew ? 'attribute_not_exists(pk)' : '#version = :expected',
    ...(isNew
      ? {}
      : {
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':expected': expected },
        }),
  });
  try {
    await table.client.send(command);
    return 'saved';
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) {
      throw transient(`dynamodb:PutItem of ${key.pk}`, error);
    }
  }
  const stored = await getItem(table, key, ['nonce']);
  return stored?.nonce === nonce ? 'saved' : 'stale';
}

export type Write =
  | { PutRequest: { Item: Record<string, unknown> } }
  | { DeleteRequest: { Key: Record<string, unknown> } };

/** Each of these writes may be repeated: the same item, or the same absence. */
export async function writeAll({ client, name }: Table, writes: readonly Write[]): Promise<void> {
  for (const part of chunks(writes, WRITES_MAX)) {
    let left = part;
    for (let attempt = 1; left.length > 0; attempt++) {
      if (attempt > WRITE_ATTEMPTS_MAX) {
        throw new TransientError(
          `dynamodb:BatchWriteItem left ${left.length} of ${part.length} items unwritten, ` +
            `${WRITE_ATTEMPTS_MAX} times.`,
        );
      }
      left = await batch(left);
    }
  }

  async function batch(requests: Write[]): Promise<Write[]> {
    const { UnprocessedItems } = await ask('dynamodb:BatchWriteItem', () =>
      client.send(new BatchWriteCommand({ RequestItems: { [name]: requests } })),
    );
    return (UnprocessedItems?.[name] ?? []) as Write[];
  }
}
