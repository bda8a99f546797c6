/** `slipway why`: the diagnosis of one release: cause, evidence, what changed, and what to do. */
import { Option } from 'commander';
import { describeLastRelease } from '../shared/core/incident/last-release.ts';
import { imageLabel, lastPart, type TaskDefinitionArn } from '../shared/core/model/image.ts';
import { RELEASE_ENDS, type TargetRecord } from '../shared/core/model/record/target-record.ts';
import { withoutQuote } from '../shared/core/release/quote.ts';
import { type CommandDefinition, type Given, GROUPS, option, TARGET } from './command.ts';
import type { Closer, Meant } from './connect/closer/look-closer.ts';
import { type Connection, connect } from './connect/connection.ts';
import { ENTRIES_MAX, entriesOf } from './connect/history-entries.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { targetNamed } from './connect/targets.ts';
import { UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { nearestCounted } from './output/nearest.ts';
import { colors, json, line, width } from './output/print.ts';
import { withProgress } from './output/progress.ts';
import { redacted } from './output/redacted.ts';
import { when } from './output/times.ts';
import { harmInWords, imagesInWords, iso } from './output/words.ts';
import { wrapped } from './output/wrapped.ts';

export const WHY_FORMAT = 'slipway.why/1';
const LINES_MAX = 100;

export const whyCommand: CommandDefinition = {
  usage: 'why <target>',
  group: GROUPS.look,
  about: 'why a release failed: cause, evidence, last log lines, what changed, what to do',
  more: 'The newest release unless one is named. Log lines are read with your own rights; what looks like a secret in them is hidden.',
  arguments: { target: TARGET },
  options: [
    new Option(
      '--release <release>',
      'another one: its number (3 or #3), or its name in `history --json`',
    ),
    option('--lines <n>', 'how many lines of the log of the container that failed', '10'),
    new Option('--no-logs', 'read no log'),
    new Option(
      '--redact <expression>',
      'what the log must not show besides; again for another',
    ).argParser((text: string, before: readonly string[] = []) => [...before, text]),
  ],
  examples: ['slipway why web', 'slipway why web --release 3 --no-logs'],
  run: async ([target = ''], given) => {
    const options = { ...commonOptions(given), ...whyOptions(given) };
    return await why(await connect(options, target), target, options);
  },
};

export interface WhyOptions extends CommonOptions {
  readonly release?: string;
  /** 0: no log is read. */
  readonly lines: number;
  readonly redact: readonly RegExp[];
}

function whyOptions({
  release,
  lines,
  logs,
  redact,
}: Given): Omit<WhyOptions, keyof CommonOptions> {
  const count = Number(lines);
  if (!/^\d+$/.test(String(lines)) || count < 1 || count > LINES_MAX) {
    throw new UsageError(`--lines is "${lines}", expected a whole number from 1 to ${LINES_MAX}`);
  }
  return {
    ...(typeof release === 'string' ? { release } : {}),
    lines: logs === false ? 0 : count,
    redact: ((redact ?? []) as readonly string[]).map(expressionIn),
  };
}

function expressionIn(text: string): RegExp {
  try {
    return new RegExp(text, 'g');
  } catch {
    throw new UsageError(`--redact is "${text}", which is no regular expression`);
  }
}

export async function why(
  connection: Connection,
  name: string,
  options: WhyOptions,
): Promise<ExitCode> {
  const { lookCloser, newestRelease } = await import('./connect/closer/look-closer.ts');
  const target = targetNamed(connection.pipeline, name);
  const record = (await connection.aws.records.load(target.key))?.record;
  const meant =
    record === undefined || options.release === undefined
      ? record && newestRelease(record)
      : await releaseNamed(connection, record, options.release);
  if (record === undefined || meant === undefined) {
    throw new UsageError(`${target.id} has had no release yet: there is nothing to explain`);
  }
  const closer = await withProgress(`looking closer at ${target.id}`, () =>
    lookCloser(connection, target, record, meant, options),
  );
  const safe = { ...closer, ...hidden(closer, options.redact) };
  if (options.json) printJson(target.id, meant, safe);
  else print(target.id, meant, safe, connection.now());
  return EXIT.done;
}

function hidden({ log }: Closer, redact: readonly RegExp[]): Pick<Closer, 'log'> {
  if (log === undefined) return {};
  return { log: { ...log, lines: log.lines.map((text) => redacted(text, redact)) } };
}

/** By what was announced of it: the record knows the newest one only. Throws `UsageError`. */
async function releaseNamed(
  connection: Connection,
  record: TargetRecord,
  name: string,
): Promise<Meant> {
  const entries = await entriesOf(connection, record.key, ENTRIES_MAX);
  const told = entries.flatMap(({ announcements = [] }) => announcements);
  const number = name.replace(/^#/, '');
  const mine = told.filter(
    ({ release }) => release === name || release === `${record.key}/${number}`,
  );
  const end = mine.findLast(({ kind }) => RELEASE_ENDS.some((one) => one === kind)) ?? mine.at(-1);
  if (end === undefined) {
    const known = told.flatMap(({ release }) => (release === undefined ? [] : lastPart(release)));
    throw new UsageError(
      `no release of ${record.id} is "${name}"${nearestCounted(number, [...new Set(known)])}`,
    );
  }
  const { plain, aws } = withoutQuote(end.because);
  const kind = RELEASE_ENDS.find((one) => one === end.kind);
  const revision = mine.findLast((one) => one.revision !== undefined)?.revision;
  return {
    last: {
      became: kind ?? 'deploying',
      at: end.at,
      because: plain,
      ...(end.release === undefined ? {} : { release: end.release }),
      ...(end.images === undefined ? {} : { images: end.images }),
      ...(aws === undefined ? {} : { aws }),
    },
    ...(revision === undefined ? {} : { revision: revision as TaskDefinitionArn }),
  };
}

function printJson(target: string, { last }: Meant, closer: Closer): void {
  const { diagnosis, changed, badAnswers, log, unseen } = closer;
  const { failed, evidence, ...cause } = diagnosis;
  json({
    format: WHY_FORMAT,
    target,
    release: last.release ?? null,
    images: last.images ?? null,
    became: last.became,
    at: iso(last.at),
    cause,
    evidence: evidence.map(({ at, ...one }) => ({ ...one, at: at === undefined ? null : iso(at) })),
    failed: failed ?? null,
    changed: changed ?? null,
    badAnswers:
      badAnswers === undefined
        ? null
        : { ...badAnswers, from: iso(badAnswers.from), to: iso(badAnswers.to) },
    log: log ?? null,
    unseen,
  });
}

function print(target: string, { last }: Meant, closer: Closer, now: number): void {
  const { diagnosis, changed, badAnswers, log, unseen } = closer;
  const { release } = last;
  const number = release === undefined ? '' : ` #${lastPart(release)}`;
  line(`${colors.bold(`${target}${number}`)}  ${colors.dim(when(last.at, now))}`);
  line();
  const { because: _, ...short } = last;
  const cause = `${describeLastRelease(short)}: ${diagnosis.says}.`;
  line(colors.bold(wrapped(cause, width())));
  section(
    'Evidence',
    diagnosis.evidence.map(
      ({ from, text, at }) =>
        `${from}${at === undefined ? '' : ` at ${iso(at).slice(11, 19)} UTC`}: ${text}`,
    ),
  );
  if (badAnswers !== undefined)
    section('Harm', [
      harmInWords({ ...badAnswers, from: iso(badAnswers.from), to: iso(badAnswers.to) }),
    ]);
  if (log !== undefined)
    section(`Last lines of ${log.container}`, log.lines.length === 0 ? ['(nothing)'] : log.lines);
  if (changed !== undefined)
    section(`Changed since ${imagesInWords(changed.since.images)}, proven`, changes(changed));
  section('To do', [diagnosis.todo]);
  if (unseen.length > 0) section('Not seen', unseen);
}

function section(name: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  line();
  line(colors.dim(name));
  for (const one of lines) line(wrapped(`  ${one}`, width()));
}

function changes({
  images,
  commits,
  definition,
}: NonNullable<Closer['changed']>): readonly string[] {
  const all = [
    ...images.map(
      ({ container, from, to }) =>
        `image of "${container}": ${from === undefined ? 'none that is known' : imageLabel(from)} -> ${imageLabel(to)}`,
    ),
    ...commits,
    ...(definition ?? []).map(({ path }) => `task definition: ${path}`),
  ];
  if (all.length === 0) return ['nothing that is known: neither image nor task definition'];
  return definition?.length === 0 ? [...all, 'the task definition is otherwise the same'] : all;
}
