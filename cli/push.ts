/** `slipway push`: puts an image into the ECR of a running `slipway local`, as a push would. */

import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { Option } from 'commander';
import type { Pushed, PushRequest, Refused } from '../local/server/page-state.ts';
import { type CommandDefinition, GROUPS } from './command.ts';
import { type CommonOptions, commonOptions, LOCAL_URL } from './connect/options.ts';
import { CommandError, UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { colors, json, line } from './output/print.ts';

export const pushCommand: CommandDefinition = {
  usage: 'push <image>',
  group: GROUPS.local,
  about: 'puts an image into the ECR of a running `slipway local`, as a build would',
  more: 'The options say how it behaves once it runs; without them it behaves well.',
  arguments: { image: '<repository>:<tag>' },
  options: [
    new Option('--error-rate <share>', 'answers this share of requests with 5xx, 0 to 1'),
    new Option('--latency-ms <n>', 'mean response time'),
    new Option('--start-seconds <n>', "from PENDING's end to RUNNING"),
    new Option('--exit-code-on-start <n>', 'exits with this code right after it started'),
    new Option('--crash-after <seconds>', 'exits with code 1 this long after RUNNING'),
    new Option('--oom-after <seconds>', 'is killed for memory this long after RUNNING'),
    new Option('--faulty-after <seconds>', 'its errors and latency begin then, after RUNNING'),
    new Option('--fails-health-check', 'never passes its health check'),
    new Option('--unpullable', 'cannot be pulled'),
    // What --local says as well.
    new Option('--endpoint <url>', 'where it listens').hideHelp(),
  ],
  examples: ['slipway push shop/web:main-2 --error-rate 0.25'],
  run: async ([image = ''], given) =>
    await runPush(pushOptions(image, commonOptions(given), given)),
};

interface PushOptions {
  readonly repository: string;
  readonly tag: string;
  readonly behaviour: Behaviour;
  readonly endpoint: string;
  readonly json: boolean;
}

/** Options that take a number, and what the behaviour calls them. */
const NUMBERS = {
  'error-rate': 'errorRate',
  'latency-ms': 'latencyMs',
  'start-seconds': 'startSeconds',
  'exit-code-on-start': 'exitCodeOnStart',
  'crash-after': 'crashAfterSeconds',
  'oom-after': 'oomAfterSeconds',
  'faulty-after': 'faultyAfterSeconds',
} as const satisfies Readonly<Record<string, keyof Behaviour>>;

/** Of commander: everything but flags is text. Throws `UsageError`. */
function pushOptions(
  image: string,
  { json, local }: CommonOptions,
  given: Readonly<Record<string, unknown>>,
): PushOptions {
  const numbers = Object.entries(NUMBERS).flatMap(([option, name]) => {
    const text = given[camelCased(option)];
    return text === undefined ? [] : [[name, numberIn(`--${option}`, String(text))] as const];
  });
  const endpoint = given.endpoint ?? local ?? process.env.AWS_ENDPOINT_URL ?? LOCAL_URL;
  return {
    ...imageIn(image),
    behaviour: {
      ...Object.fromEntries(numbers),
      ...(given.failsHealthCheck === true && { failsHealthCheck: true }),
      ...(given.unpullable === true && { unpullable: true }),
    },
    endpoint: endpointIn(String(endpoint)),
    json,
  };
}

/** As commander names an option's value. */
function camelCased(option: string): string {
  return option.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function imageIn(text: string): { readonly repository: string; readonly tag: string } {
  const [, repository, tag] = /^([^:]+):([^:]+)$/.exec(text) ?? [];
  if (repository !== undefined && tag !== undefined) return { repository, tag };
  throw new UsageError(`"${text}" is no image, expected <repository>:<tag>, like shop/web:main-2`);
}

function numberIn(option: string, text: string): number {
  if (/^\d{1,9}(\.\d{1,6})?$/.test(text)) return Number(text);
  throw new UsageError(`${option} is "${text}", expected a number`);
}

function endpointIn(text: string): string {
  if (URL.canParse(text) && /^https?:\/\//.test(text)) return text.replace(/\/+$/, '');
  throw new UsageError(`--endpoint is "${text}", expected a URL like ${LOCAL_URL}`);
}

async function runPush(options: PushOptions): Promise<ExitCode> {
  const { repository, tag, behaviour, endpoint } = options;
  const isPlain = Object.keys(behaviour).length === 0;
  const request: PushRequest = { repository, tag, ...(!isPlain && { behaviour }) };
  const answer = await post(`${endpoint}/_slipway/push`, request);
  if (answer === undefined) {
    throw new CommandError(
      EXIT.unreachable,
      `nothing listens at ${endpoint}; start it with \`slipway local\``,
    );
  }
  const { status, body } = answer;
  if (status === 400) throw new UsageError(inOptions((body as Refused).error));
  if (status !== 200)
    throw new CommandError(
      EXIT.no,
      (body as Refused | undefined)?.error ?? `${endpoint} is no slipway local: HTTP ${status}`,
    );
  const pushed = body as Pushed;
  if (options.json) json(pushed);
  else {
    const [first, ...rest] = pushed.targets;
    const who =
      first === undefined
        ? colors.yellow('no target of pipeline.config.ts takes this tag of this repository')
        : `for ${[first, ...rest].join(', ')}`;
    line(
      `${colors.bold(`${repository}:${tag}`)} is pushed (${pushed.digest.slice(0, 19)}), ${who}`,
    );
  }
  return EXIT.done;
}

/** Undefined if nobody answers. */
async function post(url: string, request: object) {
  let response: Response;
  try {
    const headers = { 'content-type': 'application/json' };
    response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
  } catch {
    return undefined;
  }
  const body: unknown = await response.json().catch(() => undefined);
  return { status: response.status, body };
}

/** The server names what it was sent; a person wrote options. */
function inOptions(problem: string): string {
  return Object.entries(NUMBERS)
    .reduce(
      (text, [option, name]) => text.replace(`push.behaviour.${name}:`, `--${option}:`),
      problem,
    )
    .replace('push.repository:', 'the repository:')
    .replace('push.tag:', 'the tag:');
}
