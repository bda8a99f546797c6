/** What the protocols of AWS have in common: a request becomes an input, an answer becomes bytes. */

import type { AwsError } from '../kernel/errors.ts';
import type { ServiceModel } from '../models/model.ts';
import type { OnUnknown } from './typed.ts';

/** A request as it came, read whole. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** By names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What goes back. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Asked {
  readonly model: ServiceModel;
  readonly operation: string;
  readonly requestId: string;
}

/** Moments are Dates in inputs and outputs, whatever they are on the wire. */
export interface Protocol {
  /** Throws an AwsError if the body is not what the protocol says. */
  read(asked: Asked, received: Received, onUnknown: OnUnknown): object;
  answer(asked: Asked, output: object): Reply;
  /** The model is absent where nobody knows the service. */
  refuse(asked: Partial<Asked> & { readonly requestId: string }, error: AwsError): Reply;
}

/** Services that once spoke the Query protocol tell its error code in a header beside their own. */
export function queryError(
  model: ServiceModel | undefined,
  { code, status }: AwsError,
): Readonly<Record<string, string>> {
  if (model?.queryCompatible !== true) return {};
  const old = model.errors[code]?.code ?? code;
  return { 'x-amzn-query-error': `${old};${status < 500 ? 'Sender' : 'Receiver'}` };
}
