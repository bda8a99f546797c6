/**
 * The names of everything that Slipway puts into an account, and their ARNs. They are fixed, so that
 * a policy says what it allows in plain words; so there is one Slipway in an account and region.
 */
import type { Pipeline } from '../shared/config/config.ts';
import { partitionOf } from '../shared/parsing/names.ts';
import {
  FUNCTION_NAMES,
  type FunctionName,
  SOURCE_FUNCTION_NAMES,
} from '../shared/runtime/sizes.ts';

export { FUNCTION_NAMES, type FunctionName };

/** Those that are there in every pipeline. */
export type TargetFunctionName = Exclude<FunctionName, SourceFunctionName>;
export type SourceFunctionName = (typeof SOURCE_FUNCTION_NAMES)[number];

/** The functions of this pipeline: without sources nobody pushes to git, and nothing is built. */
export function functionsOf({ sources }: Pick<Pipeline, 'sources'>): readonly FunctionName[] {
  const ofSources: readonly FunctionName[] = SOURCE_FUNCTION_NAMES;
  return Object.keys(sources).length === 0
    ? FUNCTION_NAMES.filter((name) => !ofSources.includes(name))
    : FUNCTION_NAMES;
}

export const STACK = 'Slipway';
export const TABLE = 'slipway';
/** Releases are announced here. */
export const BUS = 'slipway';
/** What reached no function, or failed in one three times. */
export const UNHEARD_QUEUE = 'slipway-unheard';
/** The stream to the bucket of the trail. */
export const TRAIL = 'slipway-trail';
export const TICK_SCHEDULE = 'slipway-tick';
export const SCHEDULE_GROUP = 'slipway';
export const METRICS = 'Slipway';

export function functionName(name: FunctionName): string {
  return `slipway-${name}`;
}

/** Roles have no region; a pipeline in another one has roles of its own. */
export function functionRoleName(name: FunctionName, region: string): string {
  return `${functionName(name)}-${region}`;
}

export function logGroupName(name: FunctionName): string {
  return `/aws/lambda/${functionName(name)}`;
}

/** Of the layers of one project; images go to repositories of their own. */
export function cacheRepository(project: string): string {
  return `slipway/cache/${project.toLowerCase()}`;
}

export function buildLogGroupName(project: string): string {
  return `/aws/codebuild/${project}`;
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
