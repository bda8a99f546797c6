/** The proven release that a person means. */
import {
  type Image,
  type ImageSet,
  imageLabel,
  revisionName,
} from '../../shared/core/model/image.ts';
import type { RollbackCandidate, TargetRecord } from '../../shared/core/model/record.ts';
import { UsageError } from '../output/command-error.ts';
import { nearest } from '../output/nearest.ts';

/** By its name, its number, its revision, a tag or a digest. Throws `UsageError`. */
export function releaseMeant({ rollbackCandidates }: TargetRecord, name: string): string {
  const found = rollbackCandidates.filter((candidate) =>
    namesOf(candidate).some((one) => isMeant(one, name)),
  );
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only.release;
  if (others.length > 0) {
    const names = found.map(({ release }) => release).join(', ');
    throw new UsageError(`"${name}" is said of ${found.length} releases: ${names}`);
  }
  throw new UsageError(
    `no proven release is "${name}"${nearest(name, [
      ...new Set(rollbackCandidates.flatMap((candidate) => namesOf(candidate).slice(0, 3))),
    ])}`,
  );
}

function namesOf({ release, revision, images }: RollbackCandidate): readonly string[] {
  const each = (name: (image: Image) => string | undefined) =>
    Object.values(images as ImageSet).flatMap((image) => name(image) ?? []);
  return [
    release,
    revisionName(revision),
    ...each(({ tags }) => tags[0]),
    release.split('/').at(-1) ?? release,
    ...each(imageLabel),
    ...each(({ digest }) => digest),
  ];
}

const DIGEST_START_MIN = 8;

function isMeant(name: string, word: string): boolean {
  const hex = word.replace(/^sha256:/, '');
  return (
    name === word ||
    (hex.length >= DIGEST_START_MIN && name.startsWith('sha256:') && name.slice(7).startsWith(hex))
  );
}
