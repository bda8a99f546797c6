/** What ECR's and Inspector's scans say, and that nothing but a result is taken for one. */
import { ECRClient } from '@aws-sdk/client-ecr';
import { type Push, pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { addRepository } from '@slipway/local-cloud/ecr/state.ts';
import { advance, emptyWorld } from '@slipway/local-cloud/services.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../shared/aws/connect/client-settings.ts';
import { createScans } from '../../shared/aws/ecr/scans.ts';
import { platformOf } from '../../shared/aws/ecs/answers.ts';
import type { Image, ImageDigest } from '../../shared/core/model/image.ts';
import type { ScanRules } from '../../shared/core/model/rules.ts';
import type { Platform } from '../../shared/ports.ts';
import { broken, listeningLog, Trouble, throttled, type WireAnswer, wire } from './wire.ts';

const registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const T0 = Date.parse('2026-11-20T10:00:00Z');
const digest = `sha256:${'a'.repeat(64)}` as ImageDigest;
const image: Image = { registry, repository: 'shop/web', digest, tags: ['main-1'] };
const amd64: Platform = { os: 'linux', architecture: 'amd64' };
const arm64: Platform = { os: 'linux', architecture: 'arm64' };
const medium = { highest: 'MEDIUM', except: [] } as const;

type Rules = Pick<ScanRules, 'highest' | 'except'>;

/** The local ECR under the real client, a push in it, and what its scan says so many seconds later. */
async function pushed(
  push: Partial<Push>,
  {
    scanning = 'basic',
    after = 60,
    platform = amd64,
    rules = medium,
  }: {
    scanning?: 'basic' | 'enhanced' | 'off';
    after?: number;
    platform?: Platform;
    rules?: Rules;
  } = {},
) {
  const world = emptyWorld({ now: T0, seed: 3, account: '123456789012', region: 'eu-central-1' });
  const repository = addRepository(world, 'shop/web');
  if (scanning !== 'off') repository.scanning = scanning;
  const made = pushImage(world, { repository: 'shop/web', tag: 'main-1', ...push });
  advance(world, T0 + after * 1_000);
  const client = new ECRClient(clientSettings({ world, transport: createTransport({ world }) }));
  const scans = createScans(client, listeningLog());
  return await scans.scan({ ...image, digest: made as ImageDigest }, platform, rules);
}

const manifest = (body: object = { layers: [] }) => ({
  images: [{ imageId: { imageDigest: digest }, imageManifest: JSON.stringify(body) }],
});
const status = (word: string) => ({ imageScanStatus: { status: word } });
const done = (more: object = {}, rest: object = {}) => ({
  ...status('COMPLETE'),
  imageScanFindings: { imageScanCompletedAt: T0 / 1000, findingSeverityCounts: {}, ...more },
  ...rest,
});

function scripted(answers: readonly WireAnswer[], rules: Rules = medium) {
  const far = wire({ BatchGetImage: [manifest()], DescribeImageScanFindings: answers });
  const log = listeningLog();
  const scans = createScans(new ECRClient(readSettings(far.settings)), log);
  return { far, log, seen: scans.scan(image, amd64, rules) };
}

describe.each(['basic', 'enhanced'] as const)('a complete %s scan', (scanning) => {
  test('tells how many of each severity, and which are above what is let through', async () => {
    const findings = { CRITICAL: 1, HIGH: 1, MEDIUM: 2, LOW: 3 };
    expect(await pushed({ findings }, { scanning })).toEqual({
      state: 'complete',
      completedAt: T0 + 20_000,
      counts: findings,
      above: 2,
      findings: [
        { id: 'CVE-2026-10001', severity: 'CRITICAL' },
        { id: 'CVE-2026-10002', severity: 'HIGH' },
      ],
      excepted: [],
    });
  });

  test('without findings is complete all the same', async () => {
    expect(await pushed({}, { scanning })).toEqual({
      ...{ state: 'complete', completedAt: T0 + 20_000, counts: {} },
      ...{ above: 0, findings: [], excepted: [] },
    });
  });

  test('tells findings that have an exception apart, whether it is over or not', async () => {
    const except = [
      { id: 'CVE-2026-10002', until: '2020-01-01', because: 'x' },
      { id: 'CVE-2026-10003', until: '2030-01-01', because: 'it is below anyhow' },
    ];
    const rules = { highest: 'MEDIUM', except } as const;
    expect(await pushed({ findings: { HIGH: 2, LOW: 1 } }, { scanning, rules })).toMatchObject({
      above: 1,
      findings: [{ id: 'CVE-2026-10001' }],
      excepted: [{ id: 'CVE-2026-10002' }],
    });
  });

  test('of thousands of findings reads every page, and keeps few', async () => {
    const seen = await pushed({ findings: { CRITICAL: 5, HIGH: 2_500 } }, { scanning });
    expect(seen).toMatchObject({ state: 'complete', above: 2_505 });
    expect(seen.state === 'complete' && seen.findings).toHaveLength(10);
    expect(seen).not.toHaveProperty('cut');
  });
});

describe('of a multi-arch image', () => {
  const findingsOn = { amd64: {}, arm64: { HIGH: 1 } };

  test.each([
    [amd64, 0],
    [arm64, 1],
  ])('the scan of the platform counts: %j', async (platform, above) => {
    expect(await pushed({ multiArch: true, findingsOn }, { platform })).toMatchObject({
      state: 'complete',
      above,
    });
  });

  test('a platform that it has not gives no result, ever', async () => {
    const platform = { os: 'windows', architecture: 'amd64' } as const;
    expect(await pushed({ multiArch: true }, { platform })).toEqual({
      state: 'unavailable',
      because: 'it has no manifest for windows/amd64',
    });
  });

  test.each<[what: string, decoy: object]>([
    ['another variant', { os: 'linux', architecture: 'arm64', variant: 'v9' }],
    ['features', { os: 'linux', architecture: 'arm64', 'os.features': ['never'] }],
    ['no architecture', { os: 'linux' }],
  ])('a decoy beside what runs is not scanned in its place: %s', async (_, platform) => {
    const runs = {
      digest: `sha256:${'b'.repeat(64)}`,
      platform: { os: 'linux', architecture: 'arm64' },
    };
    const decoy = { digest: `sha256:${'c'.repeat(64)}`, platform };
    const far = wire({ BatchGetImage: [manifest({ manifests: [decoy, runs] })] });
    const scans = createScans(new ECRClient(readSettings(far.settings)), listeningLog());
    expect(await scans.scan(image, arm64, medium)).toEqual({
      state: 'ambiguous',
      because: 'its index has 2 manifests that may run on linux/arm64',
    });
    expect(far.operations()).toEqual(['BatchGetImage']);
  });

  test('which manifest is for the platform is asked once', async () => {
    const far = wire({
      BatchGetImage: [
        manifest({
          manifests: [
            { digest: 'sha256:short', platform: { os: 'linux', architecture: 'amd64' } },
            {
              digest: `sha256:${'b'.repeat(64)}`,
              platform: { os: 'linux', architecture: 'amd64' },
            },
          ],
        }),
      ],
      DescribeImageScanFindings: [status('PENDING'), done()],
    });
    const scans = createScans(new ECRClient(readSettings(far.settings)), listeningLog());
    expect((await scans.scan(image, amd64, medium)).state).toBe('pending');
    expect((await scans.scan(image, amd64, medium)).state).toBe('complete');
    expect(far.operations()).toEqual([
      'BatchGetImage',
      'DescribeImageScanFindings',
      'DescribeImageScanFindings',
    ]);
    expect(far.bodies('BatchGetImage')[0]).toMatchObject({
      imageIds: [{ imageDigest: digest }],
      acceptedMediaTypes: expect.arrayContaining(['application/vnd.oci.image.index.v1+json']),
    });
    expect(far.bodies('DescribeImageScanFindings')[0]).toEqual({
      registryId: '123456789012',
      repositoryName: 'shop/web',
      imageId: { imageDigest: `sha256:${'b'.repeat(64)}` },
      maxResults: 1000,
    });
  });
});

describe('without a result', () => {
  test.each([
    ['has just begun', {}, { after: 0 }, 'PENDING: '],
    ['is under way', {}, { after: 10 }, 'IN_PROGRESS: '],
    ['never comes', { scan: 'never' }, { after: 86_400 }, 'PENDING: '],
    ['nobody has begun', {}, { scanning: 'off' }, 'PENDING: ECR knows of no scan; is scanning on'],
  ] as const)('a scan that %s is pending', async (_, push, options, because) => {
    expect(await pushed(push, options)).toMatchObject({
      state: 'pending',
      because: expect.stringContaining(because),
    });
  });

  test.each([
    ['fails', 'FAILED: '],
    ['unsupported', 'UNSUPPORTED_IMAGE: '],
  ] as const)('a scan that %s gives none, ever', async (scan, because) => {
    expect(await pushed({ scan })).toMatchObject({
      state: 'unavailable',
      because: expect.stringContaining(because),
    });
  });

  test.each(['SCAN_ELIGIBILITY_EXPIRED', 'IMAGE_ARCHIVED'])('%s too', async (word) => {
    expect(await scripted([status(word)]).seen).toEqual({ state: 'unavailable', because: word });
  });

  test.each(['FINDINGS_UNAVAILABLE', 'LIMIT_EXCEEDED', 'SOMETHING_NEW'])(
    '%s may still become one',
    async (word) => {
      expect(await scripted([status(word)]).seen).toEqual({ state: 'pending', because: word });
    },
  );

  test('an enhanced scan is ACTIVE before it has its first result: that is none', async () => {
    const active = { ...status('ACTIVE'), imageScanFindings: { findingSeverityCounts: {} } };
    expect((await scripted([active]).seen).state).toBe('pending');
    expect((await scripted([{ ...status('COMPLETE') }]).seen).state).toBe('pending');
  });

  test.each([
    ['throttled', throttled],
    ['broken', broken],
    ['denied', new Trouble(400, 'AccessDeniedException', 'inspector2:ListFindings')],
    ['gone', new Trouble(400, 'ImageNotFoundException', 'no')],
  ])('%s is unknown, told in the log, and never a clean scan', async (_, trouble) => {
    const { seen, log } = scripted([trouble]);
    expect(await seen).toEqual({
      state: 'unknown',
      because: expect.stringContaining(trouble.message),
    });
    expect(log.lines).toMatchObject([{ level: 'warn', facts: { repository: 'shop/web' } }]);
  });

  test('an answer that fails on its second page is unknown', async () => {
    const { seen } = scripted([done({}, { nextToken: 'n' }), throttled]);
    expect((await seen).state).toBe('unknown');
  });
});

describe('the answers of ECR', () => {
  const finding = (name: string, severity: string) => ({ name, severity });

  test('a vulnerability in several packages is one finding, as grave as its worst', async () => {
    const findings = [
      finding('CVE-1', 'MEDIUM'),
      finding('CVE-1', 'CRITICAL'),
      finding('CVE-2', 'LOW'),
    ];
    expect(await scripted([done({ findings })]).seen).toMatchObject({
      above: 1,
      findings: [{ id: 'CVE-1', severity: 'CRITICAL' }],
    });
  });

  test('absent severities are zero, a TOTAL is none, and what is not ranked counts least', async () => {
    const findingSeverityCounts = { HIGH: 0, UNTRIAGED: 2, UNDEFINED: 1, TOTAL: 3 };
    const findings = [finding('CVE-1', 'UNDEFINED'), finding('CVE-2', 'UNTRIAGED')];
    const answer = done({ findingSeverityCounts, findings });
    expect(await scripted([answer]).seen).toMatchObject({ counts: { UNDEFINED: 3 }, above: 0 });
    expect(await scripted([answer], { highest: 'NONE', except: [] }).seen).toMatchObject({
      above: 2,
    });
  });

  test('a severity that is new to us is above everything', async () => {
    const answer = done({ findings: [finding('CVE-1', 'APOCALYPTIC')] });
    expect(await scripted([answer], { highest: 'HIGH', except: [] }).seen).toMatchObject({
      above: 1,
    });
  });

  test('what Inspector suppresses or has closed is no finding', async () => {
    const enhanced = (id: string, word: string) => ({
      packageVulnerabilityDetails: { vulnerabilityId: id },
      severity: 'HIGH',
      status: word,
    });
    const enhancedFindings = [
      enhanced('CVE-1', 'SUPPRESSED'),
      enhanced('CVE-2', 'CLOSED'),
      enhanced('CVE-3', 'ACTIVE'),
    ];
    const answer = { ...done({ enhancedFindings }), ...status('ACTIVE') };
    expect(await scripted([answer]).seen).toMatchObject({ above: 1, findings: [{ id: 'CVE-3' }] });
  });

  test('ten pages are read, and that there were more is told', async () => {
    const { seen, far } = scripted([done({ findings: [] }, { nextToken: 'n' })]);
    expect(await seen).toMatchObject({ state: 'complete', cut: true });
    expect(far.bodies('DescribeImageScanFindings')).toHaveLength(10);
    expect(far.bodies('DescribeImageScanFindings')[1]).toMatchObject({ nextToken: 'n' });
  });

  test('a manifest that is no JSON is no index', async () => {
    const far = wire({
      BatchGetImage: [{ images: [{ imageId: { imageDigest: digest }, imageManifest: '<html>' }] }],
      DescribeImageScanFindings: [done()],
    });
    const scans = createScans(new ECRClient(readSettings(far.settings)), listeningLog());
    expect((await scans.scan(image, amd64, medium)).state).toBe('complete');
  });

  test('an image that ECR does not give is unknown', async () => {
    const failures = [{ failureCode: 'ImageNotFound' }];
    const far = wire({ BatchGetImage: [{ images: [], failures }] });
    const scans = createScans(new ECRClient(readSettings(far.settings)), listeningLog());
    expect(await scans.scan(image, amd64, medium)).toEqual({
      state: 'unknown',
      because: 'Error: ECR has no such image',
    });
  });
});

test.each([
  [{}, amd64],
  [{ runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' } }, amd64],
  [{ runtimePlatform: { cpuArchitecture: 'ARM64' } }, arm64],
  [
    { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } },
    { os: 'windows', architecture: 'amd64' },
  ],
])('the platform of the task definition %j', (definition, platform) => {
  expect(platformOf(definition)).toEqual(platform);
});
