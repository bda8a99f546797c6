/** The command `cdk` on templates that are made: the one of this directory, or else the one that came with us. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandError } from '../output/command-error.ts';
import { EXIT } from '../output/exit.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** With whatever it asks and prints. Gives its exit code. Throws `CommandError` if there is none. */
export async function runCdk(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [cdkFile(), ...args], { stdio: 'inherit' });
  // It has a rollout of CloudFormation to end: it hears of the signal, and we wait for it.
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, pass);
  try {
    return await new Promise((end, fail) => {
      child.on('error', fail);
      child.on('exit', (code) => end(code ?? EXIT.no));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, pass);
  }
}

function cdkFile(): string {
  for (const from of [pathToFileURL(resolve('package.json')).href, import.meta.url]) {
    try {
      const file = createRequire(from).resolve('aws-cdk/package.json');
      const { bin } = JSON.parse(readFileSync(file, 'utf8')) as { readonly bin: { cdk: string } };
      return join(dirname(file), bin.cdk);
    } catch {
      // Not installed there.
    }
  }
  throw new CommandError(EXIT.no, 'the command cdk is not installed: npm install aws-cdk');
}
