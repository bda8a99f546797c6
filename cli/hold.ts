/** `slipway hold` and `slipway resume`: of one target, or of the whole account by its stop switch. */
import { Option } from 'commander';
import { defined } from '../shared/core/model/defined.ts';
import { HOLD_MINUTES_MAX } from '../shared/core/model/record/waiting.ts';
import { durationMinutes } from '../shared/parsing/duration.ts';
import {
  type CommandDefinition,
  type Given,
  GROUPS,
  reasonOptions,
  TARGET,
  yesOption,
} from './command.ts';
import { type CommandOptions, commandOptions } from './connect/command-options.ts';
import { type Connection, connect } from './connect/connection.ts';
import { sendCommand } from './connect/send-command.ts';
import { targetNamed } from './connect/targets.ts';
import { UsageError } from './output/command-error.ts';
import { confirmed } from './output/confirm.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { json, line, note } from './output/print.ts';
import { withProgress } from './output/progress.ts';
import { when } from './output/times.ts';
import { iso } from './output/words.ts';

export const HOLD_HELP =
  'With --all it is written at once and not sent, since it must work when no queue moves; only then it asks first.';

export function holdOptions(): readonly Option[] {
  const all = new Option('--all', 'the whole account: its one stop switch');
  return [all, ...reasonOptions(), yesOption()];
}

export const holdCommand: CommandDefinition = {
  usage: 'hold [target]',
  group: GROUPS.change,
  about: 'starts nothing new; rollbacks still go through',
  more: HOLD_HELP,
  arguments: { target: TARGET },
  options: [
    new Option('--for <time>', 'it ends by itself after that: 30m, 2h, 3d; at most 14d'),
    ...holdOptions(),
  ],
  examples: [
    'slipway hold web --for 2h --because "the sale begins at noon"',
    'slipway hold web --because "black friday"',
    'slipway hold --all --because "black friday"',
  ],
  run: async ([target], given) => await runHoldOrResume('hold', target, given),
};

export async function runHoldOrResume(
  command: 'hold' | 'resume',
  target: string | undefined,
  given: Given,
): Promise<ExitCode> {
  const minutes = given.for === undefined ? {} : { minutes: minutesIn(String(given.for)) };
  const options = { ...commandOptions(given), all: given.all === true, ...minutes };
  return await holdOrResume(await connect(options, target), command, target, options);
}

export async function holdOrResume(
  connection: Connection,
  command: 'hold' | 'resume',
  name: string | undefined,
  options: CommandOptions & { readonly all: boolean; readonly minutes?: number },
): Promise<ExitCode> {
  if ((name === undefined) !== options.all) {
    throw new UsageError(`${command} needs a target, or --all${options.all ? ', not both' : ''}`);
  }
  const { minutes } = options;
  if (name === undefined) {
    if (minutes === undefined) return await turnAll(connection, command, options);
    throw new UsageError('--for is of one target: a hold of all is ended by a person');
  }
  const target = targetNamed(connection.pipeline, name);
  const what = `${command} ${target.id}`;
  const ask = command === 'hold' ? defined({ do: command, minutes }) : ({ do: command } as const);
  return await sendCommand(connection, target, { ask, what }, options);
}

/** `2h`: how long a hold lasts. */
function minutesIn(text: string): number {
  const minutes = durationMinutes(text);
  if (minutes !== undefined && minutes <= HOLD_MINUTES_MAX) return minutes;
  throw new UsageError(`--for is "${text}", expected 30m, 2h or 3d, at most 14d`);
}

/** Written directly and not sent: it must work when no queue moves. */
async function turnAll(
  connection: Connection,
  command: 'hold' | 'resume',
  options: CommandOptions,
): Promise<ExitCode> {
  const { aws, by, place } = connection;
  const question =
    command === 'hold'
      ? `Hold all targets, in ${place}? Nothing new starts; rollbacks still go through.`
      : `Let all targets go on, in ${place}? What waits starts within two minutes.`;
  if (!(await confirmed(`${command} --all`, question, options))) {
    note('nothing was changed');
    return EXIT.no;
  }
  const { because } = options;
  const { changed, state } = await withProgress('turning the stop switch', () =>
    aws.stop.turn(command === 'hold' ? 'on' : 'off', { by, because }),
  );
  const stopped = state.hold !== undefined;
  const { by: who, because: why, since } = state.changed;
  if (options.json) json({ all: true, stopped, changed, by: who, because: why, since: iso(since) });
  else {
    const now = stopped ? 'all targets are held' : 'all targets may go on';
    line(
      `${now}${changed ? '' : ', as before'}: ${who}: ${why} (${when(since, connection.now())})`,
    );
    if (changed) line(stopped ? HELD : RESUMED);
  }
  // Somebody may have turned it the other way in the same moment.
  return stopped === (command === 'hold') ? EXIT.done : EXIT.no;
}

const HELD =
  'Nothing new starts; a handling that had begun before may still, within 30 seconds. Rollbacks go through.';
const RESUMED =
  'What waits starts within two minutes. Targets that are held by themselves stay held.';
