/** `slipway status`: where each target stands, and whether it could roll back now. */
import { Option } from 'commander';
import { shortDigest } from '../shared/core/model/image.ts';
import { type CommandDefinition, GROUPS, option, TARGET } from './command.ts';
import { type Connection, connect } from './connect/connection.ts';
import { type CommonOptions, commonOptions, secondsIn } from './connect/options.ts';
import type { Status, TargetStatus } from './connect/target-status.ts';
import { targetsNamed } from './connect/targets.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { colors, json, line, note } from './output/print.ts';
import { withProgress } from './output/progress.ts';
import { when } from './output/times.ts';
import { pendingInWords, rollbackInWords } from './output/words.ts';

const EVERY_SECONDS_MAX = 3_600;

export const statusCommand: CommandDefinition = {
  usage: 'status [target]',
  group: GROUPS.look,
  about: 'where each target stands, and whether it could roll back now',
  arguments: { target: `${TARGET}; all of them unless named` },
  options: [
    new Option('--watch', 'again and again, until Ctrl-C'),
    option('--every <seconds>', 'between two rounds of --watch', '5'),
  ],
  examples: ['slipway status', 'slipway status web --watch --local'],
  run: async ([target], given) => {
    const everyMs = secondsIn('--every', String(given.every), EVERY_SECONDS_MAX) * 1000;
    const options = { ...commonOptions(given), watch: given.watch === true, everyMs };
    return await status(await connect(options), target, options);
  },
};

export interface StatusOptions extends CommonOptions {
  readonly watch: boolean;
  /** Between two rounds of `--watch`. */
  readonly everyMs: number;
}

const CLEAR_SCREEN = '\u001b[2J\u001b[3J\u001b[H';

export async function status(
  connection: Connection,
  name: string | undefined,
  options: StatusOptions,
): Promise<ExitCode> {
  const { statusOf } = await import('./connect/target-status.ts');
  const targets = targetsNamed(connection.pipeline, name);
  const look = () => withProgress('asking AWS', () => statusOf(connection, targets));
  if (!options.watch) {
    await show(await look(), options);
    return EXIT.done;
  }
  for (let last = ''; ; await connection.wait(options.everyMs)) {
    await connection.sync();
    const now = await look();
    // Into a file or a program goes only what is new.
    const { at: _, ...state } = now;
    const fresh = JSON.stringify(state) !== last;
    last = JSON.stringify(state);
    const redraws = process.stdout.isTTY === true && !options.json;
    if (!redraws && !fresh) continue;
    if (redraws) process.stdout.write(CLEAR_SCREEN);
    await show(now, options);
    if (redraws) note(`\nagain every ${options.everyMs / 1000} s, until Ctrl-C`);
  }
}

async function show(now: Status, options: CommonOptions): Promise<void> {
  if (options.json) {
    json(now);
    return;
  }
  const at = Date.parse(now.at);
  line(colors.dim(`${now.place}, ${now.at}`));
  if (now.stop !== null) {
    const { by, because, since } = now.stop;
    line(colors.red(`all targets are held by ${by} since ${when(since, at)}: ${because}`));
  }
  const [only, ...others] = now.targets;
  if (only !== undefined && others.length === 0) line(await one(only, at));
  else line(await many(now.targets, at));
}

const HEAD = ['target', 'phase', 'running', 'wanted', 'since', 'next look', 'alarms'];

async function many(targets: readonly TargetStatus[], now: number): Promise<string> {
  const { table } = await import('./output/table.ts');
  return table(
    [...HEAD, 'could roll back now'],
    targets.map((target) => [
      colors.bold(target.target),
      phaseInWords(target),
      runningInWords(target),
      target.wanted,
      moment(target.since, now),
      moment(target.nextLook, now),
      alarmsInWords(target),
      couldRollBackInWords(target),
    ]),
    colors,
  );
}

async function one(target: TargetStatus, now: number): Promise<string> {
  const { sides } = await import('./output/table.ts');
  const { hold, quarantined } = target;
  const few = quarantined.slice(0, 5).map(shortDigest);
  const more =
    quarantined.length > few.length ? `, and ${quarantined.length - few.length} more` : '';
  return sides(
    [
      ['target', `${colors.bold(target.target)}  ${colors.dim(target.key)}`],
      ['phase', phaseInWords(target)],
      ...(target.because === null ? [] : [['because', target.because] as const]),
      ['running', runningInWords(target)],
      ['wanted', target.wanted],
      ['since', moment(target.since, now)],
      ['next look', moment(target.nextLook, now)],
      ['alarms', alarmsInWords(target)],
      ['could roll back now', couldRollBackInWords(target)],
      ...(hold === null
        ? []
        : [['held', `by ${hold.by} since ${when(hold.since, now)}: ${hold.because}`] as const]),
      ...target.pending.map(
        (asked) => ['waits for a second person', pendingInWords(asked, now)] as const,
      ),
      ...(few.length === 0 ? [] : [['quarantined', `${few.join(', ')}${more}`] as const]),
    ],
    colors,
  );
}

function phaseInWords({ phase, mode, because, hold }: TargetStatus): string {
  const paint =
    phase === 'rolling-back' || phase === 'needs-attention'
      ? colors.red
      : phase === 'idle'
        ? colors.green
        : colors.yellow;
  const held = hold !== null || because?.startsWith('held') === true ? ', held' : '';
  return `${paint(phase)}${held}${mode === 'watch' ? ' (watch mode)' : ''}`;
}

/** While ECS replaces tasks, those that leave are counted, too. */
function tasksInWords({ running, desired }: { running: number; desired: number }): string {
  return running > desired
    ? `${desired} tasks wanted, ${running} run: others are leaving`
    : `${running} of ${desired} tasks`;
}

function runningInWords({ running: { images, revision, tasks } }: TargetStatus): string {
  const count = tasks === null ? '' : `, ${tasksInWords(tasks)}`;
  return revision === null ? images : `${images}, ${revision}${count}`;
}

function alarmsInWords({ alarms }: TargetStatus): string {
  const states = Object.entries(alarms);
  if (states.length === 0) return 'none configured';
  return states
    .map(([name, state]) => `${name} ${(state === 'OK' ? colors.green : colors.red)(state)}`)
    .join('\n');
}

function couldRollBackInWords({ couldRollBack }: TargetStatus): string {
  const words = rollbackInWords(couldRollBack);
  return couldRollBack.possible
    ? words.replace('yes', colors.green('yes'))
    : words.replace('no', colors.yellow('no'));
}

function moment(iso: string | null, now: number): string {
  return iso === null ? '–' : when(Date.parse(iso), now);
}
