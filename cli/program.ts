/**
 * The tree of commands for commander, made from their definitions: one file of this folder each. A
 * command loads what its body needs when it is called: `--help` needs no client of the SDK.
 */
import { Command, Option } from 'commander';
import { VERSION } from '../shared/runtime/version.ts';
import { approveCommand } from './approve.ts';
import type { CommandDefinition } from './command.ts';
import { completionCommand } from './completion.ts';
import { configCheckCommand } from './config-check.ts';
import { LOCAL_URL } from './connect/options.ts';
import { deployCommand } from './deploy.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { historyCommand } from './history.ts';
import { holdCommand } from './hold.ts';
import { infraCommands } from './infra/command.ts';
import { initCommand } from './init.ts';
import { invokeCommand } from './invoke.ts';
import { judgeCommand } from './judge.ts';
import { localCommand } from './local.ts';
import { askable, withReason } from './output/ask/why.ts';
import { EXIT_CODES, type ExitCode } from './output/exit.ts';
import { planCommand } from './plan.ts';
import { pushCommand } from './push.ts';
import { rejectCommand } from './reject.ts';
import { replayCommand } from './replay.ts';
import { requarantineCommand } from './requarantine.ts';
import { resumeCommand } from './resume.ts';
import { rollbackCommand } from './rollback.ts';
import { startCommand } from './start.ts';
import { statsCommand } from './stats.ts';
import { statusCommand } from './status.ts';
import { unquarantineCommand } from './unquarantine.ts';
import { viewCommand } from './view.ts';
import { waitCommand } from './wait.ts';
import { whyCommand } from './why.ts';

/** As `--help` lists them. */
const COMMANDS: readonly CommandDefinition[] = [
  initCommand,
  ...infraCommands,
  statusCommand,
  viewCommand,
  historyCommand,
  whyCommand,
  explainCommand,
  planCommand,
  doctorCommand,
  waitCommand,
  statsCommand,
  configCheckCommand,
  deployCommand,
  rollbackCommand,
  unquarantineCommand,
  approveCommand,
  rejectCommand,
  requarantineCommand,
  holdCommand,
  resumeCommand,
  startCommand,
  invokeCommand,
  replayCommand,
  judgeCommand,
  localCommand,
  pushCommand,
  completionCommand,
];

/** Hands the exit code of the command that ran to `onEnd`. */
export function makeProgram(onEnd: (code: ExitCode) => void): Command {
  const program = new Command('slipway')
    .description('Slipway: continuous deployment for containers on AWS.')
    .usage('<command> [options]')
    .version(VERSION, '-V, --version', 'which version this is')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', exitCodesInWords());
  for (const option of COMMON) program.addOption(option());
  for (const definition of COMMANDS) addCommand(program, definition, onEnd);
  return program;
}

/** Understood before and after the name of every command. */
const COMMON: readonly (() => Option)[] = [
  () => new Option('--json', 'for programs: one JSON object a line'),
  () =>
    new Option('--local [url]', `speak to a local AWS instead (${LOCAL_URL} unless a URL follows)`),
  () => new Option('--as <name>', 'with --local: whose word it is; git names you otherwise'),
  () => new Option('--config <file>', 'another file than pipeline.config.ts'),
  () => new Option('--env <name>', 'which environment, where the config has several'),
  () => new Option('--debug', 'say more when something goes wrong'),
  () => new Option('--no-color', 'no colours on a terminal; NO_COLOR=1 says the same'),
];

function addCommand(
  program: Command,
  definition: CommandDefinition,
  onEnd: (code: ExitCode) => void,
): void {
  const { usage, group, about, more, options = [], examples, run } = definition;
  const [name = '', second = '', ...rest] = usage.split(' ');
  // `config check` is a command of a command.
  const nested = /^[a-z]/.test(second);
  const parent = nested ? (find(program, name) ?? addParent(program, name, group)) : program;
  const command = parent
    .command(nested ? second : name)
    .summary(about)
    .description(sentences(about, more))
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', `\nExample:\n${examples.map((one) => `  $ ${one}`).join('\n')}\n`)
    .action(async (...all: unknown[]) => {
      const args = all.slice(0, command.registeredArguments.length) as readonly string[];
      const given = await withReason(name, options, command.optsWithGlobals());
      onEnd(await run(args, given, program));
    });
  if (!nested) command.helpGroup(group);
  for (const argument of nested ? rest : [second, ...rest].filter((one) => one !== '')) {
    command.argument(argument, definition.arguments?.[argument.replaceAll(/[<>[\]]/g, '')] ?? '');
  }
  for (const option of options) command.addOption(askable(option));
}

function find(program: Command, name: string): Command | undefined {
  return program.commands.find((command) => command.name() === name);
}

/** What the commands below one are about together, as the list of commands has it. */
const PARENTS: Readonly<Record<string, string>> = {
  config: 'check: is the config right? Needs no account and no network',
  infra: 'synth, diff, deploy, destroy: what Slipway is in the account',
};

function addParent(program: Command, name: string, group: string): Command {
  const about = PARENTS[name] ?? name;
  return program
    .command(name)
    .summary(about)
    .description(sentences(about))
    .helpGroup(group)
    .helpCommand(false);
}

function sentences(about: string, more?: string): string {
  const end = /[.!?]$/.test(about) ? '' : '.';
  const first = `${about.slice(0, 1).toUpperCase()}${about.slice(1)}${end}`;
  return more === undefined ? first : `${first} ${more}`;
}

function exitCodesInWords(): string {
  const lines = EXIT_CODES.map(([code, what]) => `  ${String(code).padStart(2)}  ${what}`);
  return [
    '',
    'Exit codes:',
    ...lines,
    '',
    '`slipway <command> --help` tells more, with an example.',
    '',
  ].join('\n');
}
