/** What a client can ask of the local ECR about scans. Names and limits: ECR API reference. */
import type {
  DescribeImageScanFindingsCommandInput,
  DescribeImageScanFindingsCommandOutput,
  EnhancedImageScanFinding,
  FindingSeverity,
  ImageScanFinding,
  PutImageScanningConfigurationCommandInput,
  PutImageScanningConfigurationCommandOutput,
  StartImageScanCommandInput,
  StartImageScanCommandOutput,
} from '@aws-sdk/client-ecr';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { imageOrThrow } from './lookup.ts';
import { paginate } from './pages.ts';
import { beginScan, countsOf, findingsOf } from './scans.ts';
import { type EcrImage, type EcrRepository, INDEX, repositoryNamed } from './state.ts';

type Answer<T> = Omit<T, '$metadata'>;

const DAY_MS = 86_400_000;

function DescribeImageScanFindings(
  world: World,
  input: DescribeImageScanFindingsCommandInput,
): Answer<DescribeImageScanFindingsCommandOutput> {
  const repository = repositoryNamed(world, input.repositoryName);
  const image = imageOrThrow(world, repository, input.imageId ?? {});
  const { scan } = image;
  if (scan === undefined) throw noScan(world, repository, image);
  const { page, nextToken } = paginate(findingsOf(image), input);
  const done = scan.completedAt !== undefined;
  return {
    registryId: world.account,
    repositoryName: repository.name,
    imageId: { imageDigest: image.digest, ...(image.tags[0] && { imageTag: image.tags[0] }) },
    imageScanStatus: { status: scan.status, description: DESCRIPTIONS[scan.status] },
    ...(done && {
      imageScanFindings: {
        imageScanCompletedAt: new Date(scan.completedAt ?? 0),
        vulnerabilitySourceUpdatedAt: new Date(scan.completedAt ?? 0),
        findingSeverityCounts: countsOf(image),
        ...(repository.scanning === 'enhanced'
          ? { enhancedFindings: page.map((finding) => enhanced(world, finding)) }
          : { findings: page.map(basic) }),
      },
      ...(nextToken === undefined ? {} : { nextToken }),
    }),
  };
}

/** Texts of COMPLETE and UNSUPPORTED_IMAGE: public logs; the others unverified. */
const DESCRIPTIONS = {
  PENDING: 'The scan is pending.',
  IN_PROGRESS: 'The scan is in progress.',
  COMPLETE: 'The scan was completed successfully.',
  ACTIVE: 'Continuous scan is selected for image.',
  FAILED: 'The scan failed.',
  UNSUPPORTED_IMAGE:
    'UnsupportedImageError: The operating system and/or package manager are not supported.',
} as const;

/** The findings of the last scan may be asked for while the next one is under way: not imitated. */
function StartImageScan(
  world: World,
  input: StartImageScanCommandInput,
): Answer<StartImageScanCommandOutput> {
  const repository = repositoryNamed(world, input.repositoryName);
  const image = imageOrThrow(world, repository, input.imageId ?? {});
  if (repository.scanning === 'enhanced') {
    // Public log.
    throw new AwsError('ValidationException', 'This feature is disabled');
  }
  if (image.mediaType === INDEX) {
    throw new AwsError(
      'UnsupportedImageTypeException',
      `An artifact with media type '${image.mediaType}' cannot be scanned. For more information, see the Amazon ECR documentation.`,
    );
  }
  if (image.scan !== undefined && world.now < image.scan.startedAt + DAY_MS) {
    throw new AwsError(
      'LimitExceededException',
      'The scan quota per image has been exceeded. Wait and try again.',
    );
  }
  beginScan(world, repository, image);
  return {
    registryId: world.account,
    repositoryName: repository.name,
    imageId: { imageDigest: image.digest },
    imageScanStatus: { status: 'IN_PROGRESS' },
  };
}

function PutImageScanningConfiguration(
  world: World,
  input: PutImageScanningConfigurationCommandInput,
): Answer<PutImageScanningConfigurationCommandOutput> {
  const repository = repositoryNamed(world, input.repositoryName);
  const scanOnPush = input.imageScanningConfiguration?.scanOnPush === true;
  if (scanOnPush) repository.scanning ??= 'basic';
  else if (repository.scanning === 'basic') delete repository.scanning;
  return {
    registryId: world.account,
    repositoryName: repository.name,
    imageScanningConfiguration: { scanOnPush },
  };
}

export const ecrScanOperations = {
  DescribeImageScanFindings,
  StartImageScan,
  PutImageScanningConfiguration,
} satisfies Record<string, (world: World, input: never) => unknown>;

/** Text: public logs. An index has none ever. */
function noScan(world: World, { name }: EcrRepository, { digest }: EcrImage): AwsError {
  return new AwsError(
    'ScanNotFoundException',
    `Image scan does not exist for the image with '{imageDigest:'${digest}', imageTag:'null'}' in the repository with name '${name}' in the registry with id '${world.account}'`,
  );
}

interface Finding {
  readonly id: string;
  readonly severity: string;
}

function basic({ id, severity }: Finding): ImageScanFinding {
  return {
    name: id,
    severity: severity as FindingSeverity,
    uri: `https://nvd.nist.gov/vuln/detail/${id}`,
    attributes: [
      { key: 'package_name', value: 'openssl' },
      { key: 'package_version', value: '3.0.11' },
    ],
  };
}

function enhanced(world: World, { id, severity }: Finding): EnhancedImageScanFinding {
  return {
    awsAccountId: world.account,
    findingArn: `arn:aws:inspector2:${world.region}:${world.account}:finding/${id}`,
    packageVulnerabilityDetails: { vulnerabilityId: id, source: 'NVD' },
    severity,
    status: 'ACTIVE',
    title: `${id} - openssl`,
    type: 'PACKAGE_VULNERABILITY',
  };
}
