/**
 * The config says that releases below one cannot be returned to (`notSafeBelow`): no automatic rollback and
 * no `slipway rollback` crosses it, only a person who names the release below it.
 */
import { describeImages } from '../model/image.ts';
import { sameJson } from '../model/json.ts';
import type { RollbackCandidate } from '../model/record/candidate.ts';
import { ownRelease } from '../model/record/phase.ts';
import type { Release } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';

/** Everything that was proven before this one began is below it. */
export function isBelow(
  { boundary }: Pick<TargetRecord, 'boundary'>,
  { provenAt }: Pick<RollbackCandidate, 'provenAt'>,
): boolean {
  return boundary !== undefined && boundary.crossedAt === undefined && provenAt < boundary.at;
}

/** Kept once it is known: the release that it names may leave the candidates, and counts all the same. */
export function withBoundary(record: TargetRecord): TargetRecord {
  const { boundary, ...rest } = record;
  const { notSafeBelow: name } = record.rules;
  const now = name === undefined ? undefined : boundaryNow(record, name);
  if (sameJson(now, boundary)) return record;
  return now === undefined ? rest : { ...rest, boundary: now };
}

function boundaryNow(record: TargetRecord, name: string): TargetRecord['boundary'] {
  const known = record.boundary?.name === name ? record.boundary : undefined;
  const own = ownRelease(record.phase)?.release;
  const since = known?.crossedAt ?? -1;
  if (own !== undefined && isNamed(own.id, own.images, name) && own.startedAt > since) {
    if (known === undefined || known.crossedAt !== undefined) return { name, at: own.startedAt };
  }
  if (known !== undefined) return known;
  const found = record.rollbackCandidates.find((one) => isNamed(one.release, one.images, name));
  return found && { name, at: found.window?.from ?? found.provenAt };
}

function isNamed(id: string, images: Release['images'], name: string): boolean {
  return id === name || Object.values(images).some(({ tags }) => tags.includes(name));
}

/** A person has returned to a release below it: until the named one comes again, nothing is crossed. */
export function noteCrossed(record: TargetRecord, to: RollbackCandidate, at: number): TargetRecord {
  const { boundary } = record;
  return boundary === undefined || !isBelow(record, to)
    ? record
    : { ...record, boundary: { ...boundary, crossedAt: at } };
}

export interface Barred {
  readonly because: string;
  readonly next: string;
}

/** Why the newest of these, all of which lie below, is not returned to; undefined: one is not below. */
export function whyBarred(
  record: TargetRecord,
  open: readonly RollbackCandidate[],
): Barred | undefined {
  const [newest] = open;
  const { boundary } = record;
  if (newest === undefined || boundary === undefined) return undefined;
  if (!open.every((one) => isBelow(record, one))) return undefined;
  const { release, images } = newest;
  return {
    because: `the only way back, to ${release} (${describeImages(images)}), crosses ${boundary.name}: the config says that nothing below that is safe to return to (notSafeBelow)`,
    next: `push a fix; or, if what ${boundary.name} changed is undone, return there by name: slipway rollback ${record.id} --to ${release} --because "why"`,
  };
}
