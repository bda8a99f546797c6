/** What was decided for a target, read back for people: the items that `Records.addHistory` wrote. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { readEntry } from '../../core/model/format-1.ts';
import type { TargetKey } from '../../core/model/image.ts';
import type { HistoryEntry } from '../../core/model/record/outbox.ts';
import { ask } from '../refusal.ts';
import type { Table } from './items.ts';
import { HISTORY_PREFIX } from './table.ts';

/** A page is at most 1 MB, some hundreds of entries. */
const PAGES_MAX = 200;

/** A late handling may have written so many entries alone that stand in an older item, too. */
const BESIDE_MAX = 25;

export interface History {
  /**
   * The newest entries, newest first, at most `limit`; consistent. What a handling has decided and
   * not delivered yet stands in the record instead: `outbox.history`.
   */
  newest(key: TargetKey, limit: number): Promise<readonly HistoryEntry[]>;
}

export function createHistory({ client, name }: Table): History {
  return {
    newest: async (key, limit) => {
      const entries = new Map<number, HistoryEntry>();
      let from: Record<string, unknown> | undefined;
      for (let page = 0; page < PAGES_MAX && entries.size < limit; page++) {
        const { Items = [], LastEvaluatedKey } = await ask(
          `dynamodb:Query of the history of ${key}`,
          () =>
            client.send(
              new QueryCommand({
                TableName: name,
                KeyConditionExpression: 'pk = :pk AND begins_with(sk, :history)',
                ExpressionAttributeValues: { ':pk': key, ':history': HISTORY_PREFIX },
                ScanIndexForward: false,
                ConsistentRead: true,
                Limit: limit - entries.size + BESIDE_MAX,
                ...(from === undefined ? {} : { ExclusiveStartKey: from }),
              }),
            ),
        );
        for (const entry of Items.flatMap(entriesOf)) entries.set(entry.sequence, entry);
        from = LastEvaluatedKey;
        if (from === undefined) break;
      }
      return [...entries.values()].sort((a, b) => b.sequence - a.sequence).slice(0, limit);
    },
  };
}

/** One alone, or those that were written together. */
function entriesOf({ entry, entries }: Record<string, unknown>): readonly HistoryEntry[] {
  const stored: readonly object[] =
    entries === undefined ? [JSON.parse(String(entry))] : JSON.parse(String(entries));
  return stored.map(readEntry);
}
