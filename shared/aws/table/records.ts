/**
 * The port `Records` on DynamoDB. The record is stored as JSON text, so that what is read is what
 * was written, to the byte; the attributes beside it are only for conditions and the indexes.
 */
import { readRecord1 } from '../../core/model/format-1.ts';
import type { TargetKey } from '../../core/model/image.ts';
import type { QuarantineChange } from '../../core/model/record/outbox.ts';
import { RECORD_FORMAT, type TargetRecord } from '../../core/model/record/target-record.ts';
import { standingOf } from '../../core/model/standing.ts';
import type { Clock, Records } from '../../ports.ts';
import { readerOf } from './formats.ts';
import {
  append,
  appendAll,
  getItem,
  type Item,
  putAll,
  putVersioned,
  type Table,
} from './items.ts';
import { readStop } from './stop-switch.ts';
import {
  DUE_PARTITION,
  historyKey,
  quarantineKey,
  RECORDS_PARTITION,
  recordKey,
  TTL_ATTRIBUTE,
} from './table.ts';

/** Throws for a record of a newer Slipway. */
export const parseRecord = readerOf(RECORD_FORMAT, readRecord1);

/**
 * At rest a record is under 36 KB; what it still owes comes on top. DynamoDB takes 400 KB, and a
 * rollback must not fail for the length of what is to be told.
 */
const RECORD_BYTES_MAX = 256 * 1024;

/** An item takes 400 KB; a character takes up to four bytes. */
const TOGETHER_MAX = 90_000;

export interface RecordSettings {
  readonly clock: Pick<Clock, 'now' | 'newId'>;
  readonly historyDays: number;
}

/**
 * An entry stays as it was written first: nobody changes what was decided, and no role of ours deletes it.
 * What comes together is one item, under the key of its first entry. If something stands there already,
 * a handling wrote it that could not forget it any more: then each entry is written alone, and whoever
 * reads finds some of them twice.
 */
export async function addHistory(
  table: Table,
  key: string,
  entries: readonly { readonly sequence: number }[],
  { clock, historyDays }: RecordSettings,
): Promise<void> {
  const expiresAt = Math.floor(clock.now() / 1000) + historyDays * 86_400;
  const [first, ...others] = entries;
  if (first === undefined) return;
  const until = { [TTL_ATTRIBUTE]: expiresAt };
  const text = JSON.stringify(entries);
  if (others.length > 0 && text.length <= TOGETHER_MAX) {
    const together = { ...historyKey(key, first.sequence), entries: text, ...until };
    if ((await append(table, together)) === 'written') return;
  }
  await appendAll(
    table,
    entries.map((entry) => ({
      ...historyKey(key, entry.sequence),
      entry: JSON.stringify(entry),
      ...until,
    })),
  );
}

export function createRecords(table: Table, { clock, historyDays }: RecordSettings): Records {
  return {
    load: async (key) => {
      const item = await getItem(table, recordKey(key), ['record', 'version']);
      if (item === undefined) return undefined;
      return { record: parseRecord(key, item.record), version: Number(item.version) };
    },

    stop: async () => (await readStop(table))?.hold,

    version: async (key) => {
      const item = await getItem(table, recordKey(key), ['version']);
      return item === undefined ? undefined : Number(item.version);
    },

    save: (record, expected) => save(table, record, expected, clock.newId()),

    addHistory: (key, entries) => addHistory(table, key, entries, { clock, historyDays }),

    changeQuarantine: (key, changes) => {
      // They are written side by side, and of two changes of one digest the later one counts.
      const last = new Map(changes.map((change) => [change.digest, change]));
      return putAll(
        table,
        [...last.values()].map((change) => quarantineItem(key, change)),
      );
    },

    quarantined: async (key, digest) => {
      const item = await getItem(table, quarantineKey(key, digest), ['because', 'lifted']);
      return item === undefined || item.lifted === true ? undefined : String(item.because);
    },
  };
}

async function save(
  table: Table,
  record: TargetRecord,
  expected: number | undefined,
  nonce: string,
): Promise<'saved' | 'stale'> {
  const attributes = {
    record: recordText(record.key, record),
    kind: RECORDS_PARTITION,
    phase: standingOf(record),
    ...(record.runs === undefined ? {} : { revision: record.runs.revision }),
    // Without a look to come it is not in the index of those.
    ...(record.observeAt === undefined ? {} : { due: DUE_PARTITION, lookAt: record.observeAt }),
  };
  return await putVersioned(table, recordKey(record.key), attributes, { expected, nonce });
}

/** Throws when the record outgrew its bound: then a list in it has lost its own. */
export function recordText(key: string, record: object): string {
  const text = JSON.stringify(record);
  const bytes = Buffer.byteLength(text);
  if (bytes > RECORD_BYTES_MAX) {
    throw new Error(
      `The record of ${key} is ${bytes} bytes, at most ${RECORD_BYTES_MAX} are allowed; ` +
        'it was not saved. One of its lists grows without a bound.',
    );
  }
  return text;
}

/** What was lifted stays as an item that says so: nothing of ours may delete one. */
function quarantineItem(key: TargetKey, change: QuarantineChange): Item {
  const itemKey = quarantineKey(key, change.digest);
  return change.change === 'lifted'
    ? { ...itemKey, lifted: true }
    : { ...itemKey, because: change.because, at: change.at };
}
