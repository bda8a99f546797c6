/** `slipway history`: every release with its state, why, and who asked; or every decision. */
import { Option } from 'commander';
import { momentOf } from '../shared/core/model/event.ts';
import { lastPart } from '../shared/core/model/image.ts';
import type { HistoryEntry } from '../shared/core/model/record/outbox.ts';
import { type CommandDefinition, type Given, GROUPS, option, TARGET } from './command.ts';
import { type Connection, connect } from './connect/connection.ts';
import { ENTRIES_MAX, entriesOf } from './connect/history-entries.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { targetNamed } from './connect/targets.ts';
import { UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { colors, json, line } from './output/print.ts';
import { withProgress } from './output/progress.ts';
import type { ReleaseRow } from './output/releases.ts';
import { when } from './output/times.ts';
import { imagesInWords, iso } from './output/words.ts';

/** Of each line. */
export const HISTORY_FORMAT = 'slipway.history/1';
export const DECISIONS_FORMAT = 'slipway.decisions/1';
const LIMIT_MAX = 1_000;

export const historyCommand: CommandDefinition = {
  usage: 'history <target>',
  group: GROUPS.look,
  about: 'every release: its state, why, and who asked for it',
  arguments: { target: TARGET },
  options: [
    new Option('--decisions', 'each decision instead, oldest first'),
    option('--limit <n>', 'how many, the newest ones', '20'),
  ],
  examples: ['slipway history web', 'slipway history web --decisions --limit 100'],
  run: async ([target = ''], given) => {
    const options = {
      ...commonOptions(given),
      decisions: given.decisions === true,
      limit: limitIn(given),
    };
    return await history(await connect(options, target), target, options);
  },
};

function limitIn({ limit }: Given): number {
  const number = Number(limit);
  if (/^\d+$/.test(String(limit)) && number >= 1 && number <= LIMIT_MAX) return number;
  throw new UsageError(`--limit is "${limit}", expected a whole number from 1 to ${LIMIT_MAX}`);
}

export interface HistoryOptions extends CommonOptions {
  readonly decisions: boolean;
  /** Of the newest. */
  readonly limit: number;
}

export async function history(
  connection: Connection,
  name: string,
  { decisions, limit, ...options }: HistoryOptions,
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, name);
  const entries = await withProgress(`reading the history of ${target.id}`, () =>
    entriesOf(connection, target.key, decisions ? limit : ENTRIES_MAX),
  );
  if (decisions) printDecisions(entries.slice(-limit), options);
  else await printReleases(connection, entries, limit, options);
  return EXIT.done;
}

async function printReleases(
  connection: Connection,
  entries: readonly HistoryEntry[],
  limit: number,
  options: CommonOptions,
): Promise<void> {
  const { releasesIn } = await import('./output/releases.ts');
  const rows = releasesIn(entries).slice(0, limit);
  if (options.json) {
    for (const row of rows) json({ format: HISTORY_FORMAT, ...row });
    return;
  }
  if (rows.length === 0) {
    line('no release yet; `--decisions` shows what was decided');
    return;
  }
  const { table } = await import('./output/table.ts');
  const now = connection.now();
  line(
    table(
      ['release', 'images', 'state', 'because', 'who', 'when'],
      rows.map((row) => [
        colors.bold(numberOf(row) ?? row.revision ?? '–'),
        imagesInWords(row.images),
        paintOf(row.state)(row.state),
        row.because,
        row.who,
        when(Date.parse(row.at), now),
      ]),
      colors,
    ),
  );
}

/** `#2`: releases are counted, and revisions of the task definition by themselves. */
function numberOf({ release }: ReleaseRow): string | undefined {
  return release === null ? undefined : `#${lastPart(release)}`;
}

function paintOf(state: string) {
  if (state === 'proven' || state === 'adopted') return colors.green;
  return state === 'rolled-back' || state === 'failed' || state === 'needs-attention'
    ? colors.red
    : colors.yellow;
}

function printDecisions(entries: readonly HistoryEntry[], options: CommonOptions): void {
  for (const { sequence, event, because, phase, announcements: told } of entries) {
    const moment = momentOf(event);
    const at = moment === undefined ? null : iso(moment);
    if (options.json) {
      const what = { sequence, at, event: event.type, phase, because };
      json({ format: DECISIONS_FORMAT, ...what, ...whoIn(event), told: told ?? [] });
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
