/** Many records at once, for a person who looks at all targets: BatchGetItem, a hundred a call. */
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { TargetKey } from '../../core/model/image.ts';
import type { TargetRecord } from '../../core/model/record/target-record.ts';
import { chunks } from '../chunks.ts';
import { ask, transient } from '../refusal.ts';
import { UnreadableRecord } from './formats.ts';
import type { Table } from './items.ts';
import { parseRecord } from './records.ts';
import { type ItemKey, recordKey } from './table.ts';

/** BatchGetItem takes at most 100 keys. (API_BatchGetItem) */
const KEYS_MAX = 100;
/** An answer holds at most 16 MB, and what did not fit is asked for again. */
const ROUNDS_MAX = 10;

export interface ManyRecords {
  readonly records: ReadonlyMap<TargetKey, TargetRecord>;
  /** One that cannot be read takes no other with it. */
  readonly unreadable: ReadonlyMap<TargetKey, UnreadableRecord>;
}

/** Of those that have one. Throws `TransientError`. */
export async function loadMany(table: Table, keys: readonly TargetKey[]): Promise<ManyRecords> {
  const records = new Map<TargetKey, TargetRecord>();
  const unreadable = new Map<TargetKey, UnreadableRecord>();
  for (const part of chunks([...new Set(keys)], KEYS_MAX)) {
    let wanted: readonly ItemKey[] = part.map(recordKey);
    for (let round = 0; wanted.length > 0; round++) {
      if (round === ROUNDS_MAX) {
        throw transient('dynamodb:BatchGetItem', new Error('some keys stay unprocessed'));
      }
      const answer = await askFor(table, wanted);
      for (const { pk, record } of answer.items) {
        const key = String(pk);
        try {
          records.set(key, parseRecord(key, record));
        } catch (error) {
          if (!(error instanceof UnreadableRecord)) throw error;
          unreadable.set(key, error);
        }
      }
      wanted = answer.left;
    }
  }
  return { records, unreadable };
}

async function askFor({ client, name }: Table, keys: readonly ItemKey[]) {
  const { Responses, UnprocessedKeys } = await ask('dynamodb:BatchGetItem of records', () =>
    client.send(
      new BatchGetCommand({
        RequestItems: {
          [name]: {
            Keys: keys.map((key) => ({ ...key })),
            ConsistentRead: true,
            ProjectionExpression: '#pk, #record',
            ExpressionAttributeNames: { '#pk': 'pk', '#record': 'record' },
          },
        },
      }),
    ),
  );
  return {
    items: Responses?.[name] ?? [],
    left: (UnprocessedKeys?.[name]?.Keys ?? []) as unknown as readonly ItemKey[],
  };
}
