/**
 * What a request to AWS means: which protocol it speaks, which service and operation it asks.
 * The service is named by the target header, by the path, or by what the signature was made for;
 * the signature itself is not looked at.
 */

import { modelOf, type ServiceModel } from '../models/model.ts';
import { SERVICE_NAMES } from '../services.ts';
import { cborProtocol } from './cbor-protocol.ts';
import { jsonProtocol } from './json-protocol.ts';
import type { Protocol, Received } from './protocol.ts';
import { parametersOf, queryProtocol } from './query-protocol.ts';

export interface AwsRequest {
  readonly protocol: Protocol;
  /** Absent: no service that the local AWS has. */
  readonly model?: ServiceModel;
  /** As the client named it, for words about it. */
  readonly service: string;
  readonly operation: string;
}

const CBOR_PATH = /^\/service\/([^/]+)\/operation\/([^/]+)\/?$/;

/** Undefined if it does not look like a request to AWS at all. */
export function awsRequestIn(received: Received): AwsRequest | undefined {
  const { headers, path } = received;
  const target = headers['x-amz-target'];
  if (target !== undefined) {
    const dot = target.lastIndexOf('.');
    const prefix = target.slice(0, Math.max(dot, 0));
    return request(jsonProtocol, prefix, target.slice(dot + 1), byTarget(prefix));
  }
  const [, service, operation] = CBOR_PATH.exec(path) ?? [];
  if (service !== undefined && operation !== undefined) {
    // The last part of a shape's name may come with its namespace.
    return request(cborProtocol, service, operation, byTarget(service.replace(/^.*[.#]/, '')));
  }
  const scope = scopeOf(received);
  const isForm = /^application\/x-www-form-urlencoded/i.test(headers['content-type'] ?? '');
  const parameters = received.method === 'GET' || isForm ? parametersOf(received) : undefined;
  const action = parameters?.get('Action') ?? undefined;
  if (action !== undefined) {
    const version = parameters?.get('Version') ?? '';
    const model = bySigningName(scope) ?? byVersion(version);
    const name = scope ?? `API version ${version || 'unknown'}`;
    return request(queryProtocol, name, action, model);
  }
  // Signed, so meant for AWS, but for a service of another kind (S3, Lambda).
  if (scope !== undefined) return request(jsonProtocol, scope, '', bySigningName(scope));
  return undefined;
}

function request(
  protocol: Protocol,
  service: string,
  operation: string,
  model: ServiceModel | undefined,
): AwsRequest {
  return { protocol, service, operation, ...(model && { model }) };
}

/** The service that the signature is for: `AKID/20261120/eu-west-1/sqs/aws4_request`. */
function scopeOf({ headers, query }: Received): string | undefined {
  const credential =
    /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ?? query.get('X-Amz-Credential');
  const parts = credential?.split('/') ?? [];
  return parts.length >= 5 ? parts.at(-2) : undefined;
}

function byTarget(prefix: string): ServiceModel | undefined {
  return SERVICE_NAMES.map(modelOf).find(({ targetPrefix }) => targetPrefix === prefix);
}

function bySigningName(name: string | undefined): ServiceModel | undefined {
  const known = SERVICE_NAMES.find((each) => each === name);
  return known === undefined ? undefined : modelOf(known);
}

function byVersion(version: string): ServiceModel | undefined {
  return SERVICE_NAMES.map(modelOf).find(
    ({ apiVersion, xmlNamespace }) => xmlNamespace !== undefined && apiVersion === version,
  );
}
