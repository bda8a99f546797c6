/**
 * What builds, lifecycle rules and people do to images: push, delete, archive. The operations that a
 * client calls are in `operations.ts`. Knows nothing of deployments.
 */
import { randomHex } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';
import type { Behaviour } from './behaviour.ts';
import { putBlob } from './blobs.ts';
import { signLater } from './cosign.ts';
import { emitArchived, emitImageAction } from './events.ts';
import { isScannable, scanOnPush } from './scans.ts';
import type { Findings, ScanPlan } from './state.ts';
import { addRepository, type EcrRepository, INDEX, MANIFEST, repositoryNamed } from './state.ts';
import { moveTag, refuseMovedTag, storeImage } from './store.ts';

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
  /** In the configuration of the image, or of each of its platforms. Without them none can be read. */
  readonly labels?: Readonly<Record<string, string>>;
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
  const digest = push.digest ?? `sha256:${randomHex(world, 64)}`;
  const image = storeImage(world, repository, {
    digest,
    mediaType: children === undefined ? MANIFEST : INDEX,
    ...(children ? { manifest: indexOf(children) } : manifestOf(repository, push)),
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

/** Untagged, before the index. */
function pushPlatforms(world: World, repository: EcrRepository, push: Push): readonly Child[] {
  return PLATFORMS.map((platform) => {
    const digest = `sha256:${randomHex(world, 64)}`;
    const own = platform.os === 'unknown' ? {} : manifestOf(repository, push);
    const image = storeImage(world, repository, { digest, mediaType: MANIFEST, ...own });
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

/** OCI image specification: a manifest names its configuration, which has the labels. */
function manifestOf(repository: EcrRepository, { labels }: Push): { readonly manifest?: string } {
  if (labels === undefined) return {};
  const text = JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Labels: labels } });
  const mediaType = 'application/vnd.docker.container.image.v1+json';
  const config = { mediaType, size: text.length, digest: putBlob(repository, text) };
  return {
    manifest: JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [] }),
  };
}

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

/** Moves an image to the archive, from which it cannot be pulled (inferred: docs, image archival). */
export function archiveImage(
  world: World,
  { repository: name, digest }: { readonly repository: string; readonly digest: string },
): void {
  const image = repositoryNamed(world, name).images[digest];
  if (image === undefined || image.status === 'ARCHIVED') return;
  image.status = 'ARCHIVED';
  image.archivedAt = world.now;
  emitArchived(world, name, image);
}
