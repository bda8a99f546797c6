/** What commander found wrong with the arguments, as one line of ours. */
import type { Command, CommanderError } from 'commander';
import { UsageError } from './command-error.ts';
import { nearest } from './nearest.ts';

/** In our words: which option, argument or command, and the nearest that there is. */
export function usageErrorOf(command: Command, { code, message }: CommanderError): UsageError {
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
      return new UsageError(`${fullName(command)} needs ${argumentsOf(command)}`);
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

function argumentsOf(command: Command): string {
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
