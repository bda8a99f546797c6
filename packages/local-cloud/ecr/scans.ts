/**
 * Scans of the local ECR: a basic one by ECR or an enhanced one by Inspector, on push, with the findings
 * that the image was pushed with. What a client may ask is in `scan-operations.ts`.
 */

import { emit } from '../eventbridge/state.ts';
import { schedule } from '../kernel/timers.ts';
import type { World } from '../kernel/world.ts';
import { type EcrImage, type EcrRepository, type EcrScan, INDEX, SEVERITIES } from './state.ts';

/** From the push to IN_PROGRESS, and to the end unless the push says otherwise (unverified). */
const BEGINS_MS = 2_000;
const SECONDS = 20;

/** An index is not scanned, its manifests are, and their attestation holds no packages. */
export function isScannable({ mediaType }: EcrImage): boolean {
  return mediaType !== INDEX;
}

/** Begins a scan if the repository has one on push. */
export function scanOnPush(world: World, repository: EcrRepository, image: EcrImage): void {
  if (repository.scanning !== undefined && image.scan === undefined) {
    beginScan(world, repository, image);
  }
}

export function beginScan(world: World, repository: EcrRepository, image: EcrImage): void {
  const { scan, scanSeconds = SECONDS } = image.scanPlan ?? {};
  image.scan = { status: 'PENDING', startedAt: world.now };
  if (scan === 'never') return;
  const whose = { repository: repository.name, digest: image.digest };
  const endsMs = scanSeconds * 1_000;
  if (endsMs > BEGINS_MS) schedule(world, world.now + BEGINS_MS, 'ecr.scan', whose);
  schedule(world, world.now + endsMs, 'ecr.scan', { ...whose, ends: true });
}

export const scanTimers = {
  'ecr.scan': (world: World, data: Record<string, unknown>): void => {
    const repository = world.ecr.repositories[String(data.repository)];
    const image = repository?.images[String(data.digest)];
    // Deleted meanwhile.
    if (repository === undefined || image?.scan === undefined) return;
    if (data.ends === true) endScan(world, repository, image, image.scan);
    else image.scan.status = 'IN_PROGRESS';
  },
};

function endScan(world: World, repository: EcrRepository, image: EcrImage, scan: EcrScan): void {
  const { scan: outcome } = image.scanPlan ?? {};
  if (outcome === 'unsupported') {
    scan.status = 'UNSUPPORTED_IMAGE';
    return;
  }
  if (outcome === 'fails') scan.status = 'FAILED';
  else {
    scan.status = repository.scanning === 'enhanced' ? 'ACTIVE' : 'COMPLETE';
    scan.completedAt = world.now;
  }
  emitScan(world, repository, image, scan);
}

/** Shapes: docs, ecr-eventbridge and image-scanning-enhanced-events. Severities without findings are left out. */
function emitScan(
  world: World,
  { name, scanning }: EcrRepository,
  image: EcrImage,
  { status }: EcrScan,
): void {
  const arn = `arn:aws:ecr:${world.region}:${world.account}:repository/${name}`;
  const counts = countsOf(image);
  const enhanced = scanning === 'enhanced';
  // That a scan which failed is told is unverified.
  if (enhanced && status === 'FAILED') return;
  emit(world, {
    source: enhanced ? 'aws.inspector2' : 'aws.ecr',
    detailType: enhanced ? 'Inspector2 Scan' : 'ECR Image Scan',
    resources: [arn],
    detail: {
      'scan-status': enhanced ? 'INITIAL_SCAN_COMPLETE' : status,
      'repository-name': enhanced ? arn : name,
      'finding-severity-counts': enhanced ? withTotal(counts) : counts,
      'image-digest': image.digest,
      'image-tags': [...image.tags],
    },
  });
}

export function countsOf({ scanPlan }: EcrImage): Record<string, number> {
  const { findings = {} } = scanPlan ?? {};
  const found = SEVERITIES.filter((severity) => (findings[severity] ?? 0) > 0);
  return Object.fromEntries(found.map((severity) => [severity, findings[severity] ?? 0]));
}

function withTotal(counts: Record<string, number>): Record<string, number> {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { ...counts, TOTAL: total };
}

/** Numbered from `CVE-2026-10001` on, the gravest first, so that a scenario can name them. */
export function findingsOf(image: EcrImage): readonly { id: string; severity: string }[] {
  const { findings = {} } = image.scanPlan ?? {};
  return SEVERITIES.flatMap((severity) =>
    Array.from({ length: findings[severity] ?? 0 }, () => severity),
  ).map((severity, index) => ({ id: `CVE-2026-${10_001 + index}`, severity }));
}
