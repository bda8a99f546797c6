import { beforeEach, describe, expect, it } from 'vitest';
import { archiveImage, deleteImage, pushImage } from '../../ecr/images.ts';
import { ecrOperations as ecr } from '../../ecr/operations.ts';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld } from '../../services.ts';

/** What an ECR Image Action of a tagged image says, by the event reference of AWS. */
const SHAPE = ['action-type', 'image-digest', 'image-tag', 'repository-name', 'result'];

let world: World;

beforeEach(() => {
  world = emptyWorld({
    now: Date.parse('2026-11-21T10:00:00.750Z'),
    seed: 5,
    account: '123456789012',
    region: 'eu-west-1',
  });
});

function told() {
  return (world.eventbridge.buses.default ?? []).map(({ detail }) => detail);
}

function code(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
  }
  return 'not refused';
}

describe('a push', () => {
  it('sends one event per tag, in the documented shape', () => {
    const digest = pushImage(world, { repository: 'web', tags: ['v1', 'latest'] });
    expect(told().map((detail) => Object.keys(detail).sort())).toEqual([SHAPE, SHAPE]);
    expect(told()).toMatchObject([
      { 'action-type': 'PUSH', 'image-tag': 'v1', 'image-digest': digest, result: 'SUCCESS' },
      { 'image-tag': 'latest', 'repository-name': 'web' },
    ]);
    expect(world.eventbridge.buses.default?.[0]).toMatchObject({ resources: [] });
  });

  it('of several platforms sends untagged children and the attestation first', () => {
    const digest = pushImage(world, { repository: 'web', tag: 'v1', multiArch: true });
    expect(told().map((detail) => detail['image-tag'])).toEqual([
      undefined,
      undefined,
      undefined,
      'v1',
    ]);
    expect(told()[3]?.['image-digest']).toBe(digest);
    const { imageDetails } = ecr.DescribeImages(world, {
      repositoryName: 'web',
      filter: { tagStatus: 'TAGGED' },
    });
    expect(imageDetails).toMatchObject([
      { imageDigest: digest, imageManifestMediaType: 'application/vnd.oci.image.index.v1+json' },
    ]);
  });

  it('is stamped in whole seconds and moves a mutable tag', () => {
    const first = pushImage(world, { repository: 'web', tag: 'latest' });
    advance(world, world.now + 5_000);
    const second = pushImage(world, { repository: 'web', tag: 'latest' });
    const describe = (imageIds: object[]) =>
      ecr.DescribeImages(world, { repositoryName: 'web', imageIds }).imageDetails?.[0];
    expect(describe([{ imageTag: 'latest' }])).toMatchObject({
      imageDigest: second,
      imagePushedAt: new Date('2026-11-21T10:00:05Z'),
    });
    expect(describe([{ imageDigest: first }])).not.toHaveProperty('imageTags');
  });

  it('to an immutable tag is refused; excluded tags are not', () => {
    ecr.CreateRepository(world, {
      repositoryName: 'web',
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest*' }],
    });
    for (const tag of ['v1', 'latest', 'latest-arm']) pushImage(world, { repository: 'web', tag });
    pushImage(world, { repository: 'web', tag: 'latest-arm' });
    expect(code(() => pushImage(world, { repository: 'web', tag: 'v1' }))).toMatch(
      /^ImageTagAlreadyExistsException: The image tag 'v1' already exists in the 'web' repository/,
    );
  });
});

describe('asking for images', () => {
  it('one that is missing fails the whole call, with AWS’s words', () => {
    pushImage(world, { repository: 'web', tag: 'v1' });
    expect(
      code(() =>
        ecr.DescribeImages(world, {
          repositoryName: 'web',
          imageIds: [{ imageTag: 'v1' }, { imageTag: 'v2' }],
        }),
      ),
    ).toBe(
      "ImageNotFoundException: The image with imageId {imageDigest:'null', imageTag:'v2'} does not exist within the repository with name 'web' in the registry with id '123456789012'",
    );
    expect(code(() => ecr.DescribeImages(world, { repositoryName: 'none' }))).toBe(
      "RepositoryNotFoundException: The repository with name 'none' does not exist in the registry with id '123456789012'",
    );
  });

  it('page by page, at most a hundred by id', () => {
    for (let index = 0; index < 5; index++)
      pushImage(world, { repository: 'web', tag: `v${index}` });
    const first = ecr.DescribeImages(world, { repositoryName: 'web', maxResults: 3 });
    expect(first.imageDetails).toHaveLength(3);
    const { imageDetails, nextToken } = ecr.DescribeImages(world, {
      repositoryName: 'web',
      nextToken: first.nextToken,
    });
    expect(imageDetails).toHaveLength(2);
    expect(nextToken).toBeUndefined();
    const imageIds = Array.from({ length: 101 }, () => ({ imageTag: 'v1' }));
    expect(code(() => ecr.DescribeImages(world, { repositoryName: 'web', imageIds }))).toMatch(
      /^InvalidParameterException/,
    );
  });

  it('an archived one is not in the whole list unless it is asked for', () => {
    const digest = pushImage(world, { repository: 'web', tag: 'v1' });
    archiveImage(world, { repository: 'web', digest });
    expect(told().at(-1)).toMatchObject({
      'action-type': 'UPDATE_STORAGE_CLASS',
      'target-storage-class': 'ARCHIVE',
    });
    const all = (input: object) =>
      ecr.DescribeImages(world, { repositoryName: 'web', ...input }).imageDetails;
    expect(all({})).toEqual([]);
    expect(all({ filter: { imageStatus: 'ANY' } })).toMatchObject([{ imageStatus: 'ARCHIVED' }]);
    expect(all({ imageIds: [{ imageDigest: digest }] })).toMatchObject([
      { imageStatus: 'ARCHIVED' },
    ]);
  });
});

describe('removing and restoring', () => {
  it('a deletion sends an event per tag, in the documented shape', () => {
    const digest = pushImage(world, { repository: 'web', tag: 'v1' });
    deleteImage(world, { repository: 'web', digest });
    expect(Object.keys(told().at(-1) ?? {}).sort()).toEqual(SHAPE);
    expect(ecr.ListImages(world, { repositoryName: 'web' }).imageIds).toEqual([]);
  });

  it('deleting one of two tags keeps the image', () => {
    const digest = pushImage(world, { repository: 'web', tags: ['v1', 'latest'] });
    const remove = (imageTag: string) =>
      ecr.BatchDeleteImage(world, { repositoryName: 'web', imageIds: [{ imageTag }] });
    expect(remove('latest').imageIds).toEqual([{ imageDigest: digest, imageTag: 'latest' }]);
    expect(ecr.ListImages(world, { repositoryName: 'web' }).imageIds).toHaveLength(1);
    expect(remove('none').failures).toMatchObject([{ failureCode: 'ImageNotFound' }]);
    remove('v1');
    expect(ecr.ListImages(world, { repositoryName: 'web' }).imageIds).toEqual([]);
  });

  it('an old manifest under a moved tag is the old digest again', () => {
    const first = pushImage(world, { repository: 'web', tag: 'latest' });
    pushImage(world, { repository: 'web', tag: 'latest' });
    const { images } = ecr.BatchGetImage(world, {
      repositoryName: 'web',
      imageIds: [{ imageDigest: first }],
    });
    const imageManifest = images?.[0]?.imageManifest;
    const put = () =>
      ecr.PutImage(world, { repositoryName: 'web', imageManifest, imageTag: 'latest' });
    expect(put().image?.imageId).toEqual({ imageDigest: first, imageTag: 'latest' });
    expect(code(put)).toMatch(/^ImageAlreadyExistsException/);
  });
});
