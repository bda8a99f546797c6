/**
 * Answers one request to AWS: reads it by its protocol, holds it against the service's model, asks
 * the world, and holds the answer against the model too. DynamoDB's requests go to dynalite as
 * they are. Never throws for anything that a client sends.
 */
import { randomUUID } from 'node:crypto';
import type { Dynamo } from '../dynamodb/dynalite.ts';
import type { Call, Hooks } from '../kernel/call.ts';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { answerViolationsIn, violationsIn } from '../models/check.ts';
import { brokenInWords } from '../models/checked-calls.ts';
import type { ServiceModel } from '../models/model.ts';
import { executeCall, SERVICE_NAMES } from '../services.ts';
import { type AwsRequest, awsRequestIn } from './aws-request.ts';
import type { Asked, Protocol, Received, Reply } from './protocol.ts';
import { queryProtocol } from './query-protocol.ts';
import { withQueueUrlsAt } from './queue-urls.ts';
import { refusalOf } from './refusal.ts';

export interface AwsOptions {
  readonly world: World;
  readonly dynamo: Dynamo;
  readonly hooks?: Hooks;
  /** One line about what the local AWS did wrong, or what a client should know. */
  readonly onWarning: (line: string) => void;
}

const DYNAMODB = /^DynamoDB(Streams)?_\d+\./;

/** What will answer the request, or undefined if it is not meant for AWS. Asks nothing yet. */
export function answererFor(
  received: Received,
): ((options: AwsOptions) => Promise<Reply>) | undefined {
  const target = received.headers['x-amz-target'];
  if (target !== undefined && DYNAMODB.test(target)) {
    return (options) => askDynamo(options, received);
  }
  const request = awsRequestIn(received);
  return request && (async (options) => answer(options, request, received));
}

function answer(options: AwsOptions, request: AwsRequest, received: Received): Reply {
  const { protocol, model, operation } = request;
  const requestId = randomUUID();
  try {
    const asked = { model: servedModel(request), operation, requestId };
    return protocol.answer(asked, outputOf(options, protocol, asked, received));
  } catch (error) {
    return protocol.refuse(
      { ...(model && { model }), operation, requestId },
      asAws(options, error),
    );
  }
}

/** Anything else is a mistake of ours: told aloud, and the client hears what AWS says then. */
function asAws({ onWarning }: AwsOptions, error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  onWarning(`internal: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return new AwsError('InternalFailure', 'The local AWS made a mistake; its terminal says which.', {
    status: 500,
  });
}

function outputOf(
  { world, hooks = {}, onWarning }: AwsOptions,
  protocol: Protocol,
  asked: Asked,
  received: Received,
): object {
  const { model, operation } = asked;
  const { service } = model;
  const input = protocol.read(asked, received, (name) => {
    onWarning(`${service}:${operation} has no member ${name}; it is ignored, as AWS ignores it`);
  });
  const [first, ...others] = violationsIn(model, model.operations[operation]?.input, input);
  if (first !== undefined) {
    const violations = [first, ...others] as const;
    throw refusalOf(world, { protocol, service, operation, input, violations });
  }
  const call: Call = { service, operation, input };
  const output = (executeCall(world, call, hooks) ?? {}) as object;
  const broken = answerViolationsIn(model, model.operations[operation]?.output, output);
  if (broken.length > 0) {
    onWarning(brokenInWords({ service, operation, side: 'answer', violations: broken }));
  }
  return service === 'sqs' ? withQueueUrlsAt(received.headers.host, output) : output;
}

/** The model of a service that has this operation. Throws what AWS answers if there is none. */
function servedModel({ protocol, model, service, operation }: AwsRequest): ServiceModel {
  if (model === undefined) {
    throw new AwsError(
      'UnknownOperationException',
      `The local AWS has no service "${service}"; it has ${SERVICE_NAMES.join(', ')}, and dynamodb.`,
    );
  }
  if (Object.hasOwn(model.operations, operation) && speaks(model, protocol)) return model;
  if (model.notServed.includes(operation)) {
    throw new AwsError(
      'UnsupportedOperation',
      `AWS has ${model.service}:${operation}, the local AWS has not; it has ${Object.keys(model.operations).join(', ')}.`,
    );
  }
  throw protocol === queryProtocol
    ? new AwsError('InvalidAction', `The action ${operation} is not valid for this web service.`)
    : new AwsError(
        'UnknownOperationException',
        `${model.service} has no operation "${operation}".`,
      );
}

function speaks(model: ServiceModel, protocol: Protocol): boolean {
  if (protocol === queryProtocol) return model.xmlNamespace !== undefined;
  return model.targetPrefix !== undefined;
}

async function askDynamo({ dynamo }: AwsOptions, received: Received): Promise<Reply> {
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
