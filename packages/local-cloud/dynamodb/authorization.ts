/**
 * What a request to DynamoDB asks of IAM: its action on the table or the index, and as
 * `dynamodb:LeadingKeys` the partition keys of the items that it names. A Scan names none, so a
 * condition on them says nothing about it.
 */
import { ANY, arnOf, type Need, need } from '../kernel/authorization.ts';
import type { World } from '../kernel/world.ts';

/** Names of the partition keys: of a table, and of each of its indexes. */
export interface TableKeys {
  readonly table: string;
  readonly indexes: Readonly<Record<string, string>>;
}

type Value = Readonly<Record<string, string>>;
type Item = Readonly<Record<string, Value>>;

/** Of the inputs of all operations, what is read here. */
interface Input {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  readonly RequestItems?: Readonly<Record<string, BatchOf>>;
}

interface Write {
  readonly PutRequest?: { readonly Item?: Item };
  readonly DeleteRequest?: { readonly Key?: Item };
}

type BatchOf = readonly Write[] | { readonly Keys?: readonly Item[] };

export function dynamoNeeds(
  world: Pick<World, 'region' | 'account'>,
  operation: string,
  input: object,
  keysOf: (table: string) => TableKeys | undefined,
): readonly Need[] {
  const { TableName, IndexName, RequestItems, ...rest } = input as Input;
  const action = `dynamodb:${operation}`;
  const onTable = (table: string, keys: readonly string[], index = '') =>
    need(action, arnOf(world, 'dynamodb', `table/${nameOf(table)}${index}`), {
      'dynamodb:LeadingKeys': keys.length === 0 ? undefined : [...new Set(keys)],
    });
  if (RequestItems !== undefined) {
    return Object.entries(RequestItems).map(([table, batch]) =>
      onTable(table, valuesIn(itemsOf(batch), keysOf(nameOf(table))?.table)),
    );
  }
  if (TableName === undefined) return [need(action, ANY)];
  const keys = keysOf(nameOf(TableName));
  const name = IndexName === undefined ? keys?.table : keys?.indexes[IndexName];
  const named = [rest.Key, rest.Item].filter((item) => item !== undefined);
  const asked = [...valuesIn(named, keys?.table), ...queried(rest, name)];
  return [onTable(TableName, asked, IndexName === undefined ? '' : `/index/${IndexName}`)];
}

/** A table may be named by its ARN. */
function nameOf(table: string): string {
  return table.slice(table.lastIndexOf('/') + 1);
}

function itemsOf(batch: BatchOf): readonly Item[] {
  if ('Keys' in batch) return batch.Keys ?? [];
  if (!Array.isArray(batch)) return [];
  return (batch as readonly Write[])
    .map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key)
    .filter((item) => item !== undefined);
}

function valuesIn(items: readonly Item[], key: string | undefined): readonly string[] {
  if (key === undefined) return [];
  return items.flatMap((item) => textOf(item[key]) ?? []);
}

/** The partition key is compared by `=` and no other operator. (KeyConditionExpression) */
function queried(
  {
    KeyConditionExpression = '',
    ExpressionAttributeNames: names = {},
    ExpressionAttributeValues: values = {},
  }: Input,
  key: string | undefined,
): readonly string[] {
  return [...KeyConditionExpression.matchAll(/([#\w]+)\s*=\s*(:\w+)/g)].flatMap(
    ([, name = '', value = '']) =>
      (names[name] ?? name) === key ? (textOf(values[value]) ?? []) : [],
  );
}

/** Strings, numbers and binaries come as text. */
function textOf(value: Value | undefined): string | undefined {
  return value === undefined ? undefined : Object.values(value)[0];
}
