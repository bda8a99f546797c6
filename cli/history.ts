/** `slipway history`: every release with its state, why, and who asked; or every decision. */
import type { HistoryEntry } from '../shared/core/model/record.ts';
import { colors, json, line } from './print.ts';
import { releasesIn } from './releases.ts';
import type { Connection } from './speaking/connection.ts';
import { EXIT, type ExitCode } from './speaking/exit.ts';
import type { CommonOptions } from './speaking/options.ts';
import { withProgress } from './speaking/progress.ts';
import { table } from './speaking/table.ts';
import { targetNamed } from './speaking/targets.ts';
import { when } from './speaking/times.ts';
import { iso } from './speaking/words.ts';

export interface HistoryOptions extends CommonOptions {
  readonly decisions: boolean;
  /** Of the newest. */
  readonly limit: number;
}

/** More than this is not kept in 90 days by a busy target. */
const ENTRIES_MAX = 20_000;

export async function history(
  connection: Connection,
  word: string,
  { decisions, limit, ...options }: HistoryOptions,
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, word);
  const entries = await withProgress(`reading the history of ${target.id}`, () =>
    entriesOf(connection, target.key, decisions ? limit : ENTRIES_MAX),
  );
  if (decisions) tellDecisions(entries.slice(-limit), options);
  else tellReleases(connection, entries, limit, options);
  return EXIT.done;
}

/** Oldest first: what was written, and what a handling still owes. */
async function entriesOf({ aws }: Connection, key: string, limit: number) {
  // The record first: what it no longer owes by then was written before.
  const owed = (await aws.records.load(key))?.record.outbox.history ?? [];
  const written = await aws.history.newest(key, limit);
  const all = new Map([...written, ...owed].map((entry) => [entry.sequence, entry]));
  return [...all.values()].sort((a, b) => a.sequence - b.sequence);
}

function tellReleases(
  connection: Connection,
  entries: readonly HistoryEntry[],
  limit: number,
  options: CommonOptions,
): void {
  const rows = releasesIn(entries).slice(0, limit);
  if (options.json) {
    for (const row of rows) json(row);
    return;
  }
  if (rows.length === 0) {
    line('no release yet; `--decisions` shows what was decided');
    return;
  }
  const now = connection.now();
  line(
    table(
      ['release', 'images', 'state', 'because', 'who', 'when'],
      rows.map((row) => [
        colors.bold(row.release?.split('/').at(-1) ?? row.revision ?? '–'),
        row.images,
        paintOf(row.state)(row.state),
        row.because,
        row.who,
        when(Date.parse(row.at), now),
      ]),
      colors,
    ),
  );
}

function paintOf(state: string) {
  if (state === 'proven' || state === 'adopted') return colors.green;
  return state === 'rolled-back' || state === 'failed' || state === 'needs-attention'
    ? colors.red
    : colors.yellow;
}

function tellDecisions(entries: readonly HistoryEntry[], options: CommonOptions): void {
  for (const { sequence, event, because, phase, announcements: told } of entries) {
    const moment =
      event.type === 'Observed' ? event.observation.at : 'at' in event ? event.at : undefined;
    const at = moment === undefined ? null : iso(moment);
    if (options.json) {
      json({ sequence, at, event: event.type, phase, because, ...whoIn(event), told: told ?? [] });
    } else {
      const by = event.type === 'CommandReceived' ? ` (${event.by})` : '';
      line(
        `${String(sequence).padStart(5)}  ${colors.dim(at?.slice(0, 19) ?? '')}  ${event.type.padEnd(18)} ${phase.padEnd(10)} ${because}${by}`,
      );
    }
  }
}

function whoIn(event: HistoryEntry['event']) {
  return event.type === 'CommandReceived' ? { by: event.by, ask: event.command } : {};
}
