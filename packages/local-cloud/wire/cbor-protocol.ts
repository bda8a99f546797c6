/** Smithy RPC v2 with CBOR, as the newer SDKs of other languages speak it to CloudWatch. */
import { cbor, dateToTag } from '@smithy/core/cbor';
import { AwsError } from '../kernel/errors.ts';
import { type Asked, type Protocol, queryError, type Reply } from './protocol.ts';
import { isObject, typed } from './typed.ts';

const FROM_WIRE = {
  timestamp: (value: unknown) => {
    // Tag 1: seconds since 1970 (RFC 8949, 3.4.2).
    const seconds = isObject(value) && Number(value.tag) === 1 ? value.value : value;
    return typeof seconds === 'number' ? new Date(seconds * 1000) : value;
  },
  blob: (value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
};

export const cborProtocol: Protocol = {
  read({ model, operation }, { body }, onUnknown) {
    const value = decoded(body);
    const shape = model.operations[operation]?.input;
    return shape === undefined ? {} : (typed(model, shape, value, FROM_WIRE, onUnknown) as object);
  },

  answer({ model, operation, requestId }, output) {
    const shape = model.operations[operation]?.output;
    const toWire = {
      timestamp: (value: unknown) => dateToTag(value as Date),
      blob: (value: unknown) => (typeof value === 'string' ? Buffer.from(value, 'base64') : value),
    };
    return reply(requestId, 200, shape === undefined ? {} : typed(model, shape, output, toWire));
  },

  refuse({ model, requestId }: Partial<Asked> & { requestId: string }, error: AwsError) {
    const { code, message, status } = error;
    return reply(requestId, status, { __type: code, message }, queryError(model, error));
  },
};

function decoded(body: Buffer): object {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = cbor.deserialize(body);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new AwsError('SerializationException', `the body is not CBOR: ${why}`);
  }
  if (isObject(value)) return value;
  throw new AwsError('SerializationException', 'the body is CBOR, but no map');
}

function reply(
  requestId: string,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    headers: {
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
      'x-amzn-requestid': requestId,
      ...headers,
    },
    // The encoder's buffer is used again for the next one.
    body: Buffer.from(cbor.serialize(value)),
  };
}
