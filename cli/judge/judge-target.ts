/** `slipway judge <target>`: releases of the past, played to the judge from what CloudWatch keeps of them. */
import type { Target } from '../../shared/config/config.ts';
import type { Announcement } from '../../shared/core/model/announcement.ts';
import { defined } from '../../shared/core/model/defined.ts';
import { lastPart, revisionName, type TaskDefinitionArn } from '../../shared/core/model/image.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import { type Played, play } from '../../shared/judge/play.ts';
import { readRelease, type Unjudged } from '../../shared/reconcile/judge-release.ts';
import type { Given } from '../command.ts';
import type { Connection } from '../connect/connection.ts';
import type { CommonOptions } from '../connect/options.ts';
import { targetNamed } from '../connect/targets.ts';
import { ENTRIES_MAX, entriesOf } from '../history.ts';
import { UsageError } from '../output/command-error.ts';
import { EXIT, type ExitCode } from '../output/exit.ts';
import { colors, json, line } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';
import { iso } from '../output/words.ts';
import { forPrograms, inWords, JUDGE_FORMAT } from './in-words.ts';

export interface WhichReleases {
  /** As `slipway history` counts them; absent: the newest ones. */
  readonly release?: number;
  readonly last: number;
}

const LAST_MAX = 100;
const MINUTE = 60_000;
/** A release that nothing ended yet, or whose end is long after its traffic came, is read for so long. */
const READ_MS = 120 * MINUTE;
/** The rollout begins when ECS took the request: by its clock, which may be behind ours. */
const BEFORE_MS = 5 * MINUTE;

/** Throws `UsageError`. */
export function whichIn({ release, last }: Given): WhichReleases {
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

interface PastRelease {
  readonly number: number;
  readonly startedAt: number;
  readonly revision: TaskDefinitionArn;
  /** What ran before it, as far as it was told. */
  readonly old?: TaskDefinitionArn;
  /** Absent: it is still on its way. */
  readonly end?: Pick<Announcement, 'kind' | 'at'>;
}

const ENDS: ReadonlySet<Announcement['kind']> = new Set([
  'proven',
  'rolled-back',
  'failed',
  'superseded',
]);

/** Those that ECS was asked for, oldest first. */
function pastReleases(entries: readonly HistoryEntry[]): readonly PastRelease[] {
  const found = new Map<string, PastRelease>();
  let old: TaskDefinitionArn | undefined;
  for (const one of entries.flatMap(({ announcements = [] }) => announcements)) {
    const { release, revision, kind, at, runs } = one;
    old = runs?.revision ?? old;
    if (release === undefined) continue;
    const known = found.get(release);
    if (kind === 'started' && revision !== undefined) {
      const number = Number(lastPart(release));
      found.set(release, defined({ number, startedAt: at, revision, old }));
    } else if (known !== undefined && known.end === undefined && ENDS.has(kind)) {
      found.set(release, { ...known, end: { kind, at } });
    }
  }
  return [...found.values()];
}

async function sayOf(
  { aws, now }: Connection,
  { cluster, service }: Target,
  { startedAt, revision, old, end }: PastRelease,
): Promise<Played | Unjudged> {
  const { services, requestCounts } = aws.eyes();
  const since = startedAt - BEFORE_MS;
  const rollouts = (await services.rollouts({ cluster, service }, since, {})) ?? [];
  // The oldest of this revision: a later one is a return to it.
  const own = rollouts.filter((one) => one.revision === revision).at(-1);
  if (own === undefined) {
    return { state: 'unmeasured', because: 'ECS lists its rollout no longer' };
  }
  const until = Math.min(end?.at ?? now(), own.createdAt + READ_MS, now());
  const ports = { services, requestCounts };
  const asked = { serviceRevision: own.serviceRevision, since: own.createdAt };
  const read = await readRelease(asked, ports, { now: now(), until });
  if ('state' in read) return read;
  const minutes = read.minutes.map((minute, i) => ({
    ...minute,
    minute: i,
    publishedAfter: PUBLISHED_AFTER,
    bad: minute.newE ?? 0,
  }));
  const before = old === undefined ? 'the revision before' : revisionName(old);
  const names = { old: before, new: revisionName(revision) };
  return play({ history: read.history, minutes }, { names });
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
