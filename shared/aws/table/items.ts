/** Items of the table: read whole or in part, written only if nobody else wrote, appended. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { chunks } from '../chunks.ts';
import { ask, transient } from '../refusal.ts';
import type { ItemKey } from './table.ts';

/** A handling has some entries, a forced push thousands of places: so many are under way at a time. */
const AT_ONCE = 25;

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

export type Item = ItemKey & Readonly<Record<string, unknown>>;

/**
 * Each of these items, in whose place there may be another; written again it is the same. Not by
 * BatchWriteItem: whoever may call that may delete, and none of our roles may.
 */
export async function putAll(table: Table, items: readonly Item[]): Promise<void> {
  await eachOf(items, (item) => put(table, item));
}

/** Appends: what stands there already stays as it is. */
export async function appendAll(table: Table, items: readonly Item[]): Promise<void> {
  await eachOf(items, async (item) => {
    await append(table, item);
  });
}

/** exists: something stands there already, and stays as it is. */
export async function append(table: Table, item: Item): Promise<'written' | 'exists'> {
  try {
    await put(table, item, 'attribute_not_exists(pk)');
    return 'written';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'exists';
    throw error;
  }
}

async function eachOf(items: readonly Item[], write: (item: Item) => Promise<void>): Promise<void> {
  for (const part of chunks(items, AT_ONCE)) await Promise.all(part.map(write));
}

async function put({ client, name }: Table, item: Item, condition?: string): Promise<void> {
  try {
    await client.send(
      new PutCommand({
        TableName: name,
        Item: { ...item },
        ...(condition === undefined ? {} : { ConditionExpression: condition }),
      }),
    );
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw error;
    throw transient(`dynamodb:PutItem of ${item.pk} ${item.sk}`, error);
  }
}
