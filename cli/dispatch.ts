/** From the arguments to the command that they name. */
import { type Command, CommanderError } from 'commander';
import { withLocalUrl } from './connect/options.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { usageErrorOf } from './output/wrong-usage.ts';
import { makeProgram } from './program.ts';

/** Runs the command that the arguments name. Throws `UsageError`, or what the command throws. */
export async function dispatch(args: readonly string[]): Promise<ExitCode> {
  // What the shell calls at a press of the key; no command of a person.
  if (args[0] === 'complete' && args[1] === '--') {
    const { complete } = await import('./completion.ts');
    return await complete(
      args.slice(2),
      makeProgram(() => undefined),
    );
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
    throw error.exitCode === 0 ? error : usageErrorOf(command, error);
  });
}

function endOfHelp(error: unknown): void {
  if (error instanceof CommanderError && error.exitCode === 0) return;
  throw error;
}
