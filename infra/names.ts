/**
 * The names of everything that Slipway puts into an account, and their ARNs. They follow from the name of
 * the pipeline, so that a policy says what it allows in plain words, and two pipelines have none in common.
 */
import type { Pipeline, Target } from '../shared/config/config.ts';
import { partitionOf } from '../shared/parsing/names.ts';
import { type Named, prefixOf } from '../shared/parsing/pipeline-name.ts';
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
export function hookRoleName(pipeline: Named & Pick<Home, 'region'>): string {
  return `${nameIn(pipeline, 'ecs-hook')}-${pipeline.region}`;
}

/** `Slipway`, or `shop-Slipway`: the stack, its dashboard, and the namespace of its metrics. */
export function stackName({ name }: Named): string {
  return name === undefined ? 'Slipway' : `${name}-Slipway`;
}

/** Of the table, of the bus on which releases are announced, and of the group of the schedule. */
export { prefixOf as tableName, prefixOf as busName, prefixOf as scheduleGroupName };

/** `slipway-tick`, or `shop-slipway-tick`. */
export function nameIn(pipeline: Named, what: string): string {
  return `${prefixOf(pipeline)}-${what}`;
}

/** What reached no function, or failed in one three times. */
export function unheardQueueName(pipeline: Named): string {
  return nameIn(pipeline, 'unheard');
}

export function functionName(pipeline: Named, name: FunctionName): string {
  return nameIn(pipeline, name);
}

/** Roles have no region; a pipeline in another one has roles of its own. */
export function functionRoleName(
  pipeline: Named & Pick<Home, 'region'>,
  name: FunctionName,
): string {
  return `${functionName(pipeline, name)}-${pipeline.region}`;
}

export function logGroupName(pipeline: Named, name: FunctionName): string {
  return `/aws/lambda/${functionName(pipeline, name)}`;
}

/** Of the layers of one project; images go to repositories of their own. */
export function cacheRepository(project: string): string {
  return `slipway/cache/${project.toLowerCase()}`;
}

export function buildLogGroupName(project: string): string {
  return `/aws/codebuild/${project}`;
}

export type Home = Pick<Pipeline, 'account' | 'region' | 'name'>;

/** `arn:aws:<service>:<region>:<account>:<resource>`. */
export function arnIn({ account, region }: Home, service: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
}

/** IAM has no regions. The name may have a path before it. */
export function roleArn({ account, region }: Home, name: string): string {
  return `arn:${partitionOf(region)}:iam::${account}:role/${name}`;
}
