/** `slipway local`: the local AWS over HTTP, with our functions in it, until Ctrl-C. */

import type { CallResult } from '@slipway/local-cloud/kernel/call.ts';
import { listenTrouble, signalled } from '@slipway/local-cloud/server/command-line.ts';
import { Option } from 'commander';
import type { LocalAws } from '../local/server/local-aws.ts';
import type { PageEntry } from '../local/server/page-state.ts';
import type { Pipeline } from '../shared/config/config.ts';
import { type CommandDefinition, GROUPS, option } from './command.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { colors, json, line } from './output/print.ts';

export const localCommand: CommandDefinition = {
  usage: 'local',
  group: GROUPS.local,
  about: 'serves the local AWS over HTTP, with our functions in it, until Ctrl-C',
  more: 'The services of the config run in it, and any client with AWS_ENDPOINT_URL set to it can look and act. A page at / shows it live. Our functions have the rights that their roles have in the account. Signatures are not looked at, and any other access key is an administrator: whoever reaches the port may do everything.',
  options: [
    option('--port <n>', 'where it listens; 0: any free port', '4566'),
    option('--host <address>', 'who may come; 0.0.0.0: everybody', '127.0.0.1'),
    option('--speed <n>', 'virtual seconds a second, 0 to 3600; 0: time stands still', '1'),
    option(
      '--read-lag <seconds>',
      'how late reads of ECS may be for clients, 0 to 60 virtual seconds',
      '0',
    ),
    option('--seed <n>', 'another course of chance', '1'),
    new Option('--state <file>', 'goes on from this file if it is there, and is saved to it'),
    new Option('--no-iam', 'every call is allowed, of our functions and of clients'),
    new Option(
      '--no-throttling',
      'AWS answers any number of calls; unless given, its published buckets count',
    ),
    new Option('--quiet', 'tells the story only, not what clients ask'),
  ],
  examples: ['slipway local --speed 10 --state .slipway/local.json'],
  run: async (_, given) => {
    const { loadPipeline } = await import('./connect/pipeline.ts');
    const common = commonOptions(given);
    return await runLocal(localOptions(await loadPipeline(common), common, given));
  },
};

interface LocalOptions {
  readonly pipeline: Pipeline;
  readonly port: number;
  readonly host: string;
  readonly speed: number;
  readonly seed: number;
  readonly readLagMs: number;
  readonly state?: string;
  readonly quiet: boolean;
  readonly iam: boolean;
  readonly throttling: boolean;
  readonly json: boolean;
}

/** Of commander: everything but flags is text. Throws `UsageError`. */
function localOptions(
  pipeline: Pipeline,
  { json }: CommonOptions,
  given: Readonly<Record<string, unknown>>,
): LocalOptions {
  const { port, speed, seed, host, quiet, iam, throttling, state, readLag } = given;
  return {
    pipeline,
    port: within('--port', String(port), 65_535, /^\d{1,5}$/),
    speed: within('--speed', String(speed), 3_600, /^\d{1,4}(\.\d{1,3})?$/),
    seed: within('--seed', String(seed), 999_999_999, /^\d{1,9}$/),
    readLagMs: within('--read-lag', String(readLag), 60, /^\d{1,2}(\.\d{1,3})?$/) * 1000,
    host: String(host),
    quiet: quiet === true,
    iam: iam !== false,
    throttling: throttling !== false,
    json,
    ...(typeof state === 'string' && { state }),
  };
}

function within(option: string, text: string, most: number, form: RegExp): number {
  if (form.test(text) && Number(text) <= most) return Number(text);
  throw new UsageError(`${option} is "${text}", expected a number from 0 to ${most}`);
}

/** Serves until a signal comes. Throws `UsageError` if it cannot begin. */
async function runLocal(options: LocalOptions): Promise<ExitCode> {
  const aws = await started(options);
  // Before anybody can know that it serves.
  const ended = signalled();
  if (options.json) json({ type: 'listening', url: aws.url });
  else for (const text of greeting(aws, options)) line(text);
  await ended;
  await aws.stop();
  if (!options.json)
    line(options.state === undefined ? 'Stopped.' : `Stopped; saved to ${options.state}.`);
  return EXIT.done;
}

async function started(options: LocalOptions): Promise<LocalAws> {
  const { pipeline, port, host, speed, seed, state, readLagMs, iam, throttling } = options;
  // A new world begins now, or a client that asks for the last hour would find nothing.
  const begin = Math.floor(Date.now() / 60_000) * 60_000;
  const { storyLines } = await import('./output/story.ts');
  const story = (entries: readonly PageEntry[]): void => {
    for (const text of storyLines(entries, begin, colors)) line(text);
  };
  const tell = options.json ? tellJson : story;
  const quiet = options.quiet || undefined;
  const { startLocalAws } = await import('../local/server/local-aws.ts');
  const { BadStateFile } = await import('../local/server/state-file.ts');
  try {
    return await startLocalAws({
      pipeline,
      port,
      host,
      seed,
      speed,
      begin,
      iam,
      throttling,
      clientReadLagMs: readLagMs,
      onTold: tell,
      onWarning: (text) => process.stderr.write(`slipway local: ${text}\n`),
      ...(state !== undefined && { stateFile: state }),
      ...(quiet === undefined && { onClientCall: options.json ? callJson : callLine }),
    });
  } catch (error) {
    if (error instanceof BadStateFile) throw new UsageError(error.message);
    const whenTaken = `, by another \`slipway local\` perhaps: stop that, or give another one: slipway local --port ${port + 1}`;
    const why = listenTrouble(error as NodeJS.ErrnoException, options, whenTaken);
    throw why === undefined ? error : new UsageError(why);
  }
}

function greeting({ url, resumed }: LocalAws, { pipeline, speed, seed, state }: LocalOptions) {
  const { account, region } = pipeline;
  const [target] = Object.values(pipeline.targets);
  const repository = Object.values(target?.rules.containers ?? {})[0]?.repository;
  const goesOn = resumed ? `, going on from ${state}` : '';
  return [
    `${colors.bold(url)}  account ${account}, ${region}; seed ${seed}, speed ${speed}${goesOn}`,
    '',
    `  export AWS_ENDPOINT_URL=${url} AWS_REGION=${region} AWS_DEFAULT_REGION=${region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local`,
    ...(target === undefined
      ? []
      : [`  aws ecs describe-services --cluster ${target.cluster} --services ${target.service}`]),
    ...(repository === undefined
      ? []
      : [`  npx slipway push ${repository}:main-2 --error-rate 0.25 --local ${url}`]),
    '',
    `Watch it at ${url}/ in a browser. Ctrl-C stops it.`,
    '',
  ];
}

function tellJson(entries: readonly PageEntry[]): void {
  for (const entry of entries) json({ ...entry, at: new Date(entry.at).toISOString() });
}

function callLine({ service, operation, error }: CallResult): void {
  const end = error === undefined ? '' : colors.yellow(` (${error.name})`);
  line(`       ${colors.dim('client →')}  ${colors.dim(`${service}:${operation}`)}${end}`);
}

function callJson({ service, operation, error }: CallResult): void {
  json({ type: 'client', service, operation, outcome: error?.name ?? 'ok' });
}
