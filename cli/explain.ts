/**
 * `slipway explain`: what is remembered, what one real look finds, each rule with yes or no, and what
 * would happen next. It changes nothing.
 */
import type { Target } from '../shared/config/config.ts';
import type { Tried } from '../shared/core/explain/rule-result.ts';
import type { TargetRecord } from '../shared/core/model/record/target-record.ts';
import type { Preview } from '../shared/reconcile/preview.ts';
import type { ClaimShown } from './claims/shown.ts';
import { type CommandDefinition, GROUPS, TARGET } from './command.ts';
import { type Connection, connect } from './connect/connection.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import type { TargetStatus } from './connect/target-status.ts';
import { targetNamed } from './connect/targets.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { type CallShown, heading, printCalls } from './output/plan/calls.ts';
import { colors, json, line, width } from './output/print.ts';
import { withProgress } from './output/progress.ts';
import { remembered } from './output/remembered.ts';
import { when } from './output/times.ts';
import { rollbackInWords } from './output/words.ts';
import { wrapped } from './output/wrapped.ts';

export const EXPLAIN_FORMAT = 'slipway.explain/1';

export const explainCommand: CommandDefinition = {
  usage: 'explain <target>',
  group: GROUPS.look,
  about: 'what it does next and why: each rule, tried on a look just now',
  more: 'The record, the rules with yes or no, the next call to AWS, whether it could roll back now, and when it looks again. It looks for itself, with your rights, and saves nothing.',
  arguments: { target: TARGET },
  examples: ['slipway explain web'],
  run: async ([target = ''], given) => {
    const options = commonOptions(given);
    return await explain(await connect(options, target), target, options);
  },
};

export async function explain(
  connection: Connection,
  name: string,
  options: CommonOptions,
): Promise<ExitCode> {
  const { preview } = await import('../shared/reconcile/preview.ts');
  const { statusOf } = await import('./connect/target-status.ts');
  const { nextCalls } = await import('./connect/next-calls.ts');
  const target = targetNamed(connection.pipeline, name);
  const { aws } = connection;
  const { stored, found, calls, answer, claims } = await withProgress(
    `looking at ${target.id}`,
    async () => {
      const [stored, stop, status] = await Promise.all([
        aws.records.load(target.key),
        aws.records.stop(),
        statusOf(connection, [target], options),
      ]);
      const eyes = aws.eyes();
      const found = await preview(target, stored?.record, eyes, { stop });
      const calls = await nextCalls(target, found, eyes);
      const {
        targets: [answer],
        claims,
      } = status;
      return { stored: stored?.record, found, calls, answer, claims };
    },
  );
  if (options.json) {
    const { looks, after } = found;
    json({
      format: EXPLAIN_FORMAT,
      target: target.id,
      answer: answer ?? null,
      record: stored ?? null,
      looks,
      calls,
      couldRollBack: answer?.couldRollBack ?? null,
      claims,
      lookAt: after.observeAt ?? null,
    });
  } else await print(target, { stored, found, calls, answer, claims }, connection.now());
  return EXIT.done;
}

interface Explained {
  readonly stored: TargetRecord | undefined;
  readonly found: Preview;
  readonly calls: readonly CallShown[];
  readonly answer: TargetStatus | undefined;
  readonly claims: readonly ClaimShown[];
}

async function print(
  { id, key, rules }: Target,
  { stored, found, calls, answer, claims }: Explained,
  now: number,
): Promise<void> {
  const { sides } = await import('./output/table.ts');
  line(`${colors.bold(id)}  ${colors.dim(`${key}, mode ${rules.mode}`)}`);
  if (answer !== undefined) line(wrapped(answer.headline, width()));
  heading('what is remembered');
  line(
    stored === undefined
      ? '  nothing yet'
      : indented(sides(remembered(stored, now), colors, width() - 2)),
  );
  for (const [i, { tried, because, phase }] of found.looks.entries()) {
    heading(i === 0 ? 'each rule, tried on a look just now' : 'and on a second look, at once');
    for (const one of tried) line(`  ${ruleLine(one)}`);
    line(`  ${colors.bold('so')}       ${phase}: ${because}`);
  }
  if (claims.length > 0) {
    heading('images that others built');
    for (const claim of claims) {
      line(`  ${claim.because} (${when(Date.parse(claim.at), now)})`);
      line(`  ${claim.outlook}; a person may deploy it by hand:`);
      line(`    ${colors.bold(claim.command)}`);
    }
  }
  heading('the next call');
  printCalls(calls);
  if (answer !== undefined) {
    heading('could it roll back now');
    line(`  ${rollbackInWords(answer.couldRollBack)}`);
  }
  heading('it looks again');
  const { observeAt: lookAt } = found.after;
  line(`  ${lookAt === undefined ? 'when the next event comes' : when(lookAt, now)}`);
  line();
  line(colors.dim('Nothing was changed.'));
}

function ruleLine({ rule, verdict, because }: Tried): string {
  const paint = { yes: colors.green, no: colors.red, unknown: colors.yellow }[verdict];
  return `${paint(verdict.padEnd(7))}  ${rule}${because === undefined ? '' : `: ${because}`}`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
