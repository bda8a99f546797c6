/**
 * The transport under the real AWS SDK, in place of its HTTP: a request handler that takes what a
 * client would send over the network and answers what a server would send back. The protocols are
 * those of the server (`aws.ts`); requests are not held against AWS's models here, since they come
 * from a client that was made of them.
 */
import { type Dynamo, isDynamoRequest, startDynamo } from '../dynamodb/dynalite.ts';
import type { Caller } from '../kernel/authorization.ts';
import type { Hooks } from '../kernel/call.ts';
import { AwsError } from '../kernel/errors.ts';
import type { WireRequest, WireResponse } from '../kernel/http.ts';
import type { World } from '../kernel/world.ts';
import { executeCall } from '../services.ts';
import { accessKeyIn, dynamoRefusal } from './access.ts';
import { awsRequestIn } from './aws-request.ts';
import { exchange } from './exchange.ts';
import type { Received, Reply } from './protocol.ts';

export interface Transport {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: WireRequest): Promise<{ response: WireResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): object;
  destroy(): void;
}

export interface TransportOptions extends Hooks {
  readonly world: World;
  /** The DynamoDB behind it; one of its own if absent. */
  readonly dynamo?: Dynamo;
  /** One call after the other, in the order in which they came; true if absent. */
  readonly serialise?: boolean;
}

export function createTransport({
  world,
  dynamo: given,
  serialise = true,
  ...hooks
}: TransportOptions): Transport {
  let dynamo = given;
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  const { authorizer } = hooks;
  const answer = async (request: WireRequest): Promise<{ response: WireResponse }> => {
    const received = receivedFrom(request);
    const caller = authorizer?.callerOf(accessKeyIn(received));
    if (isDynamoRequest(received.headers)) {
      dynamo ??= startDynamo();
      const refusal =
        authorizer && caller && dynamoRefusal(world, dynamo, authorizer, caller, received);
      return { response: refusal ? wireResponse(refusal) : await dynamo.handle(request) };
    }
    count++;
    return { response: responseTo(world, hooks, received, `local-${count}`, caller) };
  };
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle(request) {
      if (!serialise) return answer(request);
      const next = last.then(() => answer(request));
      last = next.catch(() => undefined);
      return next;
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => {},
  };
}

function receivedFrom({ method, path, headers, body = '' }: WireRequest): Received {
  return {
    method,
    path,
    query: new URLSearchParams(),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body:
      typeof body === 'string'
        ? Buffer.from(body)
        : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
  };
}

/** Throws what no server would send: that there is no answer, or a mistake of ours. */
function responseTo(
  world: World,
  hooks: Hooks,
  received: Received,
  requestId: string,
  caller: Caller | undefined,
): WireResponse {
  const request = awsRequestIn(received);
  if (request === undefined) throw new Error('the SDK sent what is no request to AWS');
  const reply = exchange(request, received, requestId, {
    execute: (service, operation, input) =>
      executeCall(world, { service, operation, input, ...(caller && { caller }) }, hooks),
    asAwsError: (error) => {
      if (error instanceof AwsError) return error;
      throw error;
    },
  });
  return wireResponse(reply);
}

function wireResponse({ status, headers, body }: Reply): WireResponse {
  return { statusCode: status, headers: { ...headers }, body };
}
