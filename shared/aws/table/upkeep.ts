/** What `tick` asks of the table: due looks, all targets, and whose turn a sweep is. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { TaskDefinitionArn } from '../../core/model/image.ts';
import { type Clock, TransientError } from '../../ports.ts';
import type { KnownTarget, Upkeep } from '../../upkeep-ports.ts';
import { ask, transient } from '../refusal.ts';
import type { Table } from './items.ts';
import { GONE } from './source-records.ts';
import {
  DUE_INDEX,
  DUE_PARTITION,
  type ItemKey,
  RECORDS_INDEX,
  RECORDS_PARTITION,
  SOURCES_PARTITION,
  sweepKey,
} from './table.ts';

/** A page is at most 1 MB, some 5,000 targets. */
const PAGES_MAX = 100;

export type TableUpkeep = Pick<Upkeep, 'due' | 'known' | 'knownSources' | 'claimSweep'>;

export function createUpkeep(table: Table, clock: Pick<Clock, 'now'>): TableUpkeep {
  const { client, name } = table;
  return {
    due: async (now, limit) => {
      const { Items = [] } = await ask('dynamodb:Query of the due index', () =>
        client.send(
          new QueryCommand({
            TableName: name,
            IndexName: DUE_INDEX,
            KeyConditionExpression: 'due = :due AND lookAt <= :now',
            ExpressionAttributeValues: { ':due': DUE_PARTITION, ':now': now },
            Limit: limit,
          }),
        ),
      );
      return Items.map(({ pk, lookAt, phase }) => ({
        key: String(pk),
        lookAt: Number(lookAt),
        phase: String(phase),
      }));
    },

    known: async () => (await recordsOf(table, RECORDS_PARTITION)).map(knownTarget),
    knownSources: async () =>
      (await recordsOf(table, SOURCES_PARTITION))
        .filter(({ phase }) => phase !== GONE)
        .map(({ pk }) => String(pk)),

    claimSweep: async (sweep, everyMs) => {
      const now = clock.now();
      // A little early is on time: tick comes every minute, give or take.
      return claim(table, sweepKey(sweep), now, now - everyMs + 1_000);
    },
  };
}

/** Every record of a kind, by key. */
async function recordsOf(
  { client, name }: Table,
  kind: string,
): Promise<readonly Record<string, unknown>[]> {
  const known: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const { Items = [], LastEvaluatedKey } = await ask('dynamodb:Query of the records', () =>
      client.send(
        new QueryCommand({
          TableName: name,
          IndexName: RECORDS_INDEX,
          KeyConditionExpression: 'kind = :kind',
          ExpressionAttributeValues: { ':kind': kind },
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        }),
      ),
    );
    known.push(...Items);
    if (LastEvaluatedKey === undefined) return known;
    from = LastEvaluatedKey;
  }
  throw new TransientError(`There are more than ${PAGES_MAX} pages of records; the sweep gave up.`);
}

/** Sets `sweptAt` if the last time was not after `before`; of two callers at once, one wins. */
async function claim(
  { client, name }: Table,
  key: ItemKey,
  now: number,
  before: number,
): Promise<boolean> {
  try {
    await client.send(
      new UpdateCommand({
        TableName: name,
        Key: { ...key },
        UpdateExpression: 'SET sweptAt = :now',
        ConditionExpression: 'attribute_not_exists(sweptAt) OR sweptAt <= :before',
        ExpressionAttributeValues: { ':now': now, ':before': before },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw transient(`dynamodb:UpdateItem of ${key.sk}`, error);
  }
}

function knownTarget(item: Record<string, unknown>): KnownTarget {
  const { pk, phase, revision } = item;
  return {
    key: String(pk),
    phase: String(phase),
    ...(revision === undefined ? {} : { revision: String(revision) as TaskDefinitionArn }),
  };
}
