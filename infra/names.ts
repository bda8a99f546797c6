/**
 * The names of everything that Slipway puts into an account, and their ARNs. They are fixed, so that
 * a policy says what it allows in plain words; so there is one Slipway in an account and region.
 */
import type { Pipeline, Target } from '../shared/config/config.ts';
import { partitionOf } from '../shared/parsing/names.ts';
import {
  FUNCTION_NAMES,
  type FunctionName,
  NOTICE_FUNCTION_NAMES,
  SHIFT_FUNCTION_NAMES,
  SOURCE_FUNCTION_NAMES,
} from '../shared/runtime/sizes.ts';

export { FUNCTION_NAMES, type FunctionName };

/** Those that are there in every pipeline. */
export type TargetFunctionName = Exclude<FunctionName, SometimesFunctionName>;
export type SometimesFunctionName =
  | (typeof SOURCE_FUNCTION_NAMES)[number]
  | (typeof SHIFT_FUNCTION_NAMES)[number]
  | (typeof NOTICE_FUNCTION_NAMES)[number];

/**
 * The functions of this pipeline: without sources nobody pushes to git, and nothing is built; where no
 * target shifts traffic, ECS asks nothing; and where nobody wants to be told, nobody is.
 */
export function functionsOf({
  sources,
  targets,
  notices,
}: Pick<Pipeline, 'sources' | 'targets' | 'notices'>): readonly FunctionName[] {
  const missing: readonly FunctionName[] = [
    ...(Object.keys(sources).length === 0 ? SOURCE_FUNCTION_NAMES : []),
    ...(Object.values(targets).some(shiftsTraffic) ? [] : SHIFT_FUNCTION_NAMES),
    ...(notices === undefined ? NOTICE_FUNCTION_NAMES : []),
  ];
  return FUNCTION_NAMES.filter((name) => !missing.includes(name));
}

/** ECS asks at each stage of its releases. */
export function shiftsTraffic({ rules }: Pick<Target, 'rules'>): boolean {
  return rules.strategy !== undefined;
}

/** What ECS takes on to invoke `lifecycle-hook`. */
export function hookRoleName(region: string): string {
  return `slipway-ecs-hook-${region}`;
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
