/** The command line of `local-cloud`. */
import { parseArgs } from 'node:util';
import type { CloudServerOptions } from './cloud-server.ts';

/** A command line that is wrong, in one line that says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `Usage: local-cloud [options]

Serves the local cloud over HTTP: ECS, ECR, CloudWatch, EventBridge, SQS, CodeBuild, Parameter Store,
Secrets Manager, STS and DynamoDB, until Ctrl-C. Any client of AWS takes its address as endpoint.

Options:
  --port <number>    0 takes any free one (default: 4570)
  --host <address>   0.0.0.0 lets other machines in, who may do everything (default: 127.0.0.1)
  --speed <number>   virtual seconds a second, 0 to 3600; at 0 time stands still (default: 1)
  --region <name>    (default: eu-west-1)
  --seed <number>    the same seed and the same requests give the same world (default: 1)
  --read-lag <secs>  how late reads of ECS may be, 0 to 60, of virtual time (default: 0)
  --help             this text
`;

const OPTIONS = {
  port: { type: 'string', default: '4570' },
  host: { type: 'string', default: '127.0.0.1' },
  speed: { type: 'string', default: '1' },
  region: { type: 'string', default: 'eu-west-1' },
  seed: { type: 'string', default: '1' },
  'read-lag': { type: 'string', default: '0' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** `help` if that was asked for. Throws `UsageError`. */
export function readOptions(
  args: readonly string[],
): Omit<CloudServerOptions, 'onWarning'> | 'help' {
  const { port, host, speed, region, seed, help, 'read-lag': readLag } = parsed(args);
  if (help) return 'help';
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw new UsageError(`--region is "${region}", expected one like eu-west-1`);
  }
  if (host === '') throw new UsageError('--host is empty, expected an address like 127.0.0.1');
  return {
    port: numberIn('--port', port, 65_535, /^\d{1,5}$/),
    speed: numberIn('--speed', speed, 3_600, /^\d{1,4}(\.\d{1,3})?$/),
    seed: numberIn('--seed', seed, 999_999_999, /^\d{1,9}$/),
    readLagMs: numberIn('--read-lag', readLag, 60, /^\d{1,2}(\.\d{1,3})?$/) * 1000,
    host,
    region,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split(/[.\n]/)[0];
    throw new UsageError(`${why}; see local-cloud --help`);
  }
}

function numberIn(option: string, text: string, most: number, form: RegExp): number {
  if (form.test(text) && Number(text) <= most) return Number(text);
  throw new UsageError(`${option} is "${text}", expected a number from 0 to ${most}`);
}
