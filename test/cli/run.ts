/** Runs the command line as a user does: its own process, its exit code, both its outputs. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function slipway(...args: readonly string[]): Promise<Ran> {
  return slipwayIn(process.env, ...args);
}

/** In this environment, and no other. */
export function slipwayIn(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { cwd: root, env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += String(data);
    });
    child.stderr.on('data', (data) => {
      stderr += String(data);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const TELLS_MODULES = `
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) });
`;

/** The modules that a command line loads. */
export async function modulesOf(...args: readonly string[]): Promise<readonly string[]> {
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(TELLS_MODULES)}`;
  const { stderr } = await slipwayIn({ ...process.env, NODE_OPTIONS }, ...args);
  return stderr.trim().split('\n');
}
