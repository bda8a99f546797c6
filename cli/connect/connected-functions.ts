/**
 * Our functions in this process, with clients that talk to a real account or to a running local one:
 * what `slipway invoke --aws` and `--local` run. The environment is what the infrastructure sets.
 */
import { randomUUID } from 'node:crypto';
import { busName } from '../../infra/names.ts';
import { accessKeyOf } from '../../local/slipway/access.ts';
import type { FunctionsOptions } from '../../local/slipway/function-deps.ts';
import { makeFunctions } from '../../local/slipway/functions.ts';
import { contextOf, type FunctionName } from '../../local/slipway/lambda.ts';
import type { Entry } from '../../local/stories/timeline.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { ENVIRONMENT, type Environment } from '../../shared/runtime/environment.ts';
import { type FunctionQueue, kindOf, queueName, queuesOf } from '../../shared/runtime/routing.ts';
import { note } from '../output/print.ts';
import { type Connection, localSettings } from './connection.ts';
import type { CommonOptions } from './options.ts';

const QUEUE_VARIABLES = {
  urgent: ENVIRONMENT.urgentQueue,
  releases: ENVIRONMENT.releasesQueue,
  builds: ENVIRONMENT.buildsQueue,
  feedback: ENVIRONMENT.feedbackQueue,
} as const satisfies Record<FunctionQueue, string>;

export interface ConnectedFunctions {
  /** What happens meanwhile: calls and decisions, in order. */
  readonly entries: readonly Entry[];
  /** To its end; throws what it throws. */
  run(name: FunctionName, event: unknown): Promise<unknown>;
}

/** Throws `TransientError` if the queues are not there. */
export async function connectFunctions(
  connection: Connection,
  { local, debug }: CommonOptions,
): Promise<ConnectedFunctions> {
  const { pipeline, now } = connection;
  const entries: Entry[] = [];
  const options: FunctionsOptions = {
    pipeline,
    environment: await environmentOf(connection, pipeline),
    // In the account it runs with one's own rights: nobody else's credentials are to be had.
    aws: (name) =>
      local === undefined
        ? { region: pipeline.region }
        : {
            ...localSettings(pipeline, local),
            credentials: { accessKeyId: accessKeyOf(name), secretAccessKey: 'local' },
          },
    outside: fetch,
    github: fetch,
    clock: { now, newId: randomUUID },
    onLine: (text) => (debug ? note(text) : undefined),
    onCall: (name, call) => entries.push({ type: 'call', at: now(), function: name, ...call }),
    onReconciled: (outcome) => {
      if (!('handled' in outcome)) return;
      const { target } = outcome;
      for (const decision of outcome.handled.decisions) {
        entries.push({ type: 'decision', at: now(), target, ...decision });
      }
    },
    onBuilt: () => undefined,
    onGitHub: () => undefined,
  };
  const functions = makeFunctions(options);
  return {
    entries,
    run: (name, event) => functions[name](event, contextOf(name, randomUUID(), now, pipeline)),
  };
}

async function environmentOf(
  { aws, table }: Pick<Connection, 'aws' | 'table'>,
  pipeline: Pipeline,
): Promise<Environment> {
  const all = queuesOf(pipeline).map(kindOf);
  const urls = all
    .filter((queue) => queue !== 'commands')
    .map(
      async (queue) =>
        [QUEUE_VARIABLES[queue], await aws.queueUrl(queueName(pipeline, queue))] as const,
    );
  return {
    [ENVIRONMENT.table]: table,
    [ENVIRONMENT.bus]: busName(pipeline),
    ...Object.fromEntries(await Promise.all(urls)),
  };
}
