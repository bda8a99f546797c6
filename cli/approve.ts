/** `slipway approve` and `slipway reject`: what another person asked for, and what waits for a second one. */
import { Option } from 'commander';
import { type Awaited, awaitedOf } from '../shared/core/incident/awaited.ts';
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
import type { ExitCode } from './output/exit.ts';
import { when } from './output/times.ts';

export function approvalOptions(): readonly Option[] {
  return [
    new Option('--of <id>', 'which, where several wait: `slipway status <target>` tells their ids'),
    ...reasonOptions(),
    yesOption(),
  ];
}

export const approveCommand: CommandDefinition = {
  usage: 'approve <target>',
  group: GROUPS.change,
  about: 'says yes to a release, or to what another person asked for, where the config wants that',
  more: 'Who asked may not approve; who you are is what SQS says of you, not what you say.',
  arguments: { target: TARGET },
  options: approvalOptions(),
  examples: ['slipway approve web --because "seen with ada"'],
  run: async ([target = ''], given) => await runApproval('approve', target, given),
};

export async function runApproval(
  command: 'approve' | 'reject',
  target: string,
  given: Given,
): Promise<ExitCode> {
  const of = typeof given.of === 'string' ? { of: given.of } : {};
  const options = { ...commandOptions(given), ...of };
  return await sayToPending(await connect(options, target), command, target, options);
}

export async function sayToPending(
  connection: Connection,
  command: 'approve' | 'reject',
  name: string,
  options: CommandOptions & { readonly of?: string },
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, name);
  const record = (await connection.aws.records.load(target.key))?.record;
  const asked = meant(record === undefined ? [] : awaitedOf(record), target.id, options.of);
  const what = `${command} ${asked.what} for ${target.id}`;
  const since = when(asked.since, connection.now());
  return await sendCommand(
    connection,
    target,
    {
      ask: { do: command, of: asked.id },
      what,
      question: `${what}, in ${connection.place}? ${asked.by} asked ${since}: ${asked.because}`,
    },
    options,
  );
}

/** What the person sees is what they say yes or no to. Throws `UsageError`. */
function meant(pending: readonly Awaited[], target: string, of: string | undefined): Awaited {
  const [first, ...others] = of === undefined ? pending : pending.filter(({ id }) => id === of);
  if (first !== undefined && others.length === 0) return first;
  const ids = pending.map((one) => `${one.id} (${one.what})`).join(', ');
  if (pending.length === 0) throw new UsageError(`nothing of ${target} waits for a person's word`);
  throw new UsageError(
    of === undefined
      ? `several wait for a person's word, so say which with --of: ${ids}`
      : `nothing called ${of} waits for a person's word; what waits: ${ids}`,
  );
}
