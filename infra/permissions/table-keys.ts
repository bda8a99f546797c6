/** Rights on the one table, by its partition keys: each function reaches its own items, and no others. */
import { arnIn, type FunctionName, type Home } from '../names.ts';
import type { Conditions, Permission } from './permission.ts';

/** Partition keys, `*` for a part: of targets, of sources and their commits, of what GitHub and people were told. */
export const TARGET_KEYS = 'ecs/*';
export const SOURCE_KEYS = 'git/*';
export const FEEDBACK_KEYS = 'feedback/*';
export const NOTICE_KEYS = 'notice/*';

/** Whose table, and its name. */
export interface OfTable {
  readonly home: Home;
  readonly table: string;
}

/**
 * `actions` on items under these keys, of the table or of one of its indexes. Nobody may delete, so
 * BatchWriteItem, which can, is nobody's either.
 */
export function onKeys(
  { home, table }: OfTable,
  {
    actions,
    keys,
    index,
    ...right
  }: {
    readonly function: FunctionName;
    readonly actions: readonly `dynamodb:${'GetItem' | 'PutItem' | 'UpdateItem' | 'Query'}`[];
    readonly keys: readonly string[];
    readonly index?: string;
    readonly why: string;
  },
): Permission {
  const where = index === undefined ? `table ${table}` : `index ${index} of table ${table}`;
  const path = index === undefined ? '' : `/index/${index}`;
  return {
    ...right,
    actions,
    on: `${where}, keys ${keys.map((key) => `\`${key}\``).join(', ')}`,
    resources: [arnIn(home, 'dynamodb', `table/${table}${path}`)],
    conditions: withKeys(keys),
  };
}

/** ForAllValues holds for a request without keys, too, which is what Null is for. */
export function withKeys(keys: readonly string[]): Conditions {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
    Null: { 'dynamodb:LeadingKeys': ['false'] },
  };
}
