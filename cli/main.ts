/** The command line: runs a command, and turns what goes wrong into one line and an exit code. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, CommanderError } from 'commander';
import { makeProgram } from './program.ts';
import { EXIT, type ExitCode } from './speaking/exit.ts';
import { failureOf, stackOf } from './speaking/failure.ts';
import { withLocalUrl } from './speaking/options.ts';
import { nearest, UsageError } from './speaking/usage.ts';

/** Sets the exit code: see `speaking/exit.ts`. */
export async function run(args: readonly string[]): Promise<void> {
  endQuietly();
  const said = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length);
  // Before any command is loaded: colours are chosen once.
  if (said.includes('--no-color')) process.env.NO_COLOR = '1';
  try {
    process.exitCode = await dispatch(args);
  } catch (error) {
    const local = said.find((word) => word.startsWith('--local'));
    const place = local === undefined ? 'AWS' : 'the local AWS';
    const { code, line } = failureOf(error, place);
    process.stderr.write(`slipway: ${line}\n`);
    if (said.includes('--debug')) process.stderr.write(`${stackOf(error)}\n`);
    process.exitCode = code;
  }
}

/** `slipway history web | head` has read enough: that is no mistake, and nothing is left to do. */
function endQuietly(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
  }
}

/** Runs the command that the words name. Throws `UsageError`, or what the command throws. */
export async function dispatch(args: readonly string[]): Promise<ExitCode> {
  // What the shell calls at a press of the key; no command of a person.
  if (args[0] === 'complete' && args[1] === '--') {
    const { complete } = await import('./completion.ts');
    return await complete(args.slice(2));
  }
  let code: ExitCode = EXIT.done;
  const program = makeProgram((ended) => {
    code = ended;
  });
  for (const command of [program, ...program.commands, ...program.commands.flatMap(subcommands)]) {
    silence(command);
  }
  if (args.length === 0) {
    program.outputHelp();
    return EXIT.usage;
  }
  if (args[0] === 'help') return await dispatch([...args.slice(1), '--help']);
  await program.parseAsync(withLocalUrl(args), { from: 'user' }).catch(endOfHelp);
  return code;
}

function subcommands(command: Command): readonly Command[] {
  return command.commands;
}

/** It says nothing itself and ends nothing: its errors come out as ours. */
function silence(command: Command): void {
  command.configureOutput({ outputError: () => undefined, writeErr: () => undefined });
  command.exitOverride((error) => {
    throw error.exitCode === 0 ? error : usageError(command, error);
  });
}

function endOfHelp(error: unknown): void {
  if (error instanceof CommanderError && error.exitCode === 0) return;
  throw error;
}

function usageError(command: Command, { code, message }: CommanderError): UsageError {
  const option = /'(--?[^' ,]+)/.exec(message)?.[1] ?? '';
  switch (code) {
    case 'commander.unknownOption':
      return new UsageError(`there is no option ${option}${nearest(option, optionsOf(command))}`);
    case 'commander.unknownCommand':
    case 'commander.help':
      return unknownCommand(command);
    case 'commander.excessArguments': {
      const word = command.args[command.registeredArguments.length];
      return new UsageError(`"${word}" is one word too many${fileHint(command)}`);
    }
    case 'commander.missingArgument':
      return new UsageError(`${fullName(command)} needs ${wordsOf(command)}`);
    case 'commander.missingMandatoryOptionValue': {
      const missing = command.options.find(({ long }) => long === option);
      return new UsageError(
        `${fullName(command)} needs ${missing?.flags}: ${missing?.description}`,
      );
    }
    case 'commander.optionMissingArgument':
      return new UsageError(`${option} needs a value: ${message.replace(/^.*'(.+)'.*$/, '$1')}`);
    default:
      return new UsageError(message.replace(/^error: /, ''));
  }
}

function unknownCommand(command: Command): UsageError {
  const names = command.commands.map((each) => each.name());
  const word = command.args[0];
  const whole = command.parent === null ? '' : ` ${command.name()}`;
  return word === undefined
    ? new UsageError(`${fullName(command)} needs a word more${nearest('', names)}`)
    : new UsageError(`there is no command "${`${whole} ${word}`.trim()}"${nearest(word, names)}`);
}

/** A word where only an option can take a file. */
function fileHint(command: Command): string {
  const option = command.options.find(({ flags }) => flags.endsWith('<file>'));
  const takesNone = command.registeredArguments.length === 0;
  return option !== undefined && takesNone ? `; a file needs ${option.long}` : '';
}

function optionsOf(command: Command): readonly string[] {
  const own = command.options.flatMap(({ long, hidden }) => (hidden ? [] : (long ?? [])));
  return [...own, ...(command.parent === null ? [] : optionsOf(command.parent))];
}

function wordsOf(command: Command): string {
  const needed = command.registeredArguments.filter(({ required }) => required);
  const list = needed.map((argument) => withArticle(argument.name())).join(' and ');
  const usage = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  return `${list}: slipway ${fullName(command)} ${usage.join(' ')}`;
}

function withArticle(name: string): string {
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function fullName(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null
    ? command.name()
    : `${fullName(parent)} ${command.name()}`;
}

/** Started by itself, not imported by `slipway.js` or a test. */
if (process.argv[1] !== undefined && isThisFile(process.argv[1])) {
  await run(process.argv.slice(2));
}

function isThisFile(path: string): boolean {
  return realpathSync(path) === fileURLToPath(import.meta.url);
}
