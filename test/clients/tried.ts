/** What came of one thing that was tried with a client, and how a program is run for it. */
import { execFile } from 'node:child_process';

export interface Tried {
  readonly what: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly detail?: string;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Undefined if there is no such program. */
export function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran | undefined> {
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    execFile(program, [...args], { env, timeout: 120_000 }, (error, stdout, stderr) => {
      const code = (error as { code?: unknown } | null)?.code;
      if (code === 'ENOENT') resolve(undefined);
      else
        resolve({
          code: error === null ? 0 : typeof code === 'number' ? code : -1,
          stdout,
          stderr,
        });
    });
  });
}

/** What every client is told; none of it means anything to the local AWS. */
export function environmentFor(url: string, region: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_PAGER: '',
  };
}
