/**
 * `slipway explain`: what is remembered, what one real look finds, each rule with yes or no, and what
 * would happen next. It changes nothing.
 */
import type { Target } from '../shared/config/config.ts';
import type { Tried } from '../shared/core/explain/rule-result.ts';
import type { TargetRecord } from '../shared/core/model/record.ts';
import { type Preview, preview } from '../shared/reconcile/preview.ts';
import { type CallShown, callShown, differenceLines } from './calls.ts';
import { colors, json, line } from './print.ts';
import type { Connection } from './speaking/connection.ts';
import { EXIT, type ExitCode } from './speaking/exit.ts';
import type { CommonOptions } from './speaking/options.ts';
import { withProgress } from './speaking/progress.ts';
import { sides } from './speaking/table.ts';
import { targetNamed } from './speaking/targets.ts';
import { when } from './speaking/times.ts';
import { imagesInWords, revisionName, waitingImages } from './speaking/words.ts';

export async function explain(
  connection: Connection,
  word: string,
  options: CommonOptions,
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, word);
  const { aws } = connection;
  const { stored, found, calls } = await withProgress(`looking at ${target.id}`, async () => {
    const [stored, stop] = await Promise.all([aws.records.load(target.key), aws.records.stop()]);
    const eyes = aws.eyes();
    const found = await preview(target, stored?.record, eyes, { stop });
    return { stored: stored?.record, found, calls: await callsOf(target, found, eyes) };
  });
  if (options.json) {
    const { looks, after } = found;
    json({
      target: target.id,
      record: stored ?? null,
      looks,
      calls,
      lookAt: after.observeAt ?? null,
    });
  } else print(target, stored, found, calls, connection.now());
  return EXIT.done;
}

/** What would be called, beside what is there now. */
export async function callsOf(
  { cluster, service }: Target,
  { actions, looks }: Preview,
  { rawDefinition }: ReturnType<Connection['aws']['eyes']>,
): Promise<readonly CallShown[]> {
  const seen = looks.at(-1)?.seen.service;
  const configuration = seen?.state === 'found' ? seen.deploymentConfiguration : {};
  const place = { cluster, service, configuration };
  return await Promise.all(actions.map((action) => callShown(action, place, rawDefinition)));
}

function print(
  { id, key, rules }: Target,
  stored: TargetRecord | undefined,
  found: Preview,
  calls: readonly CallShown[],
  now: number,
): void {
  line(`${colors.bold(id)}  ${colors.dim(`${key}, mode ${rules.mode}`)}`);
  heading('what is remembered');
  line(stored === undefined ? '  nothing yet' : indented(sides(remembered(stored, now), colors)));
  for (const [i, { tried, because, phase }] of found.looks.entries()) {
    heading(i === 0 ? 'each rule, tried on a look just now' : 'and on a second look, at once');
    for (const one of tried) line(`  ${ruleLine(one)}`);
    line(`  ${colors.bold('so')}       ${phase}: ${because}`);
  }
  heading('the next call');
  printCalls(calls);
  heading('it looks again');
  const { observeAt: lookAt } = found.after;
  line(`  ${lookAt === undefined ? 'when the next event comes' : when(lookAt, now)}`);
  line();
  line(colors.dim('Nothing was changed.'));
}

export function printCalls(calls: readonly CallShown[]): void {
  if (calls.length === 0) line('  none');
  for (const { call, what, differences } of calls) {
    line(`  ${colors.bold(call)}  ${what}`);
    for (const text of differences.flatMap(differenceLines)) {
      line(`    ${text.startsWith('-') ? colors.red(text) : colors.green(text)}`);
    }
  }
}

export function heading(text: string): void {
  line();
  line(colors.bold(text));
}

function remembered(record: TargetRecord, now: number): readonly (readonly [string, string])[] {
  const {
    phase,
    runs,
    rollbackCandidates,
    waiting,
    quarantine,
    hold,
    observedAt: lookedAt,
    observeAt: lookAt,
    newest: accepted,
  } = record;
  const candidates = rollbackCandidates.map(
    ({ release, images, revision }) =>
      `${release}: ${imagesInWords(images)}, ${revisionName(revision)}`,
  );
  const newest = Object.entries(accepted).map(
    ([name, { digest }]) => `${name} ${digest.slice(0, 19)}`,
  );
  return [
    ['phase', phase.phase],
    [
      'runs',
      runs === undefined
        ? 'not known'
        : `${imagesInWords(runs.images)}, ${revisionName(runs.revision)}, since ${when(runs.since, now)}`,
    ],
    ['proven', candidates.join('\n') || 'nothing'],
    [
      'waiting',
      Object.keys(waiting).length === 0 ? 'nothing' : imagesInWords(waitingImages(waiting)),
    ],
    ['newest taken', newest.join('\n') || 'nothing'],
    ['quarantined', quarantine.map(({ digest }) => digest.slice(0, 19)).join(', ') || 'nothing'],
    ...(hold === undefined ? [] : [['held', `by ${hold.by}: ${hold.because}`] as const]),
    ['last look', lookedAt === undefined ? 'never' : when(lookedAt, now)],
    ['next look', lookAt === undefined ? 'when the next event comes' : when(lookAt, now)],
  ];
}

function ruleLine({ rule, verdict, because }: Tried): string {
  const paint = { yes: colors.green, no: colors.red, unknown: colors.yellow }[verdict];
  return `${paint(verdict.padEnd(7))}  ${rule}${because === undefined ? '' : `: ${because}`}`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
