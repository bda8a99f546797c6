/** Who signs a request, and what DynamoDB says to whoever may not: its requests pass no operation of ours. */
import { dynamoNeeds } from '../dynamodb/authorization.ts';
import type { Dynamo } from '../dynamodb/dynalite.ts';
import type { Authorizer, Caller } from '../kernel/authorization.ts';
import type { World } from '../kernel/world.ts';
import type { Received, Reply } from './protocol.ts';

/** The first part of the scope that a signature is made for; absent: it is not signed. */
export function accessKeyIn({
  headers,
  query,
}: Pick<Received, 'headers' | 'query'>): string | undefined {
  const credential =
    /Credential=([^,\s/]+)/.exec(headers.authorization ?? '')?.[1] ??
    query.get('X-Amz-Credential')?.split('/')[0];
  return credential;
}

/** Undefined where the caller may. */
export function dynamoRefusal(
  world: Pick<World, 'region' | 'account'>,
  dynamo: Dynamo,
  authorizer: Authorizer,
  caller: Caller,
  received: Pick<Received, 'headers' | 'body'>,
): Reply | undefined {
  const operation = received.headers['x-amz-target']?.split('.')[1] ?? '';
  const input = objectIn(received.body);
  // What is no request, dynalite refuses itself.
  if (input === undefined) return undefined;
  for (const need of dynamoNeeds(world, operation, input, dynamo.keysOf)) {
    const refusal = authorizer.refusalOf(caller, need);
    if (refusal !== undefined) return denied(refusal);
  }
  return undefined;
}

function objectIn(body: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The member has a capital M here. (public logs) */
function denied(sentence: string): Reply {
  const __type = 'com.amazon.coral.service#AccessDeniedException';
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify({ __type, Message: sentence })),
  };
}
