/**
 * The Query protocol, as old clients speak it to SQS, CloudWatch and STS: a form in, XML out.
 * Names on the wire are the model's.
 */
import { XMLBuilder } from 'fast-xml-parser';
import type { AwsError } from '../kernel/errors.ts';
import { type Member, type ServiceModel, shapeOf } from '../models/model.ts';
import type { Protocol, Received, Reply } from './protocol.ts';
import { parameterTree, readParameters } from './query-parameters.ts';

export const queryProtocol: Protocol = {
  read({ model, operation }, received) {
    const shape = model.operations[operation]?.input;
    if (shape === undefined) return {};
    const parameters = parametersOf(received);
    // Old clients of SQS name the queue by the path alone.
    if (model.service === 'sqs' && !parameters.has('QueueUrl') && received.path.length > 1) {
      parameters.set('QueueUrl', received.path);
    }
    return readParameters(model, shape, parameterTree(parameters));
  },

  answer({ model, operation, requestId }, output) {
    const { output: shape, wrapper } = model.operations[operation] ?? {};
    const members = shape === undefined ? {} : (elementOf(model, { shape }, output) as object);
    const inner = wrapper === undefined ? members : { [wrapper]: members };
    const metadata = { ResponseMetadata: { RequestId: requestId } };
    const root = { '@xmlns': model.xmlNamespace ?? '', ...inner, ...metadata };
    return xml(200, requestId, { [`${operation}Response`]: root });
  },

  refuse({ model, requestId }, { code, message, status }: AwsError) {
    const error = {
      Type: status < 500 ? 'Sender' : 'Receiver',
      Code: model?.errors[code]?.code ?? code,
      Message: message,
    };
    const root = { '@xmlns': model?.xmlNamespace ?? '', Error: error, RequestId: requestId };
    return xml(status, requestId, { ErrorResponse: root });
  },
};

/** Of a POST in its body, of a GET behind the question mark. */
export function parametersOf({ method, query, body }: Received): URLSearchParams {
  return method === 'GET' ? query : new URLSearchParams(body.toString('utf8'));
}

/** As fast-xml-parser builds from: a member that is a list comes once for each element. */
function elementOf(model: ServiceModel, { shape: name }: Member, value: unknown): unknown {
  const shape = shapeOf(model, name);
  switch (shape.type) {
    case 'structure': {
      const elements: Record<string, unknown> = {};
      for (const [key, each] of Object.entries(value as object)) {
        const member = shape.members[key];
        if (member !== undefined && each !== undefined)
          addMember(model, elements, key, member, each);
      }
      return elements;
    }
    case 'list':
      return (value as unknown[]).map((each) => elementOf(model, shape.member, each));
    case 'map':
      return Object.entries(value as object).map(([key, each]) => ({
        [shape.key.name ?? 'key']: key,
        [shape.value.name ?? 'value']: elementOf(model, shape.value, each),
      }));
    case 'timestamp':
      return (value as Date).toISOString();
    case 'blob':
      return typeof value === 'string'
        ? value
        : Buffer.from(value as Uint8Array).toString('base64');
    case 'string':
    case 'boolean':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
    case 'document':
      return String(value);
  }
}

function addMember(
  model: ServiceModel,
  elements: Record<string, unknown>,
  key: string,
  member: Member,
  value: unknown,
): void {
  const shape = shapeOf(model, member.shape);
  const own = member.name ?? key;
  const element = elementOf(model, member, value);
  if (shape.type === 'list') {
    if (shape.flattened === true) elements[shape.member.name ?? own] = element;
    else elements[own] = { [shape.member.name ?? 'member']: element };
  } else if (shape.type === 'map') {
    elements[own] = shape.flattened === true ? element : { entry: element };
  } else {
    elements[own] = element;
  }
}

const builder = new XMLBuilder({
  attributeNamePrefix: '@',
  ignoreAttributes: false,
  processEntities: false,
  tagValueProcessor: (_name, value) => escaped(String(value)),
});

/** A bare carriage return would be read as a line feed; other control characters have no XML. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;')
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

function xml(status: number, requestId: string, tree: object): Reply {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: Buffer.from(`<?xml version="1.0"?>\n${builder.build(tree)}`),
  };
}
