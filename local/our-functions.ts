/** Our five functions as Lambda has them, with clients that talk to the local AWS. */
import { createHandler as alarmChanged } from '../functions/alarm-changed.ts';
import { createHandler as imagePushed } from '../functions/image-pushed.ts';
import { createHandler as rolloutChanged } from '../functions/rollout-changed.ts';
import { createHandler as settle } from '../functions/settle.ts';
import { createHandler as tick } from '../functions/tick.ts';
import type { Call } from '../shared/aws/call-log.ts';
import type { ClientSettings } from '../shared/aws/client-settings.ts';
import { connect } from '../shared/aws/connect.ts';
import type { ConnectOptions } from '../shared/aws/connect-options.ts';
import { connectQueues } from '../shared/aws/connect-queues.ts';
import { connectTick } from '../shared/aws/connect-tick.ts';
import type { Pipeline } from '../shared/config.ts';
import type { Environment } from '../shared/environment.ts';
import { createLog, followingLog } from '../shared/log.ts';
import type { RouteDeps } from '../shared/route.ts';
import type { Settled } from '../shared/settle-batch.ts';
import type { FunctionName, LambdaHandler } from './lambda.ts';

export interface FunctionsOptions {
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  readonly aws: ClientSettings;
  readonly clock: ConnectOptions['clock'];
  /** Every line of every log. */
  readonly onLine: (line: string) => void;
  /** Comes right before the line of the same call. */
  readonly onCall: (name: FunctionName, call: Call) => void;
  readonly onSettled: (settled: Settled) => void;
}

export function makeFunctions(
  options: FunctionsOptions,
): Readonly<Record<FunctionName, LambdaHandler>> {
  const { pipeline, clock } = options;
  const settling = connectionsOf('settle', options);
  const ticking = connectionsOf('tick', options);
  const settleDeps = {
    pipeline,
    log: settling.log,
    ...connect(settling),
    sequential: true,
    onSettled: options.onSettled,
  };
  const tickDeps = { pipeline, log: ticking.log, clock, ...connectTick(ticking) };
  return {
    'image-pushed': router('image-pushed', imagePushed, options),
    'rollout-changed': router('rollout-changed', rolloutChanged, options),
    'alarm-changed': router('alarm-changed', alarmChanged, options),
    settle: asHandler(settle(() => settleDeps)),
    tick: asHandler(tick(() => tickDeps)),
  };
}

/** What we remember, asked by the outside: no part of the story, so nobody is told of the calls. */
export function recordsOf({ environment, aws, clock }: FunctionsOptions) {
  const log = createLog({ name: 'records', level: 'CRITICAL', write: () => undefined });
  const { ports } = connect({ environment, log, clock, aws });
  return ports(() => Number.MAX_SAFE_INTEGER).records;
}

function router(
  name: FunctionName,
  createHandler: (deps: () => RouteDeps) => unknown,
  options: FunctionsOptions,
): LambdaHandler {
  const connections = connectionsOf(name, options);
  const deps = {
    pipeline: options.pipeline,
    queues: connectQueues(connections),
    log: connections.log,
  };
  return asHandler(createHandler(() => deps));
}

/** DEBUG, so that reads are lines too, with the cause of each. */
function connectionsOf(name: FunctionName, options: FunctionsOptions) {
  const { environment, aws, clock, onLine, onCall } = options;
  const log = followingLog(createLog({ name, now: clock.now, level: 'DEBUG', write: onLine }));
  return { environment, log, clock, aws, onCall: (call: Call) => onCall(name, call) };
}

/** Middy's type knows more ways to be called than Lambda uses. */
function asHandler(handler: unknown): LambdaHandler {
  return handler as LambdaHandler;
}
