/** `slipway stats`: DORA's four figures and the seconds of the way back, from the history of the targets. */
import { momentOf } from '../shared/core/model/event.ts';
import type { HistoryEntry } from '../shared/core/model/record/outbox.ts';
import { type CommandDefinition, type Given, GROUPS, option, TARGET } from './command.ts';
import { type Connection, connect } from './connect/connection.ts';
import { ENTRIES_MAX, entriesOf } from './connect/history-entries.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { targetsNamed } from './connect/targets.ts';
import { UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { colors, json, line, width } from './output/print.ts';
import { withProgress } from './output/progress.ts';
import type { Figures, Spread } from './output/stats/figures.ts';
import { duration } from './output/times.ts';
import { iso } from './output/words.ts';
import { wrapped } from './output/wrapped.ts';

export const STATS_FORMAT = 'slipway.stats/1';
const DAY = 86_400_000;
const DAYS_MAX = 3_650;
/** Histories are read so many at a time: a Query each. */
const AT_ONCE = 8;

export const statsCommand: CommandDefinition = {
  usage: 'stats [target]',
  group: GROUPS.look,
  about: 'how often, how fast, how many failed, how fast it was back: DORA, and the way back',
  arguments: { target: `${TARGET}; all unless one is named` },
  options: [option('--days <n>', 'of the last so many days, 1 to 3650', '30')],
  examples: ['slipway stats', 'slipway stats web --days 90 --json'],
  run: async ([target], given) => {
    const options = { ...commonOptions(given), days: daysIn(given) };
    return await stats(await connect(options, target), target, options);
  },
};

function daysIn({ days }: Given): number {
  const number = Number(days);
  if (/^\d+$/.test(String(days)) && number >= 1 && number <= DAYS_MAX) return number;
  throw new UsageError(`--days is "${days}", expected whole days from 1 to ${DAYS_MAX}`);
}

export interface StatsOptions extends CommonOptions {
  readonly days: number;
}

interface TargetStats extends Figures {
  readonly target: string;
  readonly key: string;
  /** The oldest that its history has; null: it has none. Before that nothing is known. */
  readonly knownSince: string | null;
}

export async function stats(
  connection: Connection,
  name: string | undefined,
  { days, ...options }: StatsOptions,
): Promise<ExitCode> {
  const { figuresOf } = await import('./output/stats/figures.ts');
  const { releaseTimes } = await import('./output/stats/release-times.ts');
  const until = connection.now();
  const within = { since: until - days * DAY, until };
  const targets = targetsNamed(connection.pipeline, name);
  const read = await withProgress(`reading the history of ${targets.length} targets`, () =>
    eachOf(targets, async ({ id, key }) => {
      const entries = await entriesOf(connection, key, ENTRIES_MAX);
      return { id, key, since: oldest(entries), times: releaseTimes(entries) };
    }),
  );
  const shown = read.map(({ id, key, since, times }) => ({
    target: id,
    key,
    knownSince: since === undefined ? null : iso(since),
    ...figuresOf([times], within),
  }));
  const all = figuresOf(
    read.map(({ times }) => times),
    within,
  );
  if (options.json) {
    const [since, to] = [iso(within.since), iso(until)];
    json({ format: STATS_FORMAT, since, until: to, days, targets: shown, all });
  } else await print(shown, all, within.since, days);
  return EXIT.done;
}

async function eachOf<T, R>(all: readonly T[], ask: (one: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let i = 0; i < all.length; i += AT_ONCE) {
    answers.push(...(await Promise.all(all.slice(i, i + AT_ONCE).map(ask))));
  }
  return answers;
}

function oldest(entries: readonly HistoryEntry[]): number | undefined {
  return entries.map(({ event }) => momentOf(event)).find((at) => at !== undefined);
}

const HEAD = ['target', 'releases', 'a day', 'lead time', 'failed', 'restored in', 'way back'];

async function print(
  targets: readonly TargetStats[],
  all: Figures,
  since: number,
  days: number,
): Promise<void> {
  const { table } = await import('./output/table.ts');
  const rows = targets.map((one) => row(one.target, one));
  line(table(HEAD, targets.length > 1 ? [...rows, row('all', all)] : rows, colors));
  for (const note of notesOf(targets, all, since, days)) {
    line(colors.dim(wrapped(note, width())));
  }
}

function row(name: string, figures: Figures): readonly string[] {
  const { releases, perDay, leadTime, failed, failureRate, restore, wayBack } = figures;
  return [
    colors.bold(name),
    String(releases),
    String(perDay),
    inWords(leadTime),
    failureRate === null ? 'n/a' : `${failed}, ${Math.round(failureRate * 100)} %`,
    inWords(restore),
    inWords(wayBack),
  ];
}

/** The median, and the longest where it is another. */
function inWords({ median, longest }: Spread): string {
  if (median === null || longest === null) return 'n/a';
  const most = longest === median ? '' : `, at most ${duration(longest * 1000)}`;
  return `${duration(median * 1000)}${most}`;
}

/** What the figures mean here, and what they do not know. */
function notesOf(
  targets: readonly TargetStats[],
  all: Figures,
  since: number,
  days: number,
): readonly string[] {
  const young = targets.filter(
    ({ knownSince }) => knownSince === null || Date.parse(knownSince) > since,
  );
  return [
    `Of the last ${days} days; medians. Lead time: from the push of the image (when its commit was made is not recorded) to ECS's SUCCESSFUL. Restored: from the start of a release that failed. Way back: from the evidence to the old version serving everybody.`,
    ...(young.length === 0
      ? []
      : [
          `The history does not go back so far for ${young.map(({ target }) => target).join(', ')}: what was before is not counted.`,
        ]),
    ...(all.failureRate === null
      ? ['No release has ended proven or failed, so there is no failure rate.']
      : []),
    ...(all.notRestored === 0
      ? []
      : [
          `${all.notRestored} that failed ${all.notRestored === 1 ? 'is' : 'are'} not restored yet.`,
        ]),
    ...(all.wayBack.of > all.wayBackDated
      ? [
          `${all.wayBack.of - all.wayBackDated} way back counts from when Slipway saw the evidence, which does not date itself.`,
        ]
      : []),
  ];
}
