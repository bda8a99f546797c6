/** `slipway rollback`: to the last proven release, or to the one that is named. */
import { Option } from 'commander';
import { defined } from '../shared/core/model/defined.ts';
import { revisionName } from '../shared/core/model/image.ts';
import { wouldLeave } from '../shared/core/model/would-leave.ts';
import { isBelow } from '../shared/core/release/boundary.ts';
import { type CommandDefinition, GROUPS, reasonOptions, TARGET, yesOption } from './command.ts';
import { type CommandOptions, commandOptions } from './connect/command-options.ts';
import { type Connection, connect } from './connect/connection.ts';
import { releaseMeant } from './connect/proven-release.ts';
import { sendCommand } from './connect/send-command.ts';
import { targetNamed } from './connect/targets.ts';
import type { ExitCode } from './output/exit.ts';
import { withProgress } from './output/progress.ts';
import { imagesInWords } from './output/words.ts';

export const rollbackCommand: CommandDefinition = {
  usage: 'rollback <target>',
  group: GROUPS.change,
  about: 'goes back to the last proven release; what it leaves is quarantined',
  arguments: { target: TARGET },
  options: [
    new Option('--to <release>', 'another proven one: its number, revision, tag or digest'),
    ...reasonOptions(),
    yesOption(),
  ],
  examples: ['slipway rollback web --because "checkout is slow since noon"'],
  run: async ([target = ''], given) => {
    const to = typeof given.to === 'string' ? { to: given.to } : {};
    const options = { ...commandOptions(given), ...to };
    return await rollback(await connect(options, target), target, options);
  },
};

export async function rollback(
  connection: Connection,
  name: string,
  options: CommandOptions & { readonly to?: string },
): Promise<ExitCode> {
  const { asConfigured, previewReturn } = await import('../shared/reconcile/preview.ts');
  const target = targetNamed(connection.pipeline, name);
  const { aws } = connection;
  const stored = (await aws.records.load(target.key))?.record;
  const record = asConfigured(target, stored, connection.now());
  const to = options.to === undefined ? undefined : releaseMeant(record, options.to);
  const leaves = wouldLeave(record);
  const answer = await withProgress('looking for the way back', () =>
    previewReturn(record, aws.eyes(), to),
  );
  const goal = answer.possible
    ? `to ${imagesInWords(answer.candidate.images)} (${revisionName(answer.candidate.revision)})`
    : `(not possible now: ${answer.because})`;
  const crosses =
    answer.possible && isBelow(record, answer.candidate)
      ? ` That is below ${target.rules.notSafeBelow}, under which the config calls nothing safe.`
      : '';
  return await sendCommand(
    connection,
    target,
    {
      ask: defined({ do: 'rollback', to, leaves }),
      what: `roll ${target.id} back ${goal}`,
      question: `Roll ${target.id} back ${goal}, in ${connection.place}?${crosses} What it leaves is quarantined.`,
    },
    options,
  );
}
