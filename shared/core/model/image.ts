/** What an image is and how it is written. A digest is deployed; a tag is a label; which is newer says `order.ts`. */
import { mapValues } from './entries.ts';

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** `sha256:` and 64 hex digits. Made in `edge`, and in `aws` from answers. */
export type ImageDigest = Brand<string, 'ImageDigest'>;
/** `arn:aws:ecs:<region>:<account>:task-definition/<family>:<revision>` */
export type TaskDefinitionArn = Brand<string, 'TaskDefinitionArn'>;

export type ContainerName = string;
/** `ecs/<cluster>/<service>`: what a target controls, not how it is called. */
export type TargetKey = string;
/** Milliseconds since 1970, UTC. */
export type Moment = number;

export interface Image {
  /** Host of the registry: `<account>.dkr.ecr.<region>.amazonaws.com`. */
  readonly registry: string;
  readonly repository: string;
  readonly digest: ImageDigest;
  /** The tags that it came with, for people; never resolved again. */
  readonly tags: readonly string[];
  /** What it was built from, when a source of ours knows. */
  readonly commit?: Commit;
}

export interface Commit {
  /** `acme/shop` */
  readonly repository: string;
  /** 40 hex digits. */
  readonly sha: string;
}

/** What a release puts into each container that it changes. */
export type ImageSet = Readonly<Record<ContainerName, Image>>;

/** The reference that goes into a task definition. */
export function imageReference(image: Image): string {
  return `${image.registry}/${image.repository}@${image.digest}`;
}

/** `shop/web@8f3c2a1b9d04`: what an image was built from, whatever its digest; undefined: not known. */
export function sourceOf({ repository, commit }: Image): string | undefined {
  return commit && `${repository}@${commit.sha.slice(0, 12)}`;
}

/** How a person recognises an image: `shop/web:main-8f3c2a1 (sha256:7f5b2640fe6f)`. */
export function imageLabel(image: Image): string {
  const tag = image.tags[0];
  return `${image.repository}${tag === undefined ? '' : `:${tag}`} (${shortDigest(image.digest)})`;
}

export function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}

/** What stands behind the last `/` of an ARN or a key: most often the name, of a release its number. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** `web:42` of `arn:aws:ecs:eu-central-1:123456789012:task-definition/web:42`. */
export function revisionName(revision: string): string {
  return lastPart(revision);
}

/** What waits for each container, without what is remembered beside it. */
export function waitingImages(
  waiting: Readonly<Record<ContainerName, { readonly image: Image }>>,
): ImageSet {
  return mapValues(waiting, ({ image }) => image);
}

export function digestsOf(images: ImageSet): readonly ImageDigest[] {
  return Object.values(images).map(({ digest }) => digest);
}

export function describeImages(images: ImageSet): string {
  return Object.values(images).map(imageLabel).join(' + ');
}

export function holdsAny(images: ImageSet, digests: readonly string[]): boolean {
  return Object.values(images).some((image) => digests.includes(image.digest));
}

/** 40 hex digits. */
export type CommitSha = string;
