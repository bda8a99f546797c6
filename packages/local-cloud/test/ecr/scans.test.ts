/** Scans and signatures of the local ECR: states, events and refusals as AWS has them. */
import { verify } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { layersFetch } from '../../ecr/blobs.ts';
import { LOCAL_PUBLIC_KEY, signImage } from '../../ecr/cosign.ts';
import { deleteImage, pushImage } from '../../ecr/images.ts';
import { ecrOperations as ecr } from '../../ecr/operations.ts';
import { addRepository, type EcrRepository } from '../../ecr/state.ts';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld } from '../../services.ts';

const T0 = Date.parse('2026-11-21T10:00:00Z');
const home = { account: '123456789012', region: 'eu-central-1' };
let world: World;
let repository: EcrRepository;

beforeEach(() => {
  world = emptyWorld({ now: T0, seed: 5, ...home });
  repository = addRepository(world, 'shop/web');
  repository.scanning = 'basic';
});

const later = (seconds: number) => advance(world, T0 + seconds * 1_000);
const push = (change: Partial<Parameters<typeof pushImage>[1]> = {}) =>
  pushImage(world, { repository: 'shop/web', tag: 'v1', ...change });
const describeScan = (imageDigest: string, rest: object = {}) =>
  ecr.DescribeImageScanFindings(world, {
    repositoryName: 'shop/web',
    imageId: { imageDigest },
    ...rest,
  });
const statusOf = (digest: string) => describeScan(digest).imageScanStatus?.status;
const scanEvents = () =>
  (world.eventbridge.buses.default ?? []).filter((event) => /Scan$/.test(event['detail-type']));

function code(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
  }
  return 'not refused';
}

describe('a scan on push', () => {
  test('is pending, then in progress, then complete', () => {
    const digest = push();
    expect(statusOf(digest)).toBe('PENDING');
    later(2);
    expect(statusOf(digest)).toBe('IN_PROGRESS');
    expect(describeScan(digest)).not.toHaveProperty('imageScanFindings');
    later(20);
    expect(statusOf(digest)).toBe('COMPLETE');
  });

  test('finds what the image was pushed with, the gravest first', () => {
    const digest = push({ findings: { LOW: 1, HIGH: 1 }, scanSeconds: 1 });
    later(1);
    expect(describeScan(digest).imageScanFindings).toMatchObject({
      imageScanCompletedAt: new Date(T0 + 1_000),
      findingSeverityCounts: { HIGH: 1, LOW: 1 },
      findings: [
        { name: 'CVE-2026-10001', severity: 'HIGH' },
        { name: 'CVE-2026-10002', severity: 'LOW' },
      ],
    });
  });

  test('tells that it is complete, in the shape of the documentation', () => {
    const digest = push({ findings: { HIGH: 1 } });
    later(20);
    expect(scanEvents()).toMatchObject([
      {
        source: 'aws.ecr',
        'detail-type': 'ECR Image Scan',
        resources: ['arn:aws:ecr:eu-central-1:123456789012:repository/shop/web'],
        detail: {
          'scan-status': 'COMPLETE',
          'repository-name': 'shop/web',
          'finding-severity-counts': { HIGH: 1 },
          'image-digest': digest,
          'image-tags': ['v1'],
        },
      },
    ]);
  });

  test('of Inspector is ACTIVE from its first result on, and tells the repository as an ARN', () => {
    repository.scanning = 'enhanced';
    const digest = push({ findings: { HIGH: 1, LOW: 2 } });
    later(20);
    expect(statusOf(digest)).toBe('ACTIVE');
    expect(describeScan(digest).imageScanFindings?.enhancedFindings).toHaveLength(3);
    expect(scanEvents()).toMatchObject([
      {
        source: 'aws.inspector2',
        'detail-type': 'Inspector2 Scan',
        detail: {
          'scan-status': 'INITIAL_SCAN_COMPLETE',
          'repository-name': 'arn:aws:ecr:eu-central-1:123456789012:repository/shop/web',
          'finding-severity-counts': { HIGH: 1, LOW: 2, TOTAL: 3 },
        },
      },
    ]);
  });

  test('that never comes stays pending, and tells nothing', () => {
    const digest = push({ scan: 'never' });
    later(86_400);
    expect([statusOf(digest), scanEvents()]).toEqual(['PENDING', []]);
  });

  test.each([
    ['fails', 'FAILED'],
    ['unsupported', 'UNSUPPORTED_IMAGE'],
  ] as const)('that %s has no findings', (scan, status) => {
    const digest = push({ scan });
    later(60);
    expect(statusOf(digest)).toBe(status);
    expect(describeScan(digest)).not.toHaveProperty('imageScanFindings');
  });

  test('of an image that was deleted meanwhile is none', () => {
    const digest = push();
    deleteImage(world, { repository: 'shop/web', digest });
    later(60);
    expect(scanEvents()).toEqual([]);
  });

  test('is begun once for an image, however many tags come', () => {
    const digest = push();
    push({ tag: 'v2', digest });
    later(60);
    expect(scanEvents()).toHaveLength(1);
  });

  test('is not there without it being turned on', () => {
    delete repository.scanning;
    const digest = push();
    expect(code(() => describeScan(digest))).toMatch(
      /^ScanNotFoundException: Image scan does not exist for the image with/,
    );
    ecr.PutImageScanningConfiguration(world, {
      repositoryName: 'shop/web',
      imageScanningConfiguration: { scanOnPush: true },
    });
    expect(statusOf(push({ tag: 'v2' }))).toBe('PENDING');
  });
});

describe('of a multi-arch image', () => {
  test('each platform is scanned by itself, the index and the attestation are not', () => {
    const index = push({ multiArch: true, findingsOn: { arm64: { HIGH: 1 }, amd64: {} } });
    later(60);
    expect(code(() => describeScan(index))).toMatch(/^ScanNotFoundException/);
    const [, manifests] = children(index);
    const counts = manifests
      .filter(({ platform }) => platform.os === 'linux')
      .map(({ digest, platform }) => [
        platform.architecture,
        describeScan(digest).imageScanFindings?.findingSeverityCounts,
      ]);
    expect(counts).toEqual([
      ['amd64', {}],
      ['arm64', { HIGH: 1 }],
    ]);
    const attestation = manifests.find(({ platform }) => platform.os === 'unknown');
    expect(code(() => describeScan(attestation?.digest ?? ''))).toMatch(/^ScanNotFoundException/);
    expect(scanEvents().map(({ detail }) => detail['image-tags'])).toEqual([[], []]);
  });

  test('the index names its manifests by platform', () => {
    const [mediaType, manifests] = children(push({ multiArch: true }));
    expect(mediaType).toBe('application/vnd.oci.image.index.v1+json');
    expect(manifests.map(({ platform }) => `${platform.os}/${platform.architecture}`)).toEqual([
      'linux/amd64',
      'linux/arm64',
      'unknown/unknown',
    ]);
    for (const { digest } of manifests) expect(repository.images).toHaveProperty(digest);
  });

  function children(imageDigest: string) {
    const { images } = ecr.BatchGetImage(world, {
      repositoryName: 'shop/web',
      imageIds: [{ imageDigest }],
    });
    const { mediaType, manifests } = JSON.parse(images?.[0]?.imageManifest ?? '{}') as {
      mediaType: string;
      manifests: { digest: string; platform: { os: string; architecture: string } }[];
    };
    return [mediaType, manifests] as const;
  }
});

describe('a scan by hand', () => {
  const start = (imageDigest: string) =>
    ecr.StartImageScan(world, { repositoryName: 'shop/web', imageId: { imageDigest } });

  test('once in 24 hours for an image', () => {
    const digest = push();
    expect(code(() => start(digest))).toMatch(/^LimitExceededException: The scan quota per image/);
    later(86_400);
    expect(start(digest).imageScanStatus?.status).toBe('IN_PROGRESS');
    later(86_500);
    expect(scanEvents()).toHaveLength(2);
  });

  test('not of an index, and not where Inspector scans', () => {
    expect(code(() => start(push({ multiArch: true })))).toBe(
      "UnsupportedImageTypeException: An artifact with media type 'application/vnd.oci.image.index.v1+json' cannot be scanned. For more information, see the Amazon ECR documentation.",
    );
    repository.scanning = 'enhanced';
    expect(code(() => start(push({ tag: 'v2' })))).toMatch(/^ValidationException/);
  });
});

test('findings come page by page, at most a thousand', () => {
  const digest = push({ findings: { LOW: 1_500 } });
  later(60);
  const first = describeScan(digest, { maxResults: 1_000 });
  expect(first.imageScanFindings?.findings).toHaveLength(1_000);
  const { nextToken } = first;
  const second = describeScan(digest, { maxResults: 1_000, nextToken });
  expect(second.imageScanFindings?.findings).toHaveLength(500);
  expect(second).not.toHaveProperty('nextToken');
  expect(code(() => describeScan(digest, { maxResults: 1_001 }))).toMatch(
    /^InvalidParameterException/,
  );
});

describe('a signature', () => {
  test('comes a moment after the push, under the tag that cosign gives it', () => {
    const digest = push({ signed: true });
    const tag = `${digest.replace(':', '-')}.sig`;
    expect(repository.tags).not.toHaveProperty(tag);
    later(5);
    expect(repository.tags).toHaveProperty(tag);
    expect(world.eventbridge.buses.default?.at(-1)?.detail).toMatchObject({
      'action-type': 'PUSH',
      'image-tag': tag,
    });
  });

  test('is one that the public key verifies, over the digest of the image', async () => {
    const digest = push();
    signImage(world, { repository: 'shop/web', digest });
    const { images } = ecr.BatchGetImage(world, {
      repositoryName: 'shop/web',
      imageIds: [{ imageTag: `${digest.replace(':', '-')}.sig` }],
    });
    const [layer] = JSON.parse(images?.[0]?.imageManifest ?? '{}').layers;
    const { downloadUrl = '' } = ecr.GetDownloadUrlForLayer(world, {
      repositoryName: 'shop/web',
      layerDigest: layer.digest,
    });
    const payload = Buffer.from(await (await layersFetch(world)(downloadUrl)).arrayBuffer());
    const signature = Buffer.from(
      layer.annotations['dev.cosignproject.cosign/signature'],
      'base64',
    );
    expect(verify('sha256', payload, LOCAL_PUBLIC_KEY, signature)).toBe(true);
    expect(JSON.parse(payload.toString()).critical.image['docker-manifest-digest']).toBe(digest);
  });

  test('the key is the same everywhere: scenarios name its public half', () => {
    expect(LOCAL_PUBLIC_KEY).toMatchInlineSnapshot(`
      "-----BEGIN PUBLIC KEY-----
      MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEtJorEC3SkaSCu5XtxhN++3EkOPb4
      /nPRYvoMXVf+b/5S9cANaO+C/cDp80bZSDY/0FTCuwjUt3Csk8cPX6aEnw==
      -----END PUBLIC KEY-----
      "
    `);
  });
});

describe('blobs', () => {
  test('one that is not there is refused', () => {
    const ask = () =>
      ecr.GetDownloadUrlForLayer(world, { repositoryName: 'shop/web', layerDigest: 'sha256:x' });
    expect(code(ask)).toMatch(/^LayersNotFoundException/);
  });

  test('no other address is answered', async () => {
    await expect(layersFetch(world)('https://example.com/')).rejects.toThrow('fetch failed');
    const { status } = await layersFetch(world)(
      `https://layers.ecr.local.invalid/shop/web/sha256:${'a'.repeat(64)}`,
    );
    expect(status).toBe(404);
  });
});
