/** What the record knows of a revision or an image: proven, condemned, quarantined. */
import type { Image, ImageSet } from '../image.ts';
import type { RollbackCandidate } from './candidate.ts';
import type { TargetRecord } from './target-record.ts';

/** The proven release that is this revision; undefined: it is none. */
export function provenAs(
  { rollbackCandidates }: Pick<TargetRecord, 'rollbackCandidates'>,
  revision: string | undefined,
): RollbackCandidate | undefined {
  return rollbackCandidates.find((one) => one.revision === revision);
}

export function wasCondemned(
  { condemnedRevisions }: Pick<TargetRecord, 'condemnedRevisions'>,
  revision: string,
): boolean {
  return condemnedRevisions.some((one) => one.revision === revision);
}

export function isQuarantined(record: TargetRecord, digest: string): boolean {
  return record.quarantine.some((entry) => entry.digest === digest);
}

/** The first of them that may not start again. */
export function quarantinedIn(record: TargetRecord, images: ImageSet): Image | undefined {
  return Object.values(images).find(({ digest }) => isQuarantined(record, digest));
}
