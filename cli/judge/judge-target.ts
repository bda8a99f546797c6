/** `slipway judge <target>`: releases of the past, played to the judge from what CloudWatch keeps of them. */
import type { Target } from '../../shared/config/config.ts';
import { revisionName } from '../../shared/core/model/image.ts';
import { type Played, play } from '../../shared/judge/play.ts';
import type { Unjudged } from '../../shared/reconcile/judge-release.ts';
import type { Given } from '../command.ts';
import type { Connection } from '../connect/connection.ts';
import { ENTRIES_MAX, entriesOf } from '../connect/history-entries.ts';
import type { CommonOptions } from '../connect/options.ts';
import { targetNamed } from '../connect/targets.ts';
import { UsageError } from '../output/command-error.ts';
import { EXIT, type ExitCode } from '../output/exit.ts';
import { colors, json, line } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';
import { iso } from '../output/words.ts';
import { forPrograms, inWords, JUDGE_FORMAT } from './in-words.ts';
import { minutesOf, namesOf, type PastRelease, pastReleases } from './past-release.ts';

export interface WhichReleases {
  /** As `slipway history` counts them; absent: the newest ones. */
  readonly release?: number;
  readonly last: number;
}

const LAST_MAX = 100;

/** Throws `UsageError`. */
export function whichIn({ release, last = '1' }: Given): WhichReleases {
  const most = whole('--last', last, LAST_MAX);
  return release === undefined
    ? { last: most }
    : { last: most, release: whole('--release', String(release).replace(/^#/, ''), 1e9) };
}

function whole(name: string, given: unknown, most: number): number {
  const number = Number(given);
  if (/^\d+$/.test(String(given)) && number >= 1 && number <= most) return number;
  throw new UsageError(`${name} is "${given}", expected a whole number from 1 to ${most}`);
}

export async function judgeTarget(
  connection: Connection,
  name: string,
  { release, last, ...options }: WhichReleases & CommonOptions,
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, name);
  const entries = await withProgress(`reading the history of ${target.id}`, () =>
    entriesOf(connection, target.key, ENTRIES_MAX),
  );
  const all = pastReleases(entries);
  const chosen =
    release === undefined ? all.slice(-last) : all.filter(({ number }) => number === release);
  if (release !== undefined && chosen.length === 0) {
    throw new UsageError(
      `${target.id} has no release #${release} that was started; \`slipway history ${target.id}\` has them`,
    );
  }
  if (chosen.length === 0 && !options.json) line('no release was started yet');
  for (const past of chosen.toReversed()) {
    const said = await withProgress(`reading the minutes of #${past.number}`, () =>
      sayOf(connection, target, past),
    );
    print(past, said, options);
  }
  return EXIT.done;
}

async function sayOf(
  connection: Connection,
  target: Target,
  past: PastRelease,
): Promise<Played | Unjudged> {
  const read = await minutesOf(connection, target, past);
  if ('state' in read) return read;
  const minutes = read.minutes.map((minute, i) => ({
    ...minute,
    minute: i,
    publishedAfter: PUBLISHED_AFTER,
    bad: minute.newE ?? 0,
  }));
  const { slowMs } = target.rules;
  const options = { names: namesOf(past), ...(slowMs !== undefined && { slowMs }) };
  return play({ history: read.history, minutes }, options);
}

/** When each could be read that day is not kept: 60 to 90 s after its end is what was seen. */
const PUBLISHED_AFTER = 75;

function print(past: PastRelease, said: Played | Unjudged, options: CommonOptions): void {
  const { number, startedAt, revision, end } = past;
  if (options.json) {
    const about = { release: number, revision: revisionName(revision), startedAt: iso(startedAt) };
    const became = { became: end?.kind ?? null, endedAt: end === undefined ? null : iso(end.at) };
    const verdict = 'states' in said ? forPrograms(said) : { format: JUDGE_FORMAT, ...said };
    json({ ...verdict, ...about, ...became });
    return;
  }
  const became = end === undefined ? 'on its way' : end.kind;
  line(`#${number}  ${revisionName(revision)}, ${iso(startedAt)}, ${colors.dim(became)}`);
  if (!('states' in said)) line(`  ${colors.bold('cannot be judged')}: ${said.because}`);
  else
    for (const text of inWords(undefined, said, 'failed answers of the new revision'))
      line(`  ${text}`);
}
