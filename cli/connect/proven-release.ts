/** The proven release that a person means. */
import {
  type Image,
  type ImageSet,
  imageLabel,
  lastPart,
  revisionName,
} from '../../shared/core/model/image.ts';
import type { RollbackCandidate } from '../../shared/core/model/record/candidate.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { UsageError } from '../output/command-error.ts';
import { nearestCounted } from '../output/nearest.ts';

/** By its name, its number, its revision, a tag or a digest. Throws `UsageError`. */
export function releaseMeant(record: TargetRecord, name: string): string {
  const { rollbackCandidates } = record;
  const found = rollbackCandidates.filter((candidate) =>
    namesOf(candidate).some((one) => isMeant(one, name)),
  );
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only.release;
  if (others.length > 0) {
    const names = found.map(({ release }) => release).join(', ');
    throw new UsageError(`"${name}" is said of ${found.length} releases: ${names}`);
  }
  const bad = quarantinedMeant(record, name);
  if (bad !== undefined) {
    throw new UsageError(
      `"${name}" is quarantined, and a rollback goes to a proven release; if you mean it: slipway unquarantine ${record.id} ${bad} --because "…", then deploy its image`,
    );
  }
  throw new UsageError(
    `no proven release is "${name}"${nearestCounted(name, [
      ...new Set(rollbackCandidates.flatMap((candidate) => namesOf(candidate).slice(0, 3))),
    ])}`,
  );
}

/** Its digest, where the name is that of an image that was condemned: by tag of the newest one alone. */
export function quarantinedMeant(
  { quarantine, condemnedRevisions, newest, lastEnded }: TargetRecord,
  name: string,
): string | undefined {
  const isBad = (digest: string) => quarantine.some((entry) => entry.digest === digest);
  const offered = Object.values(newest).find(
    ({ digest, label }) => isBad(digest) && label?.split(' ')[0]?.endsWith(`:${name}`) === true,
  );
  const condemned = condemnedRevisions
    .filter(({ revision }) => revisionName(revision) === name)
    .flatMap(({ digests }) => digests);
  const ended = Object.values(lastEnded?.images ?? {}).find(
    ({ digest, tags }) => isBad(digest) && tags.includes(name),
  );
  const known = quarantine.map(({ digest }) => digest).find((digest) => isMeant(digest, name));
  return offered?.digest ?? ended?.digest ?? condemned.find(isBad) ?? known;
}

function namesOf({ release, revision, images }: RollbackCandidate): readonly string[] {
  const each = (name: (image: Image) => string | undefined) =>
    Object.values(images as ImageSet).flatMap((image) => name(image) ?? []);
  return [
    release,
    revisionName(revision),
    ...each(({ tags }) => tags[0]),
    lastPart(release),
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
