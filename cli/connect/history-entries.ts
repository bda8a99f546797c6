/** What was decided of a target: from the table, and what a handling still owes it. */
import type { Connection } from './connection.ts';

/** More than this is not kept in 90 days by a busy target. */
export const ENTRIES_MAX = 20_000;

/** Oldest first: what was written, and what a handling still owes. */
export async function entriesOf({ aws }: Connection, key: string, limit: number) {
  // The record first: what it no longer owes by then was written before.
  const owed = (await aws.records.load(key))?.record.outbox.history ?? [];
  const written = await aws.history.newest(key, limit);
  const all = new Map([...written, ...owed].map((entry) => [entry.sequence, entry]));
  return [...all.values()].sort((a, b) => a.sequence - b.sequence);
}
