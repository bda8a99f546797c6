import { ECRClient } from '@aws-sdk/client-ecr';
import { expect, test } from 'vitest';
import { readSettings } from '../../../shared/aws/connect/client-settings.ts';
import { createImages } from '../../../shared/aws/ecr/images.ts';
import type { Image, ImageDigest } from '../../../shared/core/model/image.ts';
import { TransientError } from '../../../shared/ports.ts';
import { broken, listeningLog, Trouble, throttled, type WireAnswer, wire } from '../wire.ts';

const registry = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const digest = (n: number) => `sha256:${String(n).padStart(64, '0')}` as ImageDigest;
const image = (n: number, repository = 'shop/web'): Image => ({
  registry,
  repository,
  digest: digest(n),
  tags: [],
});
const T0 = Date.parse('2026-11-20T10:00:00Z');
const detail = (n: number, more: object = {}) => ({
  imageDigest: digest(n),
  imageTags: [`main-${n}`],
  imagePushedAt: T0 / 1000,
  imageStatus: 'ACTIVE',
  ...more,
});
const notFound = new Trouble(400, 'ImageNotFoundException', 'The image does not exist');

function connected(answers: Record<string, readonly WireAnswer[]>) {
  const far = wire(answers);
  const log = listeningLog();
  return { far, log, images: createImages(new ECRClient(readSettings(far.settings)), log) };
}

test('an image is described by its digest', async () => {
  const { images, far } = connected({ DescribeImages: [{ imageDetails: [detail(1)] }] });
  expect(await images.describe(image(1))).toEqual({
    pushedAt: T0,
    tags: ['main-1'],
    state: 'present',
  });
  expect(far.bodies('DescribeImages')).toEqual([
    {
      registryId: '111122223333',
      repositoryName: 'shop/web',
      imageIds: [{ imageDigest: digest(1) }],
    },
  ]);
});

test('an image that ECR does not have is an answer; ECR that does not answer is ill', async () => {
  expect(await connected({ DescribeImages: [notFound] }).images.describe(image(1))).toBeUndefined();
  for (const trouble of [throttled, broken, new Trouble(400, 'RepositoryNotFoundException')]) {
    const { images } = connected({ DescribeImages: [trouble] });
    await expect(images.describe(image(1))).rejects.toBeInstanceOf(TransientError);
  }
});

test('only "not found" makes an image missing; throttled or denied is unknown', async () => {
  const states = (answer: WireAnswer) =>
    connected({ DescribeImages: [answer] }).images.states([image(1)]);
  expect(await states(notFound)).toEqual({ [digest(1)]: 'missing' });
  expect(await states(throttled)).toEqual({ [digest(1)]: 'unknown' });
  expect(await states(new Trouble(400, 'AccessDeniedException'))).toEqual({
    [digest(1)]: 'unknown',
  });
  expect(await states({ imageDetails: [detail(1, { imageStatus: 'ARCHIVED' })] })).toEqual({
    [digest(1)]: 'archived',
  });
});

test('one missing image does not make the others unknown', async () => {
  const { images, far } = connected({
    DescribeImages: [
      notFound,
      { imageDetails: [detail(1)] },
      notFound,
      throttled,
      throttled,
      throttled,
    ],
  });
  expect(await images.states([image(1), image(2), image(3)])).toEqual({
    [digest(1)]: 'present',
    [digest(2)]: 'missing',
    [digest(3)]: 'unknown',
  });
  expect(far.bodies('DescribeImages')[0]).toMatchObject({
    imageIds: [{ imageDigest: digest(1) }, { imageDigest: digest(2) }, { imageDigest: digest(3) }],
  });
});

test('images are asked a repository at a time, at most 100 at once, each once', async () => {
  const { images, far } = connected({ DescribeImages: [{ imageDetails: [] }] });
  const many = Array.from({ length: 130 }, (_, n) => image(n));
  const states = await images.states([...many, image(5), image(500, 'shop/side')]);
  expect(Object.values(states).every((state) => state === 'unknown')).toBe(true);
  const asked = far.bodies('DescribeImages') as { repositoryName: string; imageIds: object[] }[];
  expect(asked.map((body) => [body.repositoryName, body.imageIds.length])).toEqual([
    ['shop/web', 100],
    ['shop/web', 30],
    ['shop/side', 1],
  ]);
});

test('the sweep reads every page of tagged images, and a bounded number of them', async () => {
  const { images, far } = connected({
    DescribeImages: [{ imageDetails: [detail(1)], nextToken: 'n' }, { imageDetails: [detail(2)] }],
  });
  const found = await images.taggedImages(image(0));
  expect(found.map((each) => each.tags)).toEqual([['main-1'], ['main-2']]);
  expect(far.bodies('DescribeImages')).toMatchObject([
    { filter: { tagStatus: 'TAGGED' }, maxResults: 1000 },
    { nextToken: 'n' },
  ]);

  const endless = connected({ DescribeImages: [{ imageDetails: [], nextToken: 'n' }] });
  expect(await endless.images.taggedImages(image(0))).toEqual([]);
  expect(endless.far.calls).toHaveLength(20);
  expect(endless.log.lines).toMatchObject([{ level: 'warn' }]);
});
