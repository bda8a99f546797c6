/** Whom a command speaks to: the account of the config by one's own credentials, or a local AWS. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { somebodyKeyOf } from '@slipway/local-cloud/iam/somebody.ts';
import type { ClientSettings } from '../../shared/aws/connect/client-settings.ts';
import type { PersonConnections, PersonOptions } from '../../shared/aws/connect/person.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import type { Log } from '../../shared/ports.ts';
import { CommandError } from '../output/command-error.ts';
import { EXIT } from '../output/exit.ts';
import { note } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';
import { followLocalClock, isLocalAws } from './local-clock.ts';
import type { CommonOptions } from './options.ts';
import { targetsNamed } from './targets.ts';
import { localName, nameOf } from './who.ts';

export interface Connection {
  readonly pipeline: Pipeline;
  readonly aws: PersonConnections;
  /** Name of the table there. */
  readonly table: string;
  /** `account 123456789012 in eu-central-1`, or `the local AWS at http://localhost:4566`. */
  readonly place: string;
  /** No account: a model of one, which has no IAM roles, for example. */
  readonly isLocal: boolean;
  /** Who commands: it stands in the record. */
  readonly by: string;
  /** The time there, in ms since 1970. */
  now(): number;
  /** Before each of several rounds: the time there may have been changed. */
  sync(): Promise<void>;
  /** Lets real time pass. */
  wait(ms: number): Promise<void>;
}

/** `target`: as it was named, if one was. Throws `UsageError`, `ConfigError`, `CommandError`, or what the credential chain throws. */
export async function connect(options: CommonOptions, target?: string): Promise<Connection> {
  const { loadPipeline } = await import('./pipeline.ts');
  const pipeline = await loadPipeline(options);
  // A wrong name needs no credentials to be told.
  targetsNamed(pipeline, target);
  const local = options.local ?? (await localEndpoint());
  return local === undefined
    ? await connectAccount(pipeline, options)
    : await connectLocal(pipeline, local, options);
}

/** Where the AWS SDKs are sent, if a `slipway local` answers there: it has a time of its own. */
async function localEndpoint(): Promise<string | undefined> {
  const { AWS_ENDPOINT_URL: url = '' } = process.env;
  const host = URL.parse(url)?.hostname ?? '';
  if (!['localhost', '127.0.0.1', '[::1]'].includes(host)) return undefined;
  return (await isLocalAws(url)) ? url.replace(/\/+$/, '') : undefined;
}

async function connectAccount(pipeline: Pipeline, options: CommonOptions): Promise<Connection> {
  const { tableName } = await import('../../infra/names.ts');
  const table = pipeline.infra.table ?? tableName(pipeline);
  const names = { table, name: pipeline.name };
  const github = githubOf(pipeline);
  const aws = await person({ region: pipeline.region }, names, Date.now, { ...options, github });
  const caller = await withProgress('asking AWS who you are', () => aws.caller());
  if (caller.account !== pipeline.account) {
    throw new CommandError(
      EXIT.credentials,
      `your credentials are of account ${caller.account} (${nameOf(caller.arn)}), and the config is for ${pipeline.account}; nothing was asked: choose other ones, with AWS_PROFILE for example`,
    );
  }
  return {
    pipeline,
    aws,
    table,
    place: placeOf(pipeline),
    isLocal: false,
    by: nameOf(caller.arn),
    now: Date.now,
    sync: async () => undefined,
    wait: sleep,
  };
}

async function connectLocal(
  pipeline: Pipeline,
  endpoint: string,
  options: CommonOptions,
): Promise<Connection> {
  const clock = await followLocalClock(endpoint);
  const { tableName } = await import('../../infra/names.ts');
  const table = tableName(pipeline);
  const names = { table, name: pipeline.name };
  return {
    pipeline,
    aws: await person(localSettings(pipeline, endpoint, options.as), names, clock.now, options),
    table,
    place: `the local AWS at ${endpoint}`,
    isLocal: true,
    by: options.as ?? (await localName()),
    now: clock.now,
    sync: clock.sync,
    wait: sleep,
  };
}

function placeOf({ name, account, region }: Pipeline): string {
  const place = `account ${account} in ${region}`;
  return name === undefined ? place : `${place}, pipeline ${name}`;
}

/** No credential chain is asked: a local AWS must never see real ones. */
export function localSettings(
  { region }: Pick<Pipeline, 'region'>,
  endpoint: string,
  as?: string,
): ClientSettings {
  const accessKeyId = as === undefined ? 'local' : somebodyKeyOf(as);
  return { region, endpoint, credentials: { accessKeyId, secretAccessKey: 'local' } };
}

/** By the person's own token, as Actions and `gh` have it; the secret of the pipeline is its functions' alone. */
function githubOf({ github: { apiUrl } }: Pipeline): PersonOptions['github'] | undefined {
  const { GITHUB_TOKEN, GH_TOKEN } = process.env;
  const token = GITHUB_TOKEN || GH_TOKEN;
  return token === undefined || token === '' ? undefined : { token, apiUrl };
}

/** The clients are loaded here, and not before a command needs them. */
async function person(
  aws: ClientSettings,
  names: PersonOptions['names'],
  now: () => number,
  { debug, github }: CommonOptions & { readonly github?: PersonOptions['github'] | undefined },
) {
  const { connectPerson } = await import('../../shared/aws/connect/person.ts');
  return connectPerson({
    names,
    ...(github && { github }),
    log: debug ? LOUD : SILENT,
    clock: { now, newId: randomUUID },
    aws,
  });
}

const SILENT: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const say = (message: string, facts?: object) => note(`${message} ${JSON.stringify(facts ?? {})}`);
const LOUD: Log = { debug: say, info: say, warn: say };
