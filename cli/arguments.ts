/** Options of the command line, and what is said when they are wrong. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { meant } from '../shared/config-problems.ts';

/** Asked wrongly: one line on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What every command understands. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Options and the words between them. Throws `UsageError`. */
export function readArguments<const O extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: O,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(inWords(error, Object.keys(options)));
  }
}

function inWords(error: unknown, known: readonly string[]): string {
  const { code, message } = error as { code?: string; message: string };
  const option = /'(--?[^' ]+)/.exec(message)?.[1] ?? '';
  const names = known.map((name) => `--${name}`);
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    return `there is no option ${option}${nearest(option, names)}`;
  }
  return `${message.split('. ')[0]}; known options: ${names.join(', ')}`;
}

/** `; did you mean start?`, or what there is. */
export function nearest(seen: string, names: readonly string[]): string {
  return meant(seen, names) || `; there is: ${names.join(', ')}`;
}
