/**
 * The item of the table in which the calls of releases are booked. All that one process wants to book
 * while a write is under way goes into its next one.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { transient } from './refusal.ts';
import { type Levels, readLevels } from './shares.ts';
import { getItem, type Table } from './table/items.ts';
import { budgetKey } from './table/table.ts';

/** So often others may book first. */
const TRIES_MAX = 16;

interface Known {
  readonly levels: Levels;
  readonly version: number | undefined;
}

/** What one caller does to the levels, and how it learns whether that was written. */
interface Change {
  edit(levels: Levels): Levels;
  written(isWritten: boolean): void;
  failed(error: unknown): void;
}

/** Books what `edit` says. False: others were faster again and again. Throws `TransientError`. */
export type Ledger = (edit: Change['edit']) => Promise<boolean>;

export function createLedger(table: Table): Ledger {
  let known: Known | undefined;
  let waiting: Change[] = [];
  let isWriting = false;

  /** All that came while the last write was under way goes into the next. */
  const writeAll = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      const changes = waiting;
      waiting = [];
      try {
        const isWritten = await writeTogether(changes);
        for (const change of changes) change.written(isWritten);
      } catch (error) {
        // What was known may be old by now.
        known = undefined;
        for (const change of changes) change.failed(error);
      }
    }
    isWriting = false;
  };

  const writeTogether = async (changes: readonly Change[]): Promise<boolean> => {
    for (let tried = 0; tried < TRIES_MAX; tried++) {
      known ??= await read(table);
      const levels = changes.reduce((before, { edit }) => edit(before), known.levels);
      if (await write(table, levels, known.version)) {
        known = { levels, version: (known.version ?? 0) + 1 };
        return true;
      }
      known = undefined;
    }
    return false;
  };

  return (edit) =>
    new Promise((written, failed) => {
      waiting.push({ edit, written, failed });
      if (!isWriting) void writeAll();
    });
}

async function read(table: Table): Promise<Known> {
  const item = await getItem(table, budgetKey(), ['levels', 'version']);
  if (item === undefined) return { levels: {}, version: undefined };
  return { levels: readLevels(String(item.levels)), version: Number(item.version) };
}

/** A write whose answer was lost is repeated by the SDK, and then books twice: that only costs time. */
async function write(
  { client, name }: Table,
  levels: Levels,
  expected: number | undefined,
): Promise<boolean> {
  try {
    await client.send(
      new UpdateCommand({
        TableName: name,
        Key: { ...budgetKey() },
        UpdateExpression: 'SET #levels = :levels, #version = :next',
        ConditionExpression:
          expected === undefined ? 'attribute_not_exists(#version)' : '#version = :expected',
        ExpressionAttributeNames: { '#levels': 'levels', '#version': 'version' },
        ExpressionAttributeValues: {
          ':levels': JSON.stringify(levels),
          ':next': (expected ?? 0) + 1,
          ...(expected === undefined ? {} : { ':expected': expected }),
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw transient('dynamodb:UpdateItem of the budget', error);
  }
}
