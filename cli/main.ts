/** The command line: finds the command, and turns what it throws into one line and an exit code. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../shared/config.ts';
import { nearest, UsageError } from './arguments.ts';
import type { Command } from './command.ts';

/** Each loads its file when it is called: `invoke` needs no table, `--help` needs nothing. */
const COMMANDS: Readonly<Record<string, { readonly about: string; load(): Promise<Command> }>> = {
  start: {
    about: 'plays a scenario on the local AWS and tells its story',
    load: async () => (await import('./start.ts')).start,
  },
  invoke: {
    about: 'runs one function on an event, on the local AWS',
    load: async () => (await import('./invoke.ts')).invoke,
  },
  replay: {
    about: "decides a target's history again, to step through an incident",
    load: async () => (await import('./replay.ts')).replay,
  },
};

const USAGE_CODE = 2;

/** Sets the exit code: 0 all is well, 1 the answer is no, 2 it was asked wrongly. */
export async function run(args: readonly string[]): Promise<void> {
  // `slipway start --json | head` has read enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  try {
    process.exitCode = await dispatch(args);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof ConfigError)) throw error;
    process.stderr.write(`slipway: ${error.message}\n`);
    process.exitCode = USAGE_CODE;
  }
}

async function dispatch([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help());
    return name === undefined ? USAGE_CODE : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const names = Object.keys(COMMANDS);
    throw new UsageError(`there is no command "${name}"${nearest(name, names)}`);
  }
  return await (await command.load())(args);
}

function help(): string {
  const lines = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(8)} ${about}`);
  return [
    'Slipway: continuous deployment for containers on AWS.',
    '',
    'slipway <command> [options]',
    '',
    ...lines,
    '',
    '`slipway <command> --help` tells more.',
    '',
  ].join('\n');
}

/** Started by itself, not imported by `slipway.js` or a test. */
if (process.argv[1] !== undefined && isThisFile(process.argv[1])) {
  await run(process.argv.slice(2));
}

function isThisFile(path: string): boolean {
  return realpathSync(path) === fileURLToPath(import.meta.url);
}
