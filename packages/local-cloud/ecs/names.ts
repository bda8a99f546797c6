/** Names, ARNs and numbers of the local ECS: how they are built and how input names a thing. */

import { AwsError } from '../kernel/errors.ts';
import { random, randomHex } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';
import type { Cluster, ServiceRecord, TaskDefinitionRecord } from './state.ts';

export function arn(world: World, kind: string, path: string): string {
  return `arn:aws:ecs:${world.region}:${world.account}:${kind}/${path}`;
}

export function clusterArn(world: World, cluster: string): string {
  return arn(world, 'cluster', cluster);
}

export function serviceArn(world: World, service: { readonly key: string }): string {
  return arn(world, 'service', service.key);
}

export function revisionArn(world: World, service: string, revision: string): string {
  return arn(world, 'service-revision', `${service}/${revision}`);
}

export function serviceDeploymentArn(
  world: World,
  { service, id }: { readonly service: string; readonly id: string },
): string {
  return arn(world, 'service-deployment', `${service}/${id}`);
}

export function taskArn(
  world: World,
  { cluster, id }: { readonly cluster: string; readonly id: string },
): string {
  return arn(world, 'task', `${cluster}/${id}`);
}

export function taskDefinitionArn(
  world: World,
  { family, revision }: { readonly family: string; readonly revision: number },
): string {
  return arn(world, 'task-definition', `${family}:${revision}`);
}

/** The last part of an ARN, or the name itself. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

/** Nineteen digits, as in `ecs-svc/0768736368444990411`. */
export function randomDeploymentNumber(world: World): string {
  let digits = '';
  while (digits.length < 19) digits += String(Math.floor(random(world) * 1e9)).padStart(9, '0');
  return digits.slice(0, 19);
}

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** The 21 characters of a service deployment's id (observed). */
export function randomServiceDeploymentId(world: World): string {
  let id = '';
  while (id.length < 21) id += ID_LETTERS[Math.floor(random(world) * 64)];
  return id;
}

export function randomTaskId(world: World): string {
  return randomHex(world, 32);
}

/** The ACTIVE cluster of that name or ARN; `default` if none is given. */
export function clusterNamed(world: World, nameOrArn: string | undefined): Cluster {
  const cluster = world.ecs.clusters[lastPart(nameOrArn ?? 'default')];
  if (cluster !== undefined && cluster.status === 'ACTIVE') return cluster;
  throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
}

/** The service of that name or ARN in that cluster, whatever its status. */
export function findService(
  world: World,
  cluster: Cluster,
  nameOrArn: string | undefined,
): ServiceRecord | undefined {
  return world.ecs.services[`${cluster.name}/${lastPart(nameOrArn ?? '')}`];
}

/** By `family`, `family:revision` or ARN; without a revision the newest ACTIVE one. */
export function findTaskDefinition(
  world: World,
  name: string | undefined,
): TaskDefinitionRecord | undefined {
  const [family = '', revision] = lastPart(name ?? '').split(':');
  const revisions = world.ecs.families[family] ?? [];
  if (revision !== undefined) return revisions[Number(revision) - 1];
  return revisions.findLast(({ status }) => status === 'ACTIVE');
}

const NAME = /^[a-zA-Z0-9_-]{1,255}$/;

/** API reference: up to 255 letters, digits, underscores and hyphens; `what` begins the text. */
export function refuseMalformedName(
  what: string,
  name: string | undefined,
  code: 'InvalidParameterException' | 'ClientException' = 'InvalidParameterException',
): void {
  if (name !== undefined && NAME.test(name)) return;
  throw new AwsError(code, `${what} contains invalid characters.`);
}

/** One page of a list; the token is opaque to clients. */
export function paginate<T>(
  all: readonly T[],
  { nextToken, maxResults }: { nextToken?: string | undefined; maxResults?: number | undefined },
  { size, most }: { readonly size: number; readonly most: number },
): { page: T[]; nextToken?: string } {
  // The words of the first one are unverified.
  if (maxResults !== undefined && maxResults < 1) {
    throw new AwsError('InvalidParameterException', 'Max results can not be lesser than 1');
  }
  if (maxResults !== undefined && maxResults > most) {
    throw new AwsError('InvalidParameterException', `Max results can not be greater than ${most}`);
  }
  const start = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64').toString());
  if (!Number.isInteger(start) || start < 0) {
    throw new AwsError('InvalidParameterException', 'Invalid token.');
  }
  const end = start + (maxResults ?? size);
  const page = all.slice(start, end);
  if (end >= all.length) return { page };
  return { page, nextToken: Buffer.from(String(end)).toString('base64') };
}

/** Refuses a list that is empty or too long, as DescribeServices and DescribeTasks do. */
export function refuseBadCount(
  what: 'Service' | 'Task',
  names: readonly string[],
  most: number,
): void {
  if (names.length === 0) {
    throw new AwsError('InvalidParameterException', `${what}s cannot be empty.`);
  }
  if (names.length > most) {
    throw new AwsError(
      'InvalidParameterException',
      `${what} identifier list size cannot be more than ${most}`,
    );
  }
}
