/** Asks before what is hard to take back: on a terminal; elsewhere `--yes` says it beforehand. */
import { UsageError } from './command-error.ts';

/** True: go on. Throws `UsageError` where nobody can be asked. */
export async function confirmed(
  command: string,
  question: string,
  { yes }: { readonly yes: boolean },
): Promise<boolean> {
  if (yes) return true;
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    throw new UsageError(
      `${command} asks first, and this is no terminal: say --yes; nothing was done`,
    );
  }
  const { confirm } = await import('@clack/prompts');
  return (
    (await confirm({ message: question, initialValue: false, output: process.stderr })) === true
  );
}
