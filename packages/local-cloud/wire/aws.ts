/**
 * Answers one request to AWS: reads it by its protocol, holds it against the service's model, asks
 * the world, and holds the answer against the model too. DynamoDB's requests go to dynalite as
 * they are. Never throws for anything that a client sends.
 */
import { randomUUID } from 'node:crypto';
import { type Dynamo, isDynamoRequest } from '../dynamodb/dynalite.ts';
import { asClient, type Call, type Hooks } from '../kernel/call.ts';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { answerViolationsIn, violationsIn } from '../models/check.ts';
import { brokenInWords } from '../models/checked-calls.ts';
import type { ServiceModel } from '../models/model.ts';
import { executeCall } from '../services.ts';
import { accessKeyIn, dynamoRefusal } from './access.ts';
import { type AwsRequest, awsRequestIn } from './aws-request.ts';
import { exchange } from './exchange.ts';
import type { Protocol, Received, Reply } from './protocol.ts';
import { withQueueUrlsAt } from './queue-urls.ts';
import { refusalOf } from './refusal.ts';

export interface AwsOptions {
  readonly world: World;
  readonly dynamo: Dynamo;
  readonly hooks?: Hooks;
  /** One line about what the local AWS did wrong, or what a client should know. */
  readonly onWarning: (line: string) => void;
}

/** What will answer the request, or undefined if it is not meant for AWS. Asks nothing yet. */
export function answererFor(
  received: Received,
): ((options: AwsOptions) => Promise<Reply>) | undefined {
  if (isDynamoRequest(received.headers)) return (options) => askDynamo(options, received);
  const request = awsRequestIn(received);
  return request && (async (options) => answer(options, request, received));
}

function answer(options: AwsOptions, request: AwsRequest, received: Received): Reply {
  const { onWarning } = options;
  const { protocol } = request;
  return exchange(request, received, randomUUID(), {
    execute: (service, operation, input, { model }) =>
      checkedOutput(options, { protocol, model, service, operation, input }, received),
    asAwsError: (error) => asAws(options, error),
    onUnknown: ({ model: { service }, operation }, name) =>
      onWarning(`${service}:${operation} has no member ${name}; it is ignored, as AWS ignores it`),
  });
}

/** Anything else is a mistake of ours: told aloud, and the client hears what AWS says then. */
function asAws({ onWarning }: AwsOptions, error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  onWarning(`internal: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return new AwsError('InternalFailure', 'The local AWS made a mistake; its terminal says which.', {
    status: 500,
  });
}

interface CheckedCall extends Call {
  readonly protocol: Protocol;
  readonly model: ServiceModel;
}

function checkedOutput(
  { world, hooks = {}, onWarning }: AwsOptions,
  { protocol, model, service, operation, input }: CheckedCall,
  received: Received,
): object {
  const [first, ...others] = violationsIn(model, model.operations[operation]?.input, input);
  if (first !== undefined) {
    const violations = [first, ...others] as const;
    throw refusalOf(world, { protocol, service, operation, input, violations });
  }
  const caller = hooks.authorizer?.callerOf(accessKeyIn(received));
  const call = { service, operation, input, ...(caller && { caller }) };
  const output = (asClient(world, () => executeCall(world, call, hooks)) ?? {}) as object;
  const broken = answerViolationsIn(model, model.operations[operation]?.output, output);
  if (broken.length > 0) {
    onWarning(brokenInWords({ service, operation, side: 'answer', violations: broken }));
  }
  return service === 'sqs' ? withQueueUrlsAt(received.headers.host, output) : output;
}

async function askDynamo({ world, dynamo, hooks }: AwsOptions, received: Received): Promise<Reply> {
  const authorizer = hooks?.authorizer;
  const caller = authorizer?.callerOf(accessKeyIn(received));
  const refusal =
    authorizer && caller && dynamoRefusal(world, dynamo, authorizer, caller, received);
  if (refusal) return refusal;
  const headers = Object.fromEntries(
    Object.entries(received.headers).filter((entry): entry is [string, string] => {
      return entry[1] !== undefined;
    }),
  );
  const { method, path, body } = received;
  const response = await dynamo.handle({ method, path, headers, body });
  return {
    status: response.statusCode,
    headers: response.headers,
    body: Buffer.from(response.body),
  };
}
