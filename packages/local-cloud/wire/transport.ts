/**
 * The skin under the real AWS SDK: a request handler that takes what a client would send over the
 * network, asks the world and answers on the wire. All our clients speak AWS JSON (1.0 or 1.1,
 * CloudWatch included since its client's default became AwsJson1_0Protocol).
 */
import { type Dynamo, startDynamo } from '../dynamodb/dynalite.ts';
import type { Hooks } from '../kernel/call.ts';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { executeCall } from '../services.ts';

/** Of the SDK's HttpRequest, what is read here. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What the SDK takes for an HttpResponse. */
export interface WireResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

export interface SdkSkin {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: WireRequest): Promise<{ response: WireResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): object;
  destroy(): void;
}

export interface SdkSkinOptions extends Hooks {
  readonly world: World;
  /** The DynamoDB behind it; one of its own if absent. */
  readonly dynamo?: Dynamo;
  /** One call after the other, in the order in which they came; true if absent. */
  readonly serialise?: boolean;
}

/** First half of the header `x-amz-target`. */
const SERVICES: Readonly<Record<string, { readonly service: string; readonly type: string }>> = {
  AmazonEC2ContainerServiceV20141113: { service: 'ecs', type: 'application/x-amz-json-1.1' },
  AmazonEC2ContainerRegistry_V20150921: { service: 'ecr', type: 'application/x-amz-json-1.1' },
  AWSEvents: { service: 'events', type: 'application/x-amz-json-1.1' },
  GraniteServiceVersion20100801: { service: 'monitoring', type: 'application/x-amz-json-1.0' },
  AmazonSSM: { service: 'ssm', type: 'application/x-amz-json-1.1' },
  CodeBuild_20161006: { service: 'codebuild', type: 'application/x-amz-json-1.1' },
  secretsmanager: { service: 'secretsmanager', type: 'application/x-amz-json-1.1' },
  AmazonSQS: { service: 'sqs', type: 'application/x-amz-json-1.0' },
};

export function createSdkSkin({
  world,
  dynamo: given,
  serialise = true,
  ...hooks
}: SdkSkinOptions): SdkSkin {
  let dynamo = given;
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  const answer = async (request: WireRequest): Promise<{ response: WireResponse }> => {
    const [prefix = '', operation = ''] = (header(request, 'x-amz-target') ?? '').split('.');
    if (prefix.startsWith('DynamoDB_')) {
      dynamo ??= startDynamo();
      return { response: await dynamo.handle(request) };
    }
    count++;
    const { service = prefix, type = 'application/x-amz-json-1.1' } = SERVICES[prefix] ?? {};
    const headers = { 'content-type': type, 'x-amzn-requestid': `local-${count}` };
    const input = JSON.parse(textOf(request.body) || '{}', reviveDate) as object;
    try {
      const output = executeCall(world, { service, operation, input }, hooks);
      return { response: { statusCode: 200, headers, body: encode(output) } };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { response: errorResponse(service, error, headers) };
    }
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

function header(request: WireRequest, name: string): string | undefined {
  const entry = Object.entries(request.headers).find(([key]) => key.toLowerCase() === name);
  return entry?.[1];
}

function textOf(body: string | Uint8Array | undefined): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

/** The members of inputs that are timestamps: on the wire they are seconds since 1970. */
const DATES = new Set([
  'before',
  'after',
  'StartDate',
  'EndDate',
  'StartTime',
  'EndTime',
  'Timestamp',
  'Time',
]);

function reviveDate(key: string, value: unknown): unknown {
  return typeof value === 'number' && DATES.has(key) ? new Date(value * 1000) : value;
}

function encode(output: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(toWire(output ?? {})));
}

function toWire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toWire(member)]));
}

/**
 * SQS and CloudWatch once spoke the query protocol; their old error codes still come in a header,
 * which the SDK shows as `error.Code`.
 */
export const OLD_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
};

function errorResponse(
  service: string,
  { code, message, status, withMessage }: AwsError,
  headers: Record<string, string>,
): WireResponse {
  const old = service === 'sqs' || service === 'monitoring' ? (OLD_CODES[code] ?? code) : undefined;
  return {
    statusCode: status,
    headers: {
      ...headers,
      ...(old === undefined
        ? {}
        : { 'x-amzn-query-error': `${old};${status < 500 ? 'Sender' : 'Receiver'}` }),
    },
    body: encode({ __type: code, ...(withMessage ? { message } : {}) }),
  };
}

/** Constructor options of clients that talk to the skin, never wait and read no configuration. */
export function clientSettings({ world, skin }: { readonly world: World; readonly skin: SdkSkin }) {
  return {
    region: world.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: skin,
    retryStrategy: retriesWithoutWaiting(),
    maxAttempts: ATTEMPTS_MAX,
    defaultsMode: 'standard' as const,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
  };
}

const ATTEMPTS_MAX = 3;

interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
}

/** The SDK's standard strategy (same attempts, same errors), with delays of zero. */
function retriesWithoutWaiting() {
  const token = (count: number): RetryToken => ({
    getRetryCount: () => count,
    getRetryDelay: () => 0,
  });
  return {
    acquireInitialRetryToken: async (_scope: string): Promise<RetryToken> => token(0),
    refreshRetryTokenForRetry: async (
      { getRetryCount }: RetryToken,
      { errorType }: { readonly errorType: string },
    ): Promise<RetryToken> => {
      const retryable = errorType === 'THROTTLING' || errorType === 'TRANSIENT';
      if (!retryable || getRetryCount() + 1 >= ATTEMPTS_MAX) throw new Error('No attempts left.');
      return token(getRetryCount() + 1);
    },
    recordSuccess: (_token: RetryToken): void => {},
  };
}
