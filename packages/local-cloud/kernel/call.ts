/**
 * One table of everything that the local AWS can be asked, and the one way to ask it. Both skins
 * go through `carryOut`, so faults and logs are the same under the SDK and under fast simulation.
 */
import { cloudwatchOperations } from '../cloudwatch/operations.ts';
import { codebuildOperations } from '../codebuild/operations.ts';
import { ecrOperations } from '../ecr/operations.ts';
import { ecsOperations } from '../ecs/operations.ts';
import { eventbridgeOperations } from '../eventbridge/operations.ts';
import { secretsOperations } from '../secrets/operations.ts';
import { sqsOperations } from '../sqs/operations.ts';
import { ssmOperations } from '../ssm/operations.ts';
import { stsOperations } from '../sts/operations.ts';
import { AwsError, type World } from './world.ts';

/** By the names that SigV4 signs with. */
export const SERVICE_NAMES = [
  'ecs',
  'ecr',
  'monitoring',
  'events',
  'sqs',
  'ssm',
  'sts',
  'codebuild',
  'secretsmanager',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** Moments in inputs and answers are Dates; the skin on the wire turns them into numbers. */
type Operation = (world: World, input: never) => unknown;

/** A function, so that files that import each other may be loaded in any order. */
export function operationsOf(service: string): Readonly<Record<string, Operation>> | undefined {
  switch (service) {
    case 'ecs':
      return ecsOperations;
    case 'ecr':
      return ecrOperations;
    case 'monitoring':
      return cloudwatchOperations;
    case 'events':
      return eventbridgeOperations;
    case 'sqs':
      return sqsOperations;
    case 'ssm':
      return ssmOperations;
    case 'codebuild':
      return codebuildOperations;
    case 'secretsmanager':
      return secretsOperations;
    case 'sts':
      return stsOperations;
    default:
      return undefined;
  }
}

/** Carries out one operation. Throws an AwsError where AWS answers with an error. */
export function execute(world: World, service: string, operation: string, input: object): unknown {
  const operations = operationsOf(service);
  if (operations === undefined) {
    throw new AwsError(
      'UnsupportedOperation',
      `The local AWS has no service "${service}"; it has ${SERVICE_NAMES.join(', ')}.`,
    );
  }
  const carryOutOperation = Object.hasOwn(operations, operation)
    ? operations[operation]
    : undefined;
  if (carryOutOperation === undefined) {
    throw new AwsError(
      'UnsupportedOperation',
      `The local AWS does not know ${service}:${operation}; of ${service} it knows ${Object.keys(operations).sort().join(', ')}.`,
    );
  }
  return carryOutOperation(world, input as never);
}

/** One call from outside, as hooks see it. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
}

export type CallResult = Call & {
  readonly fault: Fault;
  /** What AWS answered; absent if it failed or was never asked. */
  readonly output?: unknown;
  readonly error?: AwsError | NoAnswer;
};

/**
 * What goes wrong with a call. `throttle` and `server-error`: AWS answers so and did nothing.
 * `timeout`: it never arrived. `lost-answer`: it was carried out, and the answer did not come back.
 */
export type Fault = 'none' | 'throttle' | 'server-error' | 'timeout' | 'lost-answer' | AwsError;

export interface Hooks {
  /** Told of every call after it was carried out (or not). */
  readonly onCall?: (result: CallResult) => void;
  readonly fault?: (call: Call) => Fault;
}

/** The connection broke: no answer of AWS, so no AwsError. */
export class NoAnswer extends Error {
  /** What Node's http says, and what the SDK judges retries by. */
  readonly code: string;

  constructor(name: 'TimeoutError' | 'Error', code: string, message: string) {
    super(message);
    this.name = name;
    this.code = code;
  }
}

/** Carries out a call with its fault. Throws an AwsError, or NoAnswer. */
export function carryOut(world: World, call: Call, hooks: Hooks): unknown {
  const fault = hooks.fault?.(call) ?? 'none';
  const result = attempt(() => answer(world, call, fault));
  hooks.onCall?.({ ...call, fault, ...result });
  // An error of AWS is an answer too, and can be lost like one.
  if (fault === 'lost-answer') throw lostAnswer(call);
  if ('error' in result) throw result.error;
  return result.output;
}

function attempt(ask: () => unknown): { output: unknown } | { error: AwsError | NoAnswer } {
  try {
    return { output: ask() };
  } catch (error) {
    if (error instanceof AwsError || error instanceof NoAnswer) return { error };
    throw error;
  }
}

function answer(world: World, call: Call, fault: Fault): unknown {
  if (fault instanceof AwsError) throw fault;
  switch (fault) {
    case 'throttle':
      throw new AwsError('ThrottlingException', 'Rate exceeded');
    case 'server-error':
      throw new AwsError('InternalFailure', 'Service Unavailable. Please try again later.', {
        status: 500,
      });
    case 'timeout':
      throw new NoAnswer(
        'TimeoutError',
        'ETIMEDOUT',
        `${call.service}:${call.operation} timed out`,
      );
    case 'none':
    case 'lost-answer':
      return execute(world, call.service, call.operation, call.input);
  }
}

function lostAnswer(call: Call): NoAnswer {
  return new NoAnswer('Error', 'ECONNRESET', `${call.service}:${call.operation}: socket hang up`);
}
