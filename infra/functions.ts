/** The functions of this pipeline: code, role, log group, size, and what invokes them with messages. */
import {
  Duration,
  aws_lambda_destinations as destinations,
  aws_lambda as lambda,
  aws_logs as logs,
  RemovalPolicy,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Pipeline } from '../shared/config/config.ts';
import { commandQueuesOf, kindOf } from '../shared/runtime/routing.ts';
import {
  FUNCTION_LIMITS,
  QUEUE_LIMITS,
  QUEUE_READERS,
  TICK_EVERY_MINUTES,
} from '../shared/runtime/sizes.ts';
import { HANDLER } from './bundle.ts';
import { environmentOf } from './function-environment.ts';
import {
  type FunctionName,
  functionName,
  functionsOf,
  logGroupName,
  type SometimesFunctionName,
  type TargetFunctionName,
} from './names.ts';
import { functionRole } from './permissions/policies.ts';
import type { FittingPolicies } from './permissions/statements.ts';
import type { Queues, WorkQueue } from './queues.ts';
import { reservedFor } from './reserved-concurrency.ts';
import type { CheckedSettings } from './settings-check.ts';
import { EVENT_AGE_HOURS, MEMORY_MB } from './sizes.ts';

/** Those of the sources, and of traffic that is shifted, are there when the config names some. */
export type Functions = Readonly<
  Record<TargetFunctionName, FunctionParts> & Partial<Record<SometimesFunctionName, FunctionParts>>
>;

export interface FunctionParts {
  readonly function: lambda.Function;
  readonly logGroup: logs.LogGroup;
}

export interface FunctionsProps {
  readonly pipeline: Pipeline;
  readonly queues: Queues;
  readonly settings: CheckedSettings;
  readonly policies: FittingPolicies['statements'];
  readonly codeOf: (name: FunctionName) => lambda.Code;
}

export function createFunctions(scope: Construct, props: FunctionsProps): Functions {
  const made = functionsOf(props.pipeline).map(
    (name) => [name, createFunction(scope, name, props)] as const,
  );
  const functions = Object.fromEntries(made) as Functions;
  for (const queue of props.queues.all) {
    feed(functionOf(functions, QUEUE_READERS[kindOf(queue.name)]), queue, props);
  }
  return functions;
}

/** Of a function that this pipeline has. */
export function functionOf(functions: Functions, name: FunctionName): lambda.Function {
  const found = functions[name];
  if (found === undefined) throw new Error(`This pipeline has no function ${name}.`);
  return found.function;
}

/** All of them, by name. */
export function allOf(functions: Functions): readonly (readonly [FunctionName, FunctionParts])[] {
  return Object.entries(functions) as [FunctionName, FunctionParts][];
}

function createFunction(
  scope: Construct,
  name: FunctionName,
  { pipeline, queues, settings, policies, codeOf }: FunctionsProps,
): FunctionParts {
  const logGroup = new logs.LogGroup(scope, `${name}-log`, {
    logGroupName: logGroupName(pipeline, name),
    retention: settings.logDays,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  const made = new lambda.Function(scope, name, {
    functionName: functionName(pipeline, name),
    description: DESCRIPTIONS[name],
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: codeOf(name),
    handler: HANDLER,
    memorySize: MEMORY_MB,
    timeout: Duration.seconds(FUNCTION_LIMITS[name].timeoutSeconds),
    tracing: lambda.Tracing.ACTIVE,
    logGroup,
    // What it may do is complete in its role; nothing here adds to it.
    role: functionRole(scope, name, pipeline, policies[name]).withoutPolicyUpdates(),
    environment: environmentOf(name, pipeline, queues, settings),
    ...invocationOf(name, queues, settings, commandQueuesOf(pipeline).length),
  });
  return { function: made, logGroup };
}

/** How it is invoked, and so how often at a time, and what becomes of what fails for good. */
function invocationOf(
  name: FunctionName,
  { unheard }: Queues,
  { concurrency }: CheckedSettings,
  commandQueues: number,
): Partial<lambda.FunctionProps> {
  const most = reservedFor(name, concurrency, commandQueues);
  const reserved = most === undefined ? {} : { reservedConcurrentExecutions: most };
  switch (name) {
    case 'reconcile':
      return { ...reserved, ...SENDS_TO_ITSELF };
    case 'build':
    case 'feedback':
      return SENDS_TO_ITSELF;
    case 'github-push':
    case 'lifecycle-hook':
      return reserved;
    case 'image-pushed':
    case 'rollout-changed':
    case 'alarm-changed':
    case 'build-changed':
    case 'notice':
    case 'tick':
      return {
        ...reserved,
        onFailure: new destinations.SqsDestination(unheard),
        retryAttempts: FUNCTION_LIMITS[name].retries,
        maxEventAge:
          name === 'tick' ? Duration.minutes(TICK_EVERY_MINUTES) : Duration.hours(EVENT_AGE_HOURS),
      };
  }
}

/**
 * A message that waits for its turn goes back to its own queue, which after 16 times looks like a
 * loop to Lambda, and it would stop the function. (invocation-recursion)
 */
const SENDS_TO_ITSELF = { recursiveLoop: lambda.RecursiveLoop.ALLOW } as const;

/** Each queue has its own share of its reader, so that a thousand releases leave room for an alarm. */
function feed(
  reader: lambda.Function,
  { name, queue }: WorkQueue,
  { settings }: FunctionsProps,
): void {
  reader.addEventSourceMapping(name, {
    eventSourceArn: queue.queueArn,
    batchSize: QUEUE_LIMITS[kindOf(name)].batchSize,
    maxConcurrency: settings.concurrency[kindOf(name)],
    reportBatchItemFailures: true,
  });
}

const DESCRIPTIONS: Readonly<Record<FunctionName, string>> = {
  'image-pushed': 'ECR says that an image was pushed; passes it on. Cannot deploy.',
  'rollout-changed': 'ECS says that something happened; passes it on. Cannot deploy.',
  'alarm-changed': 'CloudWatch says that an alarm changed; passes it on. Cannot deploy.',
  reconcile: 'Reconciles one message for one target: the only function that may deploy.',
  tick: 'Once a minute: sends the looks that are due, sweeps for lost events. Cannot deploy.',
  'lifecycle-hook': 'Answers ECS whether a shift of traffic may go on. Can change nothing.',
  'github-push':
    'GitHub says that somebody pushed; checks the signature, passes it on. Cannot build.',
  'build-changed': 'CodeBuild says that a build changed; passes it on. Cannot build.',
  build: 'Reconciles one message for one source: the only function that may build. Cannot deploy.',
  feedback: 'Tells GitHub what became of commits and releases. Cannot build or deploy.',
  notice: 'Tells people what became of releases, by SNS. Can change nothing.',
};
