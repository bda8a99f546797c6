/**
 * A person's command on its way: sent through the queue like everything else, and awaited until the
 * record shows that it was processed and the history what was decided.
 */
import { randomUUID } from 'node:crypto';
import type { Target } from '../../shared/config/config.ts';
import type { CommandReceived } from '../../shared/core/model/event.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import type { Connection } from './connection.ts';

const POLL_EVERY_MS = 1_000;
/** After it was processed, its handling goes on: it looks, and may start something. */
const HANDLING_MOST_MS = 10_000;
/** Of the newest; one handling makes some tens at most. */
const ENTRIES_MAX = 50;

export interface PersonCommand {
  readonly ask: CommandReceived['command'];
  readonly because: string;
}

/** Sends it, and gives the id by which it is found again. Throws `TransientError`. */
export async function enqueueCommand(
  { aws, by, now }: Connection,
  target: Target,
  { ask, because }: PersonCommand,
): Promise<string> {
  const id = randomUUID();
  const cause = { id, source: 'slipway.operator', detailType: 'word of a person' };
  const message = { type: 'CommandReceived', by, because, saidAt: now(), command: ask } as const;
  const { sendCommand } = await import('../../shared/route/enqueue.ts');
  await sendCommand(aws.queues, target, message, cause);
  return id;
}

/**
 * What was decided since it was processed, oldest first; undefined: that was not within `waitMs` of
 * real time. Throws `TransientError`.
 */
export async function awaitProcessed(
  connection: Connection,
  target: Target,
  id: string,
  waitMs: number,
): Promise<readonly HistoryEntry[] | undefined> {
  let processedAfter: number | undefined;
  for (let waited = 0; ; waited += POLL_EVERY_MS) {
    const entries = await decidedSince(connection, target, id);
    if (entries !== undefined) {
      processedAfter ??= waited;
      if (entries.over || waited - processedAfter >= HANDLING_MOST_MS) return entries.all;
    } else if (waited >= waitMs) {
      return undefined;
    }
    await connection.wait(POLL_EVERY_MS);
  }
}

async function decidedSince({ aws }: Connection, { key }: Target, id: string) {
  const record = (await aws.records.load(key))?.record;
  if (record === undefined || !record.handledCommands.includes(id)) return undefined;
  const owed = record.outbox.history;
  const written = await aws.history.newest(key, ENTRIES_MAX);
  const known = new Map([...written, ...owed].map((entry) => [entry.sequence, entry]));
  const all = [...known.values()].sort((a, b) => a.sequence - b.sequence);
  const from = all.findIndex(({ event }) => event.type === 'CommandReceived' && event.id === id);
  // Its handling is over when nothing is owed any more: what it decided was written last.
  return { all: from === -1 ? [] : all.slice(from), over: owed.length === 0 };
}
