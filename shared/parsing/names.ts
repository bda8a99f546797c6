/**
 * What names AWS allows. A leaf, so that the config and the events are held to the same patterns:
 * what passes here may stand in a pattern, a key, a log line and a shell.
 */

/** ECR: 2 to 256 characters, lower case, parts between slashes. API_CreateRepository. */
export const REPOSITORY =
  /^(?=.{2,256}$)[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/** The OCI distribution specification's tag, in ECR's length (1 to 300). */
export const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,299}$/;

/** The only digest that ECR gives. */
export const DIGEST = /^sha256:[a-f0-9]{64}$/;

/** ECS clusters, services and containers: up to 255 letters, digits, hyphens and underscores. */
export const ECS_NAME = /^[A-Za-z0-9_-]{1,255}$/;

/** CloudWatch: 1 to 255 characters, no control characters; spaces and slashes are allowed. */
export const ALARM = /^\P{Cc}{1,255}$/u;

export const ACCOUNT = /^\d{12}$/;

export const REGION = /^[a-z]{2,4}(?:-[a-z]+){1,2}-\d{1,2}$/;

/**
 * `arn:aws:ecs:<region>:<account>:service/<cluster>/<service>`; services from before 2018 may have
 * no cluster in theirs. Groups: `cluster` (maybe absent) and `service`.
 */
export const SERVICE_ARN =
  /^arn:aws[a-z-]{0,20}:ecs:[a-z0-9-]{1,32}:\d{12}:service\/(?:(?<cluster>[A-Za-z0-9_-]{1,255})\/)?(?<service>[A-Za-z0-9_-]{1,255})$/;

/** `arn:aws:ecs:<region>:<account>:cluster/<cluster>`. */
export const CLUSTER_ARN =
  /^arn:aws[a-z-]{0,20}:ecs:[a-z0-9-]{1,32}:\d{12}:cluster\/(?<cluster>[A-Za-z0-9_-]{1,255})$/;

/** `arn:aws:ecr:<region>:<account>:repository/<name>`; the name still has slashes. */
export const REPOSITORY_ARN =
  /^arn:aws[a-z-]{0,20}:ecr:[a-z0-9-]{1,32}:\d{12}:repository\/(?<repository>[a-z0-9._/-]{2,256})$/;

/** Tags that cosign gives to what belongs to an image: they name no image of their own. */
export const BESIDE_IMAGE = /^sha256-[a-f0-9]{64}(?:\.[a-z]{1,20})?$/;

/** `ecs/<cluster>/<service>`: what a target controls. */
export const TARGET_KEY = /^ecs\/[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255}$/;

/** The first part of every ARN of a region. IAM user guide, "ARN format". */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('eusc-')) return 'aws-eusc';
  return 'aws';
}

/** Where an account's images are: `<account>.dkr.ecr.<region>.amazonaws.com`. */
export function registryOf(account: string, region: string): string {
  const domains: Record<string, string> = {
    'aws-cn': 'amazonaws.com.cn',
    'aws-eusc': 'amazonaws.eu',
  };
  return `${account}.dkr.ecr.${region}.${domains[partitionOf(region)] ?? 'amazonaws.com'}`;
}

/** Exactly what DescribeServices and the events of ECS call this service. */
export function serviceArn(
  at: { readonly account: string; readonly region: string },
  cluster: string,
  service: string,
): string {
  return `arn:${partitionOf(at.region)}:ecs:${at.region}:${at.account}:service/${cluster}/${service}`;
}

/** Exactly what the events of Inspector call this repository. */
export function repositoryArn(
  at: { readonly account: string; readonly region: string },
  repository: string,
): string {
  return `arn:${partitionOf(at.region)}:ecr:${at.region}:${at.account}:repository/${repository}`;
}

/** Exactly what the events of ECS call this cluster. */
export function clusterArn(
  at: { readonly account: string; readonly region: string },
  cluster: string,
): string {
  return `arn:${partitionOf(at.region)}:ecs:${at.region}:${at.account}:cluster/${cluster}`;
}
