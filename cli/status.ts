/** `slipway status`: what happened, what runs, what comes next; one line a target, or all about one. */
import { Option } from 'commander';
import { claimLines } from './claims/shown.ts';
import { type CommandDefinition, GROUPS, option, TARGET } from './command.ts';
import { type Connection, connect } from './connect/connection.ts';
import { type CommonOptions, commonOptions, secondsIn } from './connect/options.ts';
import type { Status } from './connect/target-status.ts';
import { targetsNamed } from './connect/targets.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { colors, json, line, note } from './output/print.ts';
import { withProgress } from './output/progress.ts';
import { when } from './output/times.ts';

const EVERY_SECONDS_MAX = 3_600;

export const statusCommand: CommandDefinition = {
  usage: 'status [target]',
  group: GROUPS.look,
  about: 'what happened, what runs and what comes next: one line a target, or all about one',
  more: 'Trouble comes first. On a terminal many quiet targets are one line.',
  arguments: { target: `${TARGET}; all of them unless named` },
  options: [
    new Option('--all', 'name each quiet target, too'),
    new Option('--watch', 'again and again, until Ctrl-C'),
    option('--every <seconds>', 'between two rounds of --watch', '5'),
  ],
  examples: ['slipway status', 'slipway status web --watch --local'],
  run: async ([target], given) => {
    const everyMs = secondsIn('--every', String(given.every), EVERY_SECONDS_MAX) * 1000;
    const asked = { watch: given.watch === true, all: given.all === true, everyMs };
    const options = { ...commonOptions(given), ...asked };
    return await status(await connect(options, target), target, options);
  },
};

export interface StatusOptions extends CommonOptions {
  readonly watch: boolean;
  /** Quiet targets are not folded. */
  readonly all: boolean;
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
  const look = () => withProgress('asking AWS', () => statusOf(connection, targets, options));
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

async function show(now: Status, options: StatusOptions): Promise<void> {
  if (options.json) {
    json(now);
    return;
  }
  const at = Date.parse(now.at);
  line(colors.dim(`${now.place}, ${now.at.slice(0, 19).replace('T', ' ')} UTC`));
  if (now.stop !== null) {
    const { by, because, since } = now.stop;
    line(
      colors.red(`all targets are held by ${by} since ${when(Date.parse(since), at)}: ${because}`),
    );
  }
  const [only, ...others] = now.targets;
  if (only !== undefined && others.length === 0) {
    const { statusDetail } = await import('./output/status/status-detail.ts');
    line(statusDetail(only, at));
    for (const one of claimLines(now.claims, at)) line(`\n${colors.yellow(one)}`);
    for (const one of now.unseen.filter((why) => !only.unseen.includes(why))) {
      note(colors.red(`could not be seen: ${one}`));
    }
    return;
  }
  const { statusLines } = await import('./output/status/status-lines.ts');
  for (const one of statusLines(now.targets, at, placeOf(options))) line(one);
  // Beside the columns, which a program may read.
  for (const one of claimLines(now.claims, at)) note(colors.yellow(one));
  for (const one of now.unseen) note(colors.red(`could not be seen: ${one}`));
}

/** A pipe has room for every target and every word. */
function placeOf({ all, watch }: StatusOptions) {
  const { isTTY, columns, rows } = process.stdout;
  if (isTTY !== true) return { folds: false };
  return { folds: !all, columns, ...(watch && rows !== undefined ? { rows: rows - 4 } : {}) };
}
