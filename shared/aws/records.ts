/**
 * The port `Records` on DynamoDB. The record is stored as JSON text, so that what is read is what
 * was written, to the byte; the attributes beside it are only for conditions and the indexes.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
} from '@aws-sdk/lib-dynamodb';
import type { TargetKey } from '../core/image.ts';
import { type QuarantineChange, RECORD_FORMAT, type TargetRecord } from '../core/record.ts';
import { type Clock, type Records, WorldIsIll } from '../ports.ts';
import { chunks } from './chunks.ts';
import { ask, ill } from './refusal.ts';
import {
  DUE_PARTITION,
  historyKey,
  type ItemKey,
  quarantineKey,
  RECORDS_PARTITION,
  recordKey,
  TTL_ATTRIBUTE,
} from './table.ts';

/**
 * At rest a record is under 32 KB; what it still owes comes on top. DynamoDB takes 400 KB, and a
 * rollback must not fail for the length of what is to be told.
 */
export const RECORD_BYTES_MAX = 256 * 1024;
/** BatchWriteItem takes at most 25. */
const WRITES_MAX = 25;
const WRITE_ATTEMPTS_MAX = 5;

export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

export interface RecordSettings {
  readonly clock: Pick<Clock, 'now' | 'newId'>;
  readonly historyDays: number;
}

export function createRecords(table: Table, { clock, historyDays }: RecordSettings): Records {
  return {
    load: async (key) => {
      const item = await get(table, recordKey(key), ['record', 'version']);
      if (item === undefined) return undefined;
      return { record: parseRecord(key, item.record), version: Number(item.version) };
    },

    version: async (key) => {
      const item = await get(table, recordKey(key), ['version']);
      return item === undefined ? undefined : Number(item.version);
    },

    save: (record, expected) => save(table, record, expected, clock.newId()),

    addHistory: (key, entries) => {
      const expiresAt = Math.floor(clock.now() / 1000) + historyDays * 86_400;
      return writeAll(
        table,
        entries.map((entry) => ({
          PutRequest: {
            Item: {
              ...historyKey(key, entry.sequence),
              entry: JSON.stringify(entry),
              [TTL_ATTRIBUTE]: expiresAt,
            },
          },
        })),
      );
    },

    changeQuarantine: (key, changes) => {
      // One batch may name an item once, and of two changes the later one counts.
      const last = new Map(changes.map((change) => [change.digest, change]));
      return writeAll(
        table,
        [...last.values()].map((change) => quarantineWrite(key, change)),
      );
    },

    quarantined: async (key, digest) => {
      const item = await get(table, quarantineKey(key, digest), ['because']);
      return item === undefined ? undefined : String(item.because);
    },
  };
}

/**
 * The SDK repeats a write whose answer was lost, and then sees its condition fail on its own item;
 * the nonce tells that apart from somebody else's write.
 */
async function save(
  { client, name }: Table,
  record: TargetRecord,
  expected: number | undefined,
  nonce: string,
): Promise<'saved' | 'stale'> {
  const text = recordText(record);
  const isNew = expected === undefined;
  const command = new PutCommand({
    TableName: name,
    Item: {
      ...recordKey(record.key),
      record: text,
      version: (expected ?? 0) + 1,
      nonce,
      kind: RECORDS_PARTITION,
      phase: record.phase.phase,
      ...(record.runs === undefined ? {} : { revision: record.runs.revision }),
      // Without a look to come it is not in the index of those.
      ...(record.lookAt === undefined ? {} : { due: DUE_PARTITION, lookAt: record.lookAt }),
    },
    ConditionExpression: isNew ? 'attribute_not_exists(pk)' : '#version = :expected',
    ...(isNew
      ? {}
      : {
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':expected': expected },
        }),
  });
  try {
    await client.send(command);
    return 'saved';
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) {
      throw ill(`dynamodb:PutItem of ${record.key}`, error);
    }
  }
  const stored = await get({ client, name }, recordKey(record.key), ['nonce']);
  return stored?.nonce === nonce ? 'saved' : 'stale';
}

/** Throws when the record outgrew its bound: then a list in it has lost its own. */
function recordText(record: TargetRecord): string {
  const text = JSON.stringify(record);
  const bytes = Buffer.byteLength(text);
  if (bytes > RECORD_BYTES_MAX) {
    throw new Error(
      `The record of ${record.key} is ${bytes} bytes, at most ${RECORD_BYTES_MAX} are allowed; ` +
        'it was not saved. One of its lists grows without a bound.',
    );
  }
  return text;
}

/** Throws for a record of a newer Slipway: this one would drop what it does not know. */
function parseRecord(key: TargetKey, text: unknown): TargetRecord {
  const record = JSON.parse(String(text)) as { format?: unknown };
  if (record.format !== RECORD_FORMAT) {
    throw new Error(
      `The record of ${key} has format ${JSON.stringify(record.format)}, this version reads ` +
        `${RECORD_FORMAT}. A newer Slipway wrote it; deploy that one again.`,
    );
  }
  return record as TargetRecord;
}

async function get(
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

function quarantineWrite(key: TargetKey, change: QuarantineChange): Write {
  const itemKey = quarantineKey(key, change.digest);
  if (change.change === 'lifted') return { DeleteRequest: { Key: { ...itemKey } } };
  return { PutRequest: { Item: { ...itemKey, because: change.because, at: change.at } } };
}

type Write =
  | { PutRequest: { Item: Record<string, unknown> } }
  | { DeleteRequest: { Key: Record<string, unknown> } };

/** Each of these writes may be repeated: the same item, or the same absence. */
async function writeAll({ client, name }: Table, writes: readonly Write[]): Promise<void> {
  for (const part of chunks(writes, WRITES_MAX)) {
    let left = part;
    for (let attempt = 1; left.length > 0; attempt++) {
      if (attempt > WRITE_ATTEMPTS_MAX) {
        throw new WorldIsIll(
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
