/**
 * The port `Scans`: what ECR's basic scan or Inspector's enhanced scan found in an image. ECR that does
 * not answer must never look like an image without findings: every failure is `unknown`, nothing throws.
 */
import {
  DescribeImageScanFindingsCommand,
  type DescribeImageScanFindingsCommandOutput,
  type ECRClient,
  type ImageScanFindings,
} from '@aws-sdk/client-ecr';
import type { Image, ImageDigest } from '../../core/model/image.ts';
import type { Finding, ObservedScan } from '../../core/model/observation.ts';
import type { ScanRules, Severity } from '../../core/model/rules.ts';
import { byGravity, isAbove, severityOf } from '../../core/model/severity.ts';
import type { Log, Platform, Scans } from '../../ports.ts';
import { refusalOf, says } from '../refusal.ts';
import { named } from './address.ts';
import { getManifests } from './manifests.ts';

/** The largest page. (API_DescribeImageScanFindings) */
const PAGE_SIZE = 1_000;
const PAGES_MAX = 10;
const FINDINGS_MAX = 10;
const KNOWN_MAX = 1_000;

/** No result will come of these by itself. (API_ImageScanStatus) */
const NEVER = ['FAILED', 'UNSUPPORTED_IMAGE', 'SCAN_ELIGIBILITY_EXPIRED', 'IMAGE_ARCHIVED'];

type Answer = Pick<
  DescribeImageScanFindingsCommandOutput,
  'imageScanFindings' | 'imageScanStatus' | 'nextToken'
>;

export function createScans(client: ECRClient, log: Log): Scans {
  /** An index never changes, so which of its manifests is for a platform is asked once. */
  const known = new Map<string, readonly ImageDigest[]>();

  async function manifestsFor(image: Image, platform: Platform): Promise<readonly ImageDigest[]> {
    const name = `${image.digest} ${nameOf(platform)}`;
    if (!known.has(name)) {
      if (known.size >= KNOWN_MAX) known.clear();
      known.set(name, await askManifests(client, image, platform));
    }
    return known.get(name) ?? [];
  }

  return {
    scan: async (image, platform, rules) => {
      try {
        const digests = await manifestsFor(image, platform);
        if (digests.length > 1) {
          const because = `its index has ${digests.length} manifests that may run on ${nameOf(platform)}`;
          return { state: 'ambiguous', because };
        }
        const [digest] = digests;
        if (digest === undefined) {
          const because = `it has no manifest for ${nameOf(platform)}`;
          return { state: 'unavailable', because };
        }
        return await scanOf(client, { ...image, digest }, rules);
      } catch (error) {
        const { repository, digest } = image;
        log.warn('the scan of an image is unknown', { repository, digest, because: says(error) });
        return { state: 'unknown', because: says(error) };
      }
    },
  };
}

/**
 * An index is not scanned ("An artifact with media type 'application/vnd.oci.image.index.v1+json'
 * cannot be scanned"), its manifests are: those that may run on the platform. Which of several the
 * container runtime takes depends on variant and features, and who pushed it wrote them. One that names
 * no platform may run on any (containerd; unverified).
 */
async function askManifests(
  client: ECRClient,
  image: Image,
  { os, architecture }: Platform,
): Promise<readonly ImageDigest[]> {
  const [found] = await getManifests(client, image, [{ imageDigest: image.digest }]);
  if (found === undefined) throw new Error('ECR has no such image');
  const { manifests } = found.manifest;
  if (manifests.length === 0) return [image.digest];
  const mayRun = manifests.filter(
    ({ platform = {} }) =>
      (platform.os ?? os) === os && (platform.architecture ?? architecture) === architecture,
  );
  return [...new Set(mayRun.map(({ digest }) => digest))];
}

async function scanOf(
  client: ECRClient,
  image: Image,
  rules: Pick<ScanRules, 'highest' | 'except'>,
): Promise<ObservedScan> {
  const pages: ImageScanFindings[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await describe(client, image, nextToken);
    const { imageScanStatus: { status = 'PENDING', description } = {}, imageScanFindings } = answer;
    const says = description === undefined ? status : `${status}: ${description}`;
    if (NEVER.includes(status)) return { state: 'unavailable', because: says };
    if (!isDone(status, imageScanFindings)) return { state: 'pending', because: says };
    pages.push(imageScanFindings);
    nextToken = answer.nextToken;
    if (nextToken === undefined) break;
  }
  return complete(pages, rules, nextToken !== undefined);
}

async function describe(
  client: ECRClient,
  image: Image,
  nextToken: string | undefined,
): Promise<Answer> {
  try {
    return await client.send(
      new DescribeImageScanFindingsCommand({
        ...named(image),
        imageId: { imageDigest: image.digest },
        maxResults: PAGE_SIZE,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
  } catch (error) {
    if (refusalOf(error)?.code !== 'ScanNotFoundException') throw error;
    const description = 'ECR knows of no scan; is scanning on push turned on for the repository?';
    return { imageScanStatus: { status: 'PENDING', description } };
  }
}

/** Basic scans end as COMPLETE; enhanced ones stay ACTIVE, from before their first result on. */
function isDone(
  status: string,
  findings: ImageScanFindings | undefined,
): findings is ImageScanFindings {
  if (findings === undefined) return false;
  return (
    status === 'COMPLETE' || (status === 'ACTIVE' && findings.imageScanCompletedAt !== undefined)
  );
}

function complete(
  pages: readonly ImageScanFindings[],
  { highest, except }: Pick<ScanRules, 'highest' | 'except'>,
  cut: boolean,
): ObservedScan {
  const completedAt = pages[0]?.imageScanCompletedAt?.getTime();
  const above = gravest(pages)
    .filter(({ severity }) => isAbove(severity, highest))
    .sort(byGravity);
  const isNamed = ({ id }: Finding) => except.some((one) => one.id === id);
  const findings = above.filter((finding) => !isNamed(finding));
  return {
    state: 'complete',
    ...(completedAt === undefined ? {} : { completedAt }),
    counts: countsIn(pages[0]?.findingSeverityCounts),
    above: findings.length,
    findings: findings.slice(0, FINDINGS_MAX),
    excepted: above.filter(isNamed),
    ...(cut ? { cut } : {}),
  };
}

/** One vulnerability is a finding for each package that has it: here it is one, as grave as its worst. */
function gravest(pages: readonly ImageScanFindings[]): readonly Finding[] {
  const all = pages.flatMap(({ findings = [], enhancedFindings = [] }) => [
    ...findings.map(({ name, severity }) => finding(name, severity)),
    ...enhancedFindings
      // Suppressed by a rule of Inspector, or closed.
      .filter(({ status }) => status === undefined || status === 'ACTIVE')
      .map(({ packageVulnerabilityDetails, title, severity }) =>
        finding(packageVulnerabilityDetails?.vulnerabilityId ?? title, severity),
      ),
  ]);
  const worst = new Map<string, Finding>();
  for (const one of all.sort(byGravity)) {
    if (!worst.has(one.id)) worst.set(one.id, one);
  }
  return [...worst.values()];
}

function finding(id: string | undefined, severity: string | undefined): Finding {
  return { id: id?.slice(0, 100) ?? 'a finding without a name', severity: severityOf(severity) };
}

/** Absent severities are zero; enhanced scans add a TOTAL. */
function countsIn(words: Readonly<Record<string, number>> = {}): Partial<Record<Severity, number>> {
  const counts: Partial<Record<Severity, number>> = {};
  for (const [word, count] of Object.entries(words)) {
    if (word === 'TOTAL' || count === 0) continue;
    const severity = severityOf(word);
    counts[severity] = (counts[severity] ?? 0) + count;
  }
  return counts;
}

function nameOf({ os, architecture }: Platform): string {
  return `${os}/${architecture}`;
}
