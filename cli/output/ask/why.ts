/** A command that changes something wants to know why: on a terminal it asks, elsewhere `--because` says it. */
import type { Option } from 'commander';
import { CommandError, UsageError } from '../command-error.ts';
import { EXIT } from '../exit.ts';

const BECAUSE = '--because';

type Given = Readonly<Record<string, unknown>>;

/** Where somebody can be asked, nobody must say it beforehand. */
export function askable(option: Option): Option {
  return option.long === BECAUSE && isTerminal() ? option.makeOptionMandatory(false) : option;
}

/** What was given, and why. Throws `CommandError` when who was asked went away. */
export async function withReason(
  name: string,
  options: readonly Option[],
  given: Given,
): Promise<Given> {
  if (given.because !== undefined || !options.some(({ long }) => long === BECAUSE)) return given;
  if (given.yes === true || given.json === true) {
    throw new UsageError(`say why: ${name} ${BECAUSE} "…"; nothing was done`);
  }
  const { isCancel, text } = await import('@clack/prompts');
  const said = await text({
    message: `Why ${name}? It is recorded with who.`,
    validate: (words) => ((words ?? '').trim() === '' ? 'a sentence' : undefined),
    output: process.stderr,
  });
  if (isCancel(said)) throw new CommandError(EXIT.no, 'nothing was done');
  return { ...given, because: said };
}

function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}
