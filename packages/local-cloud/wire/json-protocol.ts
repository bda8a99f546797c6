/** AWS JSON 1.0 and 1.1: the operation in `x-amz-target`, moments as seconds since 1970. */
import { AwsError } from '../kernel/errors.ts';
import { type Asked, type Protocol, queryError, type Received, type Reply } from './protocol.ts';
import { isObject, typed } from './typed.ts';

const FROM_WIRE = {
  timestamp: (value: unknown) => (typeof value === 'number' ? new Date(value * 1000) : value),
  blob: (value: unknown) => value,
};

export const jsonProtocol: Protocol = {
  read({ model, operation }, received, onUnknown) {
    refuseOtherContent(received);
    const value = parsed(received.body);
    const shape = model.operations[operation]?.input;
    return shape === undefined ? {} : (typed(model, shape, value, FROM_WIRE, onUnknown) as object);
  },

  answer(asked, output) {
    return reply(asked, 200, toWire(output));
  },

  refuse(asked, error) {
    const { code, message, status, withMessage } = error;
    const body = { __type: code, ...(withMessage && { message }) };
    const headers = { 'x-amzn-errortype': code, ...queryError(asked.model, error) };
    return reply(asked, status, body, headers);
  },
};

/** AWS does not even look at the operation (observed with DynamoDB; the status is unverified). */
function refuseOtherContent({ headers }: Received): void {
  const type = headers['content-type'] ?? '';
  if (/^application\/x-amz-json-1\.[01]\s*(;|$)/i.test(type)) return;
  throw new AwsError(
    'UnknownOperationException',
    `content-type is "${type}", expected application/x-amz-json-1.0 or 1.1`,
  );
}

function parsed(body: Buffer): object {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new AwsError('SerializationException', `the body is not JSON: ${why}`);
  }
  if (isObject(value)) return value;
  throw new AwsError('SerializationException', 'the body is JSON, but no object');
}

function toWire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toWire(member)]));
}

function reply(
  { model, requestId }: Partial<Asked> & { readonly requestId: string },
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    headers: {
      'content-type': `application/x-amz-json-${model?.jsonVersion ?? '1.1'}`,
      'x-amzn-requestid': requestId,
      ...headers,
    },
    body: Buffer.from(JSON.stringify(value)),
  };
}
