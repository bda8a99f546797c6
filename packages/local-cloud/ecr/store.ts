/** How an image and its tags get into a repository, whoever puts them there. */
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import type { EcrImage, EcrRepository } from './state.ts';

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
