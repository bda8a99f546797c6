/** What all our functions are made of in the local world: its clients, its clock, its eyes. */
import type { Call } from '../../shared/aws/connect/call-log.ts';
import type { ClientSettings } from '../../shared/aws/connect/client-settings.ts';
import type { ConnectOptions } from '../../shared/aws/connect/options.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import type { GitHubCall } from '../../shared/github/client.ts';
import type { SourceHandled } from '../../shared/reconcile/build-batch.ts';
import type { ReconcileOutcome } from '../../shared/reconcile/reconcile-batch.ts';
import type { Environment } from '../../shared/runtime/environment.ts';
import { createLog, followingLog } from '../../shared/runtime/log.ts';
import type { FunctionName, LambdaHandler } from './lambda.ts';

export interface FunctionsOptions {
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  /** How its clients talk, and as whom. */
  readonly aws: (name: FunctionName) => ClientSettings;
  /** What answers for the addresses of ECR's blobs, and of load balancers. */
  readonly outside: typeof fetch;
  readonly clock: ConnectOptions['clock'];
  /** Nobody waits for a turn. */
  readonly withoutBudget?: boolean;
  /** Every line of every log. */
  readonly onLine: (line: string) => void;
  /** Comes right before the line of the same call. */
  readonly onCall: (name: FunctionName, call: Call) => void;
  readonly onReconciled: (settled: ReconcileOutcome) => void;
  readonly onBuilt: (handled: SourceHandled) => void;
  /** What answers in the place of GitHub. */
  readonly github: typeof fetch;
  /** One function asked GitHub. */
  readonly onGitHub: (name: FunctionName, call: GitHubCall) => void;
}

/** DEBUG, so that reads are lines too, with the cause of each. */
export function connectionsOf(name: FunctionName, options: FunctionsOptions) {
  const { environment, clock, onLine, onCall } = options;
  const log = followingLog(createLog({ name, now: clock.now, level: 'DEBUG', write: onLine }));
  const aws = options.aws(name);
  return { environment, log, clock, aws, onCall: (call: Call) => onCall(name, call) };
}

/** Middy's type knows more ways to be called than Lambda uses. */
export function asHandler(handler: unknown): LambdaHandler {
  return handler as LambdaHandler;
}
