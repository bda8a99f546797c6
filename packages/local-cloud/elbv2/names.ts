/** ARNs of the local load balancers, and pages of their lists. */
import { AwsError } from '../kernel/errors.ts';
import { randomHex } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';

export function elbArn({ region, account }: World, resource: string): string {
  return `arn:aws:elasticloadbalancing:${region}:${account}:${resource}`;
}

/** The sixteen digits at the end of an ARN. */
export function newId(world: World): string {
  return randomHex(world, 16);
}

/** `…:loadbalancer/app/web/1` with `listener` and `2`: `…:listener/app/web/1/2`. */
export function below(arn: string, kind: 'listener' | 'listener-rule', id: string): string {
  const at = arn.lastIndexOf(':') + 1;
  return `${arn.slice(0, at)}${arn.slice(at).replace(/^[a-z-]+/, kind)}/${id}`;
}

/** API reference: a name has at most 32 letters, digits and hyphens. The texts are unverified. */
export function refuseBadName(what: string, name: string | undefined): void {
  if (/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/.test(name ?? '')) return;
  throw new AwsError(
    'ValidationError',
    `${what} name '${name ?? ''}' must be at most 32 letters, digits and hyphens, and neither begin nor end with a hyphen`,
  );
}

const PAGE = 400;

/** One page of a list; the marker is opaque to clients. */
export function pageOf<T>(
  all: readonly T[],
  { Marker, PageSize = PAGE }: { Marker?: string | undefined; PageSize?: number | undefined },
): { readonly page: T[]; readonly next: { NextMarker?: string } } {
  const start = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64').toString());
  if (!Number.isInteger(start) || start < 0) {
    throw new AwsError('ValidationError', `Invalid marker '${Marker}'`);
  }
  const end = start + PageSize;
  const page = all.slice(start, end);
  const next = end >= all.length ? {} : { NextMarker: Buffer.from(String(end)).toString('base64') };
  return { page, next };
}
