/** How the local ECR finds an image that a client names. */
import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import type { EcrImage, EcrRepository } from './state.ts';

/** An image by digest, by tag, or by both, which then must belong together. */
export function findImage(repository: EcrRepository, id: ImageIdentifier): EcrImage | undefined {
  const byTag = id.imageTag === undefined ? undefined : repository.tags[id.imageTag];
  if (id.imageTag !== undefined && byTag === undefined) return undefined;
  if (id.imageDigest !== undefined && byTag !== undefined && byTag !== id.imageDigest) {
    return undefined;
  }
  const digest = id.imageDigest ?? byTag;
  return digest === undefined ? undefined : repository.images[digest];
}

export function imageOrThrow(
  world: World,
  repository: EcrRepository,
  id: ImageIdentifier,
): EcrImage {
  const image = findImage(repository, id);
  if (image !== undefined) return image;
  const digest = id.imageDigest ?? 'null';
  const tag = id.imageTag ?? 'null';
  throw new AwsError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${digest}', imageTag:'${tag}'} does not exist within the repository with name '${repository.name}' in the registry with id '${world.account}'`,
  );
}
