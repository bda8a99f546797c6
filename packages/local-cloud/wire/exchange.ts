/**
 * One request and its answer, whatever carries them: read by its protocol, executed, written by its
 * protocol, an error of AWS too. The server and the transport under the SDK differ only in how they
 * execute and in what they do with a mistake of ours.
 */
import { AwsError } from '../kernel/errors.ts';
import type { ServiceModel } from '../models/model.ts';
import { SERVICE_NAMES } from '../services.ts';
import type { AwsRequest } from './aws-request.ts';
import type { Asked, Protocol, Received, Reply } from './protocol.ts';
import { queryProtocol } from './query-protocol.ts';

export interface Exchange {
  readonly execute: (service: string, operation: string, input: object, asked: Asked) => unknown;
  /** What the client hears of whatever was thrown; throws it if that is nothing for a client. */
  readonly asAwsError: (error: unknown) => AwsError;
  /** Told of each member that the model does not know. */
  readonly onUnknown?: (asked: Asked, name: string) => void;
}

export function exchange(
  request: AwsRequest,
  received: Received,
  requestId: string,
  { execute, asAwsError, onUnknown }: Exchange,
): Reply {
  const { protocol, model, operation } = request;
  try {
    const asked = { model: servedModel(request), operation, requestId };
    const input = protocol.read(asked, received, (name) => onUnknown?.(asked, name));
    const output = execute(asked.model.service, operation, input, asked) ?? {};
    return protocol.answer(asked, output as object);
  } catch (error) {
    const asked = { ...(model && { model }), operation, requestId };
    return protocol.refuse(asked, asAwsError(error));
  }
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
