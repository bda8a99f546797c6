/** The five functions: code, role, log group, size, and what invokes them with messages. */
import {
  Duration,
  aws_lambda_destinations as destinations,
  aws_lambda as lambda,
  aws_logs as logs,
  RemovalPolicy,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../shared/environment.ts';
import type { Queue } from '../shared/routing.ts';
import { FUNCTION_LIMITS, QUEUE_LIMITS, TICK_EVERY_MINUTES } from '../shared/sizes.ts';
import { HANDLER } from './bundle.ts';
import {
  BUS,
  FUNCTION_NAMES,
  type FunctionName,
  functionName,
  logGroupName,
  TABLE,
} from './names.ts';
import { type FittingPolicies, functionRole } from './policies.ts';
import type { Queues } from './queues.ts';
import type { CheckedSettings } from './settings-check.ts';
import { EVENT_AGE_HOURS, MEMORY_MB } from './sizes.ts';

export type Functions = Readonly<Record<FunctionName, FunctionParts>>;

export interface FunctionParts {
  readonly function: lambda.Function;
  readonly logGroup: logs.LogGroup;
}

export interface FunctionsProps {
  readonly region: string;
  readonly queues: Queues;
  readonly settings: CheckedSettings;
  readonly policies: FittingPolicies['statements'];
  readonly codeOf: (name: FunctionName) => lambda.Code;
}

export function createFunctions(scope: Construct, props: FunctionsProps): Functions {
  const made = FUNCTION_NAMES.map((name) => [name, createFunction(scope, name, props)] as const);
  const functions = Object.fromEntries(made) as Functions;
  for (const queue of ['urgent', 'releases'] as const) {
    feed(functions.settle.function, queue, props);
  }
  return functions;
}

function createFunction(
  scope: Construct,
  name: FunctionName,
  { region, queues, settings, policies, codeOf }: FunctionsProps,
): FunctionParts {
  const { timeoutSeconds, retries } = FUNCTION_LIMITS[name];
  const { urgent, releases } = settings.concurrency;
  const logGroup = new logs.LogGroup(scope, `${name}-log`, {
    logGroupName: logGroupName(name),
    retention: settings.logDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const made = new lambda.Function(scope, name, {
    functionName: functionName(name),
    description: DESCRIPTIONS[name],
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: codeOf(name),
    handler: HANDLER,
    memorySize: MEMORY_MB,
    timeout: Duration.seconds(timeoutSeconds),
    tracing: lambda.Tracing.ACTIVE,
    logGroup,
    // What it may do is complete in its role; nothing here adds to it.
    role: functionRole(scope, name, region, policies[name]).withoutPolicyUpdates(),
    environment: environmentOf(name, queues, settings),
    ...(name === 'settle'
      ? {
          reservedConcurrentExecutions: urgent + releases,
          // A message that waits for API calls goes back to its own queue, which after 16 times
          // looks like a loop to Lambda, and it would stop the function. (invocation-recursion)
          recursiveLoop: lambda.RecursiveLoop.ALLOW,
        }
      : {
          onFailure: new destinations.SqsDestination(queues.unheard),
          retryAttempts: retries,
          maxEventAge:
            name === 'tick'
              ? Duration.minutes(TICK_EVERY_MINUTES)
              : Duration.hours(EVENT_AGE_HOURS),
        }),
  });
  return { function: made, logGroup };
}

/** Each queue has its own share of `settle`, so that a thousand releases leave room for an alarm. */
function feed(settle: lambda.Function, queue: Queue, { queues, settings }: FunctionsProps): void {
  settle.addEventSourceMapping(queue, {
    eventSourceArn: queues[queue].queueArn,
    batchSize: QUEUE_LIMITS[queue].batchSize,
    maxConcurrency: settings.concurrency[queue],
    reportBatchItemFailures: true,
  });
}

function environmentOf(
  name: FunctionName,
  { urgent, releases }: Queues,
  { historyDays }: CheckedSettings,
): Record<string, string> {
  return {
    [ENVIRONMENT.urgentQueue]: urgent.queueUrl,
    [ENVIRONMENT.releasesQueue]: releases.queueUrl,
    ...(name === 'settle' || name === 'tick' ? { [ENVIRONMENT.table]: TABLE } : {}),
    ...(name === 'settle'
      ? { [ENVIRONMENT.bus]: BUS, [ENVIRONMENT.historyDays]: String(historyDays) }
      : {}),
    [ENVIRONMENT.logLevel]: 'INFO',
  };
}

const DESCRIPTIONS: Readonly<Record<FunctionName, string>> = {
  'image-pushed': 'ECR says that an image was pushed; passes it on. Cannot deploy.',
  'rollout-changed': 'ECS says that something happened; passes it on. Cannot deploy.',
  'alarm-changed': 'CloudWatch says that an alarm changed; passes it on. Cannot deploy.',
  settle: 'Settles one message for one target: the only function that may deploy.',
  tick: 'Once a minute: sends the looks that are due, sweeps for lost events. Cannot deploy.',
};
