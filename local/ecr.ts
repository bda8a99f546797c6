/**
 * The local ECR: what lies in it, and the scenario's hands that push, delete and archive. The
 * operations that a client calls are in `ecr-operations.ts`. Knows nothing of deployments.
 */
import type { Behaviour } from './behaviour.ts';
import { signLater } from './cosign.ts';
import { type EcrScan, type Findings, type ScanPlan, scanOnPush } from './ecr-scans.ts';
import { emit } from './eventbridge.ts';
import { AwsError, drawHex, table, type World } from './world.ts';

export { ecrOperations } from './ecr-operations.ts';

export interface EcrState {
  repositories: Record<string, EcrRepository>;
  /** How an image behaves once it runs, by digest. */
  behaviours: Record<string, Behaviour>;
}

export type TagMutability =
  | 'MUTABLE'
  | 'IMMUTABLE'
  | 'MUTABLE_WITH_EXCLUSION'
  | 'IMMUTABLE_WITH_EXCLUSION';

export interface EcrRepository {
  readonly name: string;
  readonly createdAt: number;
  imageTagMutability: TagMutability;
  /** Wildcards of the tags for which the opposite of the setting holds. */
  mutabilityExclusions: string[];
  /** By digest, oldest first. */
  images: Record<string, EcrImage>;
  /** Which image a tag names now. */
  tags: Record<string, string>;
  /** What scans an image when it is pushed; absent: nothing does. */
  scanning?: 'basic' | 'enhanced';
  /** Texts by digest: what signs an image. */
  blobs: Record<string, string>;
}

export interface EcrImage {
  readonly digest: string;
  tags: string[];
  /** Whole seconds, as ECR answers them. */
  pushedAt: number;
  readonly sizeInBytes: number;
  readonly mediaType: string;
  readonly manifest: string;
  status: 'ACTIVE' | 'ARCHIVED';
  archivedAt?: number;
  /** What a scan of it will come to. */
  scanPlan?: ScanPlan;
  scan?: EcrScan;
}

export function emptyEcr(): EcrState {
  return { repositories: table(), behaviours: {} };
}

export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';

/** What buildx pushes for several platforms; the last one is the attestation. */
const PLATFORMS = [
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64' },
  { os: 'unknown', architecture: 'unknown' },
] as const;

export interface Push extends ScanPlan {
  readonly repository: string;
  readonly tag?: string;
  readonly tags?: readonly string[];
  readonly behaviour?: Behaviour;
  /** Drawn if absent. */
  readonly digest?: string;
  /** As buildx pushes: two platforms and an attestation first, untagged, then the tagged index. */
  readonly multiArch?: boolean;
  /** What is found in the platforms of a multi-arch image, where they differ from `findings`. */
  readonly findingsOn?: { readonly amd64?: Findings; readonly arm64?: Findings };
  /** Signed with the local key a few seconds later, as a build does. */
  readonly signed?: boolean;
}

/** Pushes an image as a build would; makes the repository if need be. Returns its digest. */
export function pushImage(world: World, push: Push): string {
  const repository =
    world.ecr.repositories[push.repository] ?? addRepository(world, push.repository);
  const tags = push.tags ?? (push.tag === undefined ? [] : [push.tag]);
  for (const tag of tags) refuseMovedTag(world, repository, tag);
  const children = push.multiArch === true ? pushPlatforms(world, repository, push) : undefined;
  const digest = push.digest ?? `sha256:${drawHex(world, 64)}`;
  const image = storeImage(world, repository, {
    digest,
    mediaType: children === undefined ? MANIFEST : INDEX,
    ...(children && { manifest: indexOf(children) }),
  });
  image.scanPlan ??= planOf(push);
  if (push.behaviour !== undefined) world.ecr.behaviours[digest] = push.behaviour;
  for (const tag of tags) moveTag(repository, tag, digest);
  // One event per PutImage, and a PutImage names one tag: inferred, no page of AWS says it.
  if (tags.length === 0) emitImageAction(world, repository.name, { digest, action: 'PUSH' });
  for (const tag of tags) emitImageAction(world, repository.name, { digest, tag, action: 'PUSH' });
  if (isScannable(image)) scanOnPush(world, repository, image);
  if (push.signed === true) signLater(world, { repository: repository.name, digest });
  return digest;
}

/** An index is not scanned, its manifests are, and their attestation holds no packages. */
export function isScannable({ mediaType }: EcrImage): boolean {
  return mediaType !== INDEX;
}

/** Untagged, before the index. */
function pushPlatforms(world: World, repository: EcrRepository, push: Push): readonly Child[] {
  return PLATFORMS.map((platform) => {
    const digest = `sha256:${drawHex(world, 64)}`;
    const image = storeImage(world, repository, { digest, mediaType: MANIFEST });
    emitImageAction(world, repository.name, { digest, action: 'PUSH' });
    if (platform.os !== 'unknown') {
      image.scanPlan = planOf(push, push.findingsOn?.[platform.architecture]);
      scanOnPush(world, repository, image);
    }
    return { digest, size: image.manifest.length, mediaType: MANIFEST, platform };
  });
}

type Child = Readonly<Record<'digest' | 'mediaType', string>> & {
  readonly size: number;
  readonly platform: (typeof PLATFORMS)[number];
};

function indexOf(manifests: readonly Child[]): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests });
}

function planOf({ findings, scan, scanSeconds }: Push, own: Findings | undefined = findings) {
  return {
    ...(own && { findings: own }),
    ...(scan && { scan }),
    ...(scanSeconds !== undefined && { scanSeconds }),
  };
}

/** Deletes an image with all its tags, as a lifecycle rule or a person would. */
export function deleteImage(
  world: World,
  { repository: name, digest }: { readonly repository: string; readonly digest: string },
): void {
  const repository = repositoryNamed(world, name);
  const image = repository.images[digest];
  if (image === undefined) return;
  delete repository.images[digest];
  for (const tag of image.tags) delete repository.tags[tag];
  if (image.tags.length === 0) emitImageAction(world, name, { digest, action: 'DELETE' });
  for (const tag of image.tags) emitImageAction(world, name, { digest, tag, action: 'DELETE' });
}

/**
 * Moves an image to the archive, from which it cannot be pulled (inferred: docs, image archival).
 * The event's shape: events-ref-ecr, action UPDATE_STORAGE_CLASS.
 */
export function archiveImage(
  world: World,
  { repository: name, digest }: { readonly repository: string; readonly digest: string },
): void {
  const image = repositoryNamed(world, name).images[digest];
  if (image === undefined || image.status === 'ARCHIVED') return;
  image.status = 'ARCHIVED';
  image.archivedAt = world.now;
  emit(world, {
    source: 'aws.ecr',
    detailType: 'ECR Image Action',
    resources: [],
    detail: {
      'action-type': 'UPDATE_STORAGE_CLASS',
      'target-storage-class': 'ARCHIVE',
      'image-digest': digest,
      'repository-name': name,
      result: 'SUCCESS',
      'manifest-media-type': image.mediaType,
      'artifact-media-type': 'application/vnd.oci.image.config.v1+json',
      'last-archived-at': new Date(world.now).toISOString(),
    },
  });
}

/** How the image of this digest behaves; an image of which nothing is known behaves well. */
export function behaviourOf(world: World, digest: string): Behaviour {
  return world.ecr.behaviours[digest] ?? WELL_BEHAVED;
}

const WELL_BEHAVED: Behaviour = {};

/** The digest that a tag names now; undefined if repository or tag is unknown. */
export function digestOfTag(world: World, repository: string, tag: string): string | undefined {
  return world.ecr.repositories[repository]?.tags[tag];
}

/** Whether a pull of this digest would find it. */
export function isPullable(world: World, repository: string, digest: string): boolean {
  return world.ecr.repositories[repository]?.images[digest]?.status === 'ACTIVE';
}

export function repositoryNamed(world: World, name: string | undefined): EcrRepository {
  const repository = name === undefined ? undefined : world.ecr.repositories[name];
  if (repository !== undefined) return repository;
  throw new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${world.account}'`,
  );
}

export function addRepository(world: World, name: string): EcrRepository {
  const repository: EcrRepository = {
    name,
    createdAt: world.now,
    imageTagMutability: 'MUTABLE',
    mutabilityExclusions: [],
    images: {},
    tags: table(),
    blobs: {},
  };
  world.ecr.repositories[name] = repository;
  return repository;
}

/** PutImage of a tag that another image has: refused if the tag is immutable. */
export function refuseMovedTag(world: World, repository: EcrRepository, tag: string): void {
  const holder = repository.tags[tag];
  if (holder === undefined || !isImmutable(repository, tag)) return;
  throw new AwsError(
    'ImageTagAlreadyExistsException',
    `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be ` +
      `overwritten because the tag is immutable. (registry ${world.account})`,
  );
}

function isImmutable({ imageTagMutability, mutabilityExclusions }: EcrRepository, tag: string) {
  const excluded = mutabilityExclusions.some((filter) => matchesWildcard(filter, tag));
  return imageTagMutability.startsWith('IMMUTABLE') !== excluded;
}

function matchesWildcard(filter: string, tag: string): boolean {
  const pattern = filter.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${pattern}$`).test(tag);
}

export function storeImage(
  world: World,
  repository: EcrRepository,
  { digest, mediaType, manifest }: { digest: string; mediaType: string; manifest?: string },
): EcrImage {
  const known = repository.images[digest];
  // A push of what is there already only adds its tag: the time of the first push stays
  // (unverified).
  if (known !== undefined) return known;
  const image: EcrImage = {
    digest,
    tags: [],
    pushedAt: Math.floor(world.now / 1000) * 1000,
    sizeInBytes: 50_000_000 + (Number.parseInt(digest.slice(7, 13), 16) % 50_000_000),
    mediaType,
    manifest: manifest ?? JSON.stringify({ schemaVersion: 2, mediaType, digest }),
    status: 'ACTIVE',
  };
  repository.images[digest] = image;
  return image;
}

export function moveTag(repository: EcrRepository, tag: string, digest: string): void {
  const before = repository.tags[tag];
  if (before === digest) return;
  const previous = before === undefined ? undefined : repository.images[before];
  if (previous !== undefined) previous.tags = previous.tags.filter((other) => other !== tag);
  repository.tags[tag] = digest;
  repository.images[digest]?.tags.push(tag);
}

interface ImageAction {
  readonly action: 'PUSH' | 'DELETE';
  readonly digest: string;
  readonly tag?: string;
}

/** Shape: docs, events-ref-ecr; `resources` is empty and an untagged image has no `image-tag`. */
export function emitImageAction(world: World, repository: string, action: ImageAction): void {
  emit(world, {
    source: 'aws.ecr',
    detailType: 'ECR Image Action',
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': repository,
      'image-digest': action.digest,
      'action-type': action.action,
      ...(action.tag === undefined ? {} : { 'image-tag': action.tag }),
    },
  });
}
