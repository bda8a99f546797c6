/** What is said when something was asked wrongly: one line, with the nearest that there is. */
import { meant } from '../../shared/config/problems.ts';
import { EXIT, type ExitCode } from './exit.ts';

/** An end that was foreseen: one line on stderr, and its exit code. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Asked wrongly: one line on stderr, exit code 2. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';

  constructor(message: string) {
    super(EXIT.usage, message);
  }
}

const NAMES_MAX = 20;

/** `; did you mean start?`, or what there is. */
export function nearest(seen: string, names: readonly string[]): string {
  const guess = meant(seen, names);
  if (guess !== '') return guess;
  if (names.length === 0) return '; there is none';
  const more = names.length > NAMES_MAX ? `, and ${names.length - NAMES_MAX} more` : '';
  return `; there is: ${names.slice(0, NAMES_MAX).join(', ')}${more}`;
}
