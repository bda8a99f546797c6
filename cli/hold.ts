/** `slipway hold` and `slipway resume`: of one target, or of the whole account by its stop switch. */

import { json, line, note } from './print.ts';
import { confirmed } from './speaking/confirm.ts';
import type { Connection } from './speaking/connection.ts';
import { EXIT, type ExitCode } from './speaking/exit.ts';
import { withProgress } from './speaking/progress.ts';
import { targetNamed } from './speaking/targets.ts';
import { when } from './speaking/times.ts';
import { UsageError } from './speaking/usage.ts';
import { sayWord } from './speaking/word.ts';
import type { WordOptions } from './speaking/word-options.ts';
import { iso } from './speaking/words.ts';

export async function holdOrResume(
  connection: Connection,
  command: 'hold' | 'resume',
  word: string | undefined,
  options: WordOptions & { readonly all: boolean },
): Promise<ExitCode> {
  if ((word === undefined) !== options.all) {
    throw new UsageError(`${command} needs a target, or --all${options.all ? ', not both' : ''}`);
  }
  if (word === undefined) return await turnAll(connection, command, options);
  const target = targetNamed(connection.pipeline, word);
  const what = `${command} ${target.id}`;
  return await sayWord(connection, target, { command: { do: command }, what }, options);
}

/** Written directly and not sent: it must work when no queue moves. */
async function turnAll(
  connection: Connection,
  command: 'hold' | 'resume',
  options: WordOptions,
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
