/**
 * What a client can ask of the local ECR, by operation name. Limits and error names are those of
 * the ECR API reference; the error texts are as known from public logs.
 */
import { createHash } from 'node:crypto';
import type {
  BatchDeleteImageCommandInput,
  BatchDeleteImageCommandOutput,
  BatchGetImageCommandInput,
  BatchGetImageCommandOutput,
  CreateRepositoryCommandInput,
  CreateRepositoryCommandOutput,
  DescribeImagesCommandInput,
  DescribeImagesCommandOutput,
  DescribeRepositoriesCommandInput,
  DescribeRepositoriesCommandOutput,
  Image,
  ImageDetail,
  ImageFailure,
  ImageIdentifier,
  ListImagesCommandInput,
  ListImagesCommandOutput,
  PutImageCommandInput,
  PutImageCommandOutput,
  Repository,
} from '@aws-sdk/client-ecr';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { ecrBlobOperations } from './blobs.ts';
import { emitImageAction } from './events.ts';
import { deleteImage } from './images.ts';
import { findImage, imageOrThrow } from './lookup.ts';
import { paginate } from './pages.ts';
import { ecrScanOperations } from './scan-operations.ts';
import { isScannable, scanOnPush } from './scans.ts';
import {
  addRepository,
  type EcrImage,
  type EcrRepository,
  INDEX,
  MANIFEST,
  repositoryNamed,
} from './state.ts';
import { moveTag, refuseMovedTag, storeImage } from './store.ts';

type Answer<T> = Omit<T, '$metadata'>;

/** API reference, DescribeImages and BatchGetImage: 1 to 100 image ids. */
const IMAGE_IDS_MOST = 100;

const NAME = /^(?:[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*\/)*[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

function CreateRepository(
  world: World,
  input: CreateRepositoryCommandInput,
): Answer<CreateRepositoryCommandOutput> {
  const name = input.repositoryName ?? '';
  if (!NAME.test(name) || name.length < 2 || name.length > 256) {
    throw new AwsError(
      'InvalidParameterException',
      `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '${NAME.source}''`,
    );
  }
  if (world.ecr.repositories[name] !== undefined) {
    throw new AwsError(
      'RepositoryAlreadyExistsException',
      `The repository with name '${name}' already exists in the registry with id '${world.account}'`,
    );
  }
  const repository = addRepository(world, name);
  if (input.imageScanningConfiguration?.scanOnPush === true) repository.scanning = 'basic';
  repository.imageTagMutability = input.imageTagMutability ?? 'MUTABLE';
  repository.mutabilityExclusions = (input.imageTagMutabilityExclusionFilters ?? []).map(
    ({ filter }) => filter ?? '',
  );
  return { repository: viewRepository(world, repository) };
}

function DescribeRepositories(
  world: World,
  input: DescribeRepositoriesCommandInput,
): Answer<DescribeRepositoriesCommandOutput> {
  const found = input.repositoryNames?.map((name) => repositoryNamed(world, name));
  const all = found ?? Object.values(world.ecr.repositories);
  const { page, nextToken } = paginate(all, input);
  return {
    repositories: page.map((repository) => viewRepository(world, repository)),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

function DescribeImages(
  world: World,
  input: DescribeImagesCommandInput,
): Answer<DescribeImagesCommandOutput> {
  const repository = repositoryNamed(world, input.repositoryName);
  if (input.imageIds !== undefined) {
    refuseTooMany(input.imageIds);
    const images = input.imageIds.map((id) => imageOrThrow(world, repository, id));
    return { imageDetails: images.map((image) => viewImage(world, repository, image)) };
  }
  const images = filtered(repository, input.filter);
  const { page, nextToken } = paginate(images, input);
  return {
    imageDetails: page.map((image) => viewImage(world, repository, image)),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

function ListImages(world: World, input: ListImagesCommandInput): Answer<ListImagesCommandOutput> {
  const repository = repositoryNamed(world, input.repositoryName);
  const ids = filtered(repository, input.filter).flatMap(({ digest, tags }): ImageIdentifier[] =>
    tags.length === 0
      ? [{ imageDigest: digest }]
      : tags.map((tag) => ({ imageDigest: digest, imageTag: tag })),
  );
  const { page, nextToken } = paginate(ids, input);
  return { imageIds: page, ...(nextToken === undefined ? {} : { nextToken }) };
}

function BatchGetImage(
  world: World,
  input: BatchGetImageCommandInput,
): Answer<BatchGetImageCommandOutput> {
  const repository = repositoryNamed(world, input.repositoryName);
  refuseTooMany(input.imageIds ?? []);
  const images: Image[] = [];
  const failures: ImageFailure[] = [];
  for (const id of input.imageIds ?? []) {
    const image = findImage(repository, id);
    if (image === undefined) failures.push(notFound(id));
    else {
      images.push({
        registryId: world.account,
        repositoryName: repository.name,
        imageId: { imageDigest: image.digest, ...(id.imageTag && { imageTag: id.imageTag }) },
        imageManifest: image.manifest,
        imageManifestMediaType: image.mediaType,
      });
    }
  }
  return { images, failures };
}

function BatchDeleteImage(
  world: World,
  input: BatchDeleteImageCommandInput,
): Answer<BatchDeleteImageCommandOutput> {
  const repository = repositoryNamed(world, input.repositoryName);
  refuseTooMany(input.imageIds ?? []);
  const imageIds: ImageIdentifier[] = [];
  const failures: ImageFailure[] = [];
  for (const id of input.imageIds ?? []) {
    const image = findImage(repository, id);
    if (image === undefined) {
      failures.push(notFound(id));
    } else if (id.imageTag !== undefined && image.tags.length > 1) {
      // Only the last tag takes the image with it (API reference, BatchDeleteImage).
      const tag = id.imageTag;
      image.tags = image.tags.filter((other) => other !== tag);
      delete repository.tags[tag];
      emitImageAction(world, repository.name, { digest: image.digest, tag, action: 'DELETE' });
      imageIds.push({ imageDigest: image.digest, imageTag: tag });
    } else {
      const tags = image.tags;
      deleteImage(world, { repository: repository.name, digest: image.digest });
      if (tags.length === 0) imageIds.push({ imageDigest: image.digest });
      for (const tag of tags) imageIds.push({ imageDigest: image.digest, imageTag: tag });
    }
  }
  return { imageIds, failures };
}

/** Stores a manifest under a tag: how a person puts an old image back under a moved tag. */
function PutImage(world: World, input: PutImageCommandInput): Answer<PutImageCommandOutput> {
  const repository = repositoryNamed(world, input.repositoryName);
  const manifest = input.imageManifest ?? '';
  refuseNoManifest(manifest);
  const stored = Object.values(repository.images).find((image) => image.manifest === manifest);
  const digest = stored?.digest ?? `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  const tag = input.imageTag;
  if (tag !== undefined && repository.tags[tag] === digest) {
    throw new AwsError(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}' and tag '${tag}' already exists in the repository with name '${repository.name}' in registry with id '${world.account}'`,
    );
  }
  if (tag !== undefined) refuseMovedTag(world, repository, tag);
  const mediaType = input.imageManifestMediaType ?? (/index/.test(manifest) ? INDEX : MANIFEST);
  const image = storeImage(world, repository, { digest, mediaType, manifest });
  if (tag !== undefined) moveTag(repository, tag, digest);
  emitImageAction(world, repository.name, { digest, action: 'PUSH', ...(tag && { tag }) });
  if (isScannable(image)) scanOnPush(world, repository, image);
  return {
    image: {
      registryId: world.account,
      repositoryName: repository.name,
      imageId: { imageDigest: digest, ...(tag && { imageTag: tag }) },
      imageManifest: manifest,
      imageManifestMediaType: mediaType,
    },
  };
}

/** The text: public logs. */
function refuseNoManifest(manifest: string): void {
  try {
    if (typeof JSON.parse(manifest) === 'object' && JSON.parse(manifest) !== null) return;
  } catch {
    // Refused below.
  }
  throw new AwsError(
    'InvalidParameterException',
    "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
  );
}

export const ecrOperations = {
  CreateRepository,
  DescribeRepositories,
  DescribeImages,
  ListImages,
  BatchGetImage,
  BatchDeleteImage,
  PutImage,
  ...ecrScanOperations,
  ...ecrBlobOperations,
} satisfies Record<string, (world: World, input: never) => unknown>;

function viewRepository(world: World, repository: EcrRepository): Repository {
  const { name, createdAt, imageTagMutability, mutabilityExclusions } = repository;
  return {
    repositoryArn: `arn:aws:ecr:${world.region}:${world.account}:repository/${name}`,
    registryId: world.account,
    repositoryName: name,
    repositoryUri: `${world.account}.dkr.ecr.${world.region}.amazonaws.com/${name}`,
    createdAt: new Date(createdAt),
    imageTagMutability,
    ...(mutabilityExclusions.length > 0 && {
      imageTagMutabilityExclusionFilters: mutabilityExclusions.map((filter) => ({
        filterType: 'WILDCARD' as const,
        filter,
      })),
    }),
    imageScanningConfiguration: { scanOnPush: repository.scanning === 'basic' },
    encryptionConfiguration: { encryptionType: 'AES256' },
  };
}

function viewImage(world: World, repository: EcrRepository, image: EcrImage): ImageDetail {
  return {
    registryId: world.account,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(image.tags.length > 0 && { imageTags: [...image.tags] }),
    imageSizeInBytes: image.sizeInBytes,
    imagePushedAt: new Date(image.pushedAt),
    imageManifestMediaType: image.mediaType,
    artifactMediaType: 'application/vnd.oci.image.config.v1+json',
    imageStatus: image.status,
    ...(image.scan && { imageScanStatus: { status: image.scan.status } }),
    ...(image.archivedAt !== undefined && { lastArchivedAt: new Date(image.archivedAt) }),
  };
}

function filtered(
  repository: EcrRepository,
  filter: DescribeImagesCommandInput['filter'],
): EcrImage[] {
  const status = filter?.imageStatus ?? 'ACTIVE';
  return Object.values(repository.images).filter(({ tags, status: own }) => {
    if (status !== 'ANY' && own !== status) return false;
    if (filter?.tagStatus === 'TAGGED') return tags.length > 0;
    if (filter?.tagStatus === 'UNTAGGED') return tags.length === 0;
    return true;
  });
}

function notFound(id: ImageIdentifier): ImageFailure {
  return {
    imageId: id,
    failureCode: 'ImageNotFound',
    failureReason: 'Requested image not found',
  };
}

function refuseTooMany(ids: readonly unknown[]): void {
  if (ids.length >= 1 && ids.length <= IMAGE_IDS_MOST) return;
  throw new AwsError(
    'InvalidParameterException',
    `Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have length between 1 and ${IMAGE_IDS_MOST}, inclusive'`,
  );
}
