/**
 * Programs beside the test runner, so that they can run side by side. They keep what Node
 * makes of our modules, so that the next one begins in half the time.
 */
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SECONDS_MAX = 1_800;

export const PROGRAM_ENV = {
  ...process.env,
  NODE_COMPILE_CACHE: join(tmpdir(), 'slipway-compile-cache'),
};

/** What it printed; throws when it ends with an error. */
export async function runProgram(file: URL, args: readonly string[]): Promise<string> {
  const options = { timeout: SECONDS_MAX * 1000, maxBuffer: 1 << 28, env: PROGRAM_ENV };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [fileURLToPath(file), ...args],
    options,
  );
  return stdout.trim();
}
