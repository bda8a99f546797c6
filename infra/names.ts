/**
 * The names of everything that Slipway puts into an account, and their ARNs. They are fixed, so that
 * a policy says what it allows in plain words; so there is one Slipway in an account and region.
 */
import type { Pipeline } from '../shared/config.ts';
import { partitionOf } from '../shared/edge/names.ts';
import { FUNCTION_NAMES, type FunctionName } from '../shared/sizes.ts';

export { FUNCTION_NAMES, type FunctionName };

export const STACK = 'Slipway';
export const TABLE = 'slipway';
/** Releases are announced here. */
export const BUS = 'slipway';
/** What reached no function, or failed in one three times. */
export const UNHEARD_QUEUE = 'slipway-unheard';
export const TICK_SCHEDULE = 'slipway-tick';
export const SCHEDULE_GROUP = 'slipway';
export const METRICS = 'Slipway';

export function functionName(name: FunctionName): string {
  return `slipway-${name}`;
}

export function logGroupName(name: FunctionName): string {
  return `/aws/lambda/${functionName(name)}`;
}

export type Home = Pick<Pipeline, 'account' | 'region'>;

/** `arn:aws:<service>:<region>:<account>:<resource>`. */
export function arnIn({ account, region }: Home, service: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
}

/** IAM has no regions. The name may have a path before it. */
export function roleArn({ account, region }: Home, name: string): string {
  return `arn:${partitionOf(region)}:iam::${account}:role/${name}`;
}
