/** Our functions as Lambda has them, with clients that talk to the local AWS. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createHandler as alarmChanged } from '../../functions/alarm-changed.ts';
import { createHandler as imagePushed } from '../../functions/image-pushed.ts';
import { createHandler as lifecycleHook } from '../../functions/lifecycle-hook.ts';
import { createHandler as notice } from '../../functions/notice.ts';
import { createHandler as reconcile } from '../../functions/reconcile.ts';
import { createHandler as rolloutChanged } from '../../functions/rollout-changed.ts';
import { createHandler as tick } from '../../functions/tick.ts';
import type { ClientSettings } from '../../shared/aws/connect/client-settings.ts';
import { connectHook } from '../../shared/aws/connect/hook.ts';
import { connectNotice } from '../../shared/aws/connect/notice.ts';
import { connectQueues } from '../../shared/aws/connect/queues.ts';
import { type Connections, connect } from '../../shared/aws/connect/reconcile.ts';
import { connectTick } from '../../shared/aws/connect/tick.ts';
import { createStopSwitch, type StopSwitch } from '../../shared/aws/table/stop-switch.ts';
import type { GitHubCall } from '../../shared/github/client.ts';
import type { RouteDeps } from '../../shared/route/route.ts';
import { ENVIRONMENT } from '../../shared/runtime/environment.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { imageQueuesOf, lookQueuesOf } from '../../shared/runtime/routing.ts';
import { asHandler, connectionsOf, type FunctionsOptions } from './function-deps.ts';
import { gitFunctions } from './git-functions.ts';
import type { FunctionName, LambdaHandler } from './lambda.ts';
import { bundled } from './policies.ts';

export function makeFunctions(
  options: FunctionsOptions,
): Readonly<Record<FunctionName, LambdaHandler>> {
  const { pipeline, clock } = options;
  const reconciling = connectionsOf('reconcile', options);
  const ticking = connectionsOf('tick', options);
  const hooked = connectionsOf('lifecycle-hook', options);
  const hookDeps = { pipeline, log: hooked.log, ...connectHook(hooked) };
  const telling = connectionsOf('notice', options);
  const noticeDeps = { pipeline, log: telling.log, ...connectNotice(telling) };
  const home = {
    ...pipeline,
    fetch: options.github,
    polite: false,
    onCall: (call: GitHubCall) => options.onGitHub('reconcile', call),
  };
  const reconcileDeps = {
    pipeline: bundled(pipeline),
    log: reconciling.log,
    ...withBudget(connect({ ...reconciling, fetch: options.outside }, home), options),
    sequential: true,
    onReconciled: options.onReconciled,
  };
  const tickDeps = {
    pipeline,
    log: ticking.log,
    clock,
    ...connectTick(ticking, lookQueuesOf(pipeline)),
  };
  return {
    'image-pushed': router('image-pushed', imagePushed, options),
    'rollout-changed': router('rollout-changed', rolloutChanged, options),
    'alarm-changed': router('alarm-changed', alarmChanged, options),
    reconcile: asHandler(reconcile(() => reconcileDeps)),
    tick: asHandler(tick(() => tickDeps)),
    'lifecycle-hook': asHandler(lifecycleHook(() => hookDeps)),
    notice: asHandler(notice(() => noticeDeps)),
    ...gitFunctions(options),
  };
}

function withBudget(connections: Connections, { withoutBudget, clock }: FunctionsOptions) {
  if (!withoutBudget) return connections;
  const budget = { reserve: async () => clock.now(), giveBack: async () => undefined };
  return {
    ...connections,
    ports: (timeLeft: () => number) => ({ ...connections.ports(timeLeft), budget }),
  };
}

/** Of an administrator, who looks from outside. */
type EyesOptions = Pick<FunctionsOptions, 'environment' | 'clock'> & {
  readonly aws: ClientSettings;
};

/** What we remember, asked by the outside: no part of the story, so nobody is told of the calls. */
export function recordsOf({ environment, aws, clock }: EyesOptions) {
  const log = createLog({ name: 'records', level: 'SILENT', write: () => undefined });
  const { ports } = connect({ environment, log, clock, aws });
  return ports(() => Number.MAX_SAFE_INTEGER).records;
}

/** The account's stop switch, as a person turns it: directly, and not by a message. */
export function stopSwitchOf({ environment, aws, clock }: EyesOptions): StopSwitch {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(aws));
  return createStopSwitch({ client, name: environment[ENVIRONMENT.table] ?? '' }, clock);
}

function router(
  name: FunctionName,
  createHandler: (deps: () => RouteDeps) => unknown,
  options: FunctionsOptions,
): LambdaHandler {
  const connections = connectionsOf(name, options);
  const deps = {
    pipeline: options.pipeline,
    queues: connectQueues(
      connections,
      name === 'image-pushed' ? imageQueuesOf(options.pipeline) : undefined,
    ),
    log: connections.log,
  };
  return asHandler(createHandler(() => deps));
}
