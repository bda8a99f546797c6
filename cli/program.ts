/**
 * The tree of commands for commander: what each is called, takes and is for. A command loads its own
 * file when it is called: `explain` needs no local AWS, `--help` needs nothing.
 */
import { createRequire } from 'node:module';
import { Command, Option } from 'commander';
import { addLocalCommands } from './commands-local.ts';
import { addLookCommands } from './commands-look.ts';
import { addWordCommands } from './commands-word.ts';
import { EXIT_CODES, type ExitCode } from './speaking/exit.ts';
import { LOCAL_URL } from './speaking/options.ts';

const { version: VERSION } = createRequire(import.meta.url)('../package.json') as {
  readonly version: string;
};

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
  const add: AddCommand = (definition) => addCommand(program, definition, onEnd);
  addLookCommands(add);
  addWordCommands(add);
  addLocalCommands(add);
  return program;
}

/** Understood before and after the name of every command. */
const COMMON: readonly (() => Option)[] = [
  () => new Option('--json', 'for programs: one JSON object a line'),
  () =>
    new Option('--local [url]', `speak to a local AWS instead (${LOCAL_URL} unless a URL follows)`),
  () => new Option('--config <file>', 'another file than pipeline.config.ts'),
  () => new Option('--debug', 'say more when something goes wrong'),
  () => new Option('--no-color', 'no colours on a terminal; NO_COLOR=1 says the same'),
];

export type Given = Readonly<Record<string, unknown>>;

export interface Definition {
  /** `history <target>`; words between brackets may be left out. */
  readonly usage: string;
  readonly group: string;
  /** One line, for the list of commands. */
  readonly about: string;
  /** More, for its own help. */
  readonly more?: string;
  readonly words?: Readonly<Record<string, string>>;
  readonly options?: readonly Option[];
  readonly examples: readonly string[];
  run(words: readonly string[], given: Given): Promise<ExitCode>;
}

export type AddCommand = (definition: Definition) => void;

function addCommand(
  program: Command,
  { usage, group, about, more, words = {}, options = [], examples, run }: Definition,
  onEnd: (code: ExitCode) => void,
): void {
  const [name = '', second = '', ...rest] = usage.split(' ');
  // `config check` is a word of a word.
  const nested = /^[a-z]/.test(second);
  const parent = nested ? (find(program, name) ?? addParent(program, name, group, about)) : program;
  const command = parent
    .command(nested ? second : name)
    .summary(about)
    .description(sentences(about, more))
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', `\nExample:\n${examples.map((one) => `  $ ${one}`).join('\n')}\n`)
    .action(async (...all: unknown[]) => {
      const said = all.slice(0, command.registeredArguments.length);
      onEnd(await run(said as readonly string[], command.optsWithGlobals()));
    });
  if (!nested) command.helpGroup(group);
  for (const word of nested ? rest : [second, ...rest].filter((one) => one !== '')) {
    command.argument(word, words[word.replaceAll(/[<>[\]]/g, '')] ?? '');
  }
  for (const option of options) command.addOption(option);
}

function find(program: Command, name: string): Command | undefined {
  return program.commands.find((command) => command.name() === name);
}

function addParent(program: Command, name: string, group: string, about: string): Command {
  return program
    .command(name)
    .summary(`check: ${about}`)
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
