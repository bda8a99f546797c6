/** `slipway rollback`: to the last proven release, or to the one that is named. */
import { type Image, type ImageSet, imageLabel } from '../shared/core/model/image.ts';
import type { RollbackCandidate, TargetRecord } from '../shared/core/model/record.ts';
import { asConfigured, previewReturn } from '../shared/reconcile/preview.ts';
import type { Connection } from './speaking/connection.ts';
import type { ExitCode } from './speaking/exit.ts';
import { withProgress } from './speaking/progress.ts';
import { targetNamed } from './speaking/targets.ts';
import { nearest, UsageError } from './speaking/usage.ts';
import { sayWord } from './speaking/word.ts';
import type { WordOptions } from './speaking/word-options.ts';
import { imagesInWords, revisionName } from './speaking/words.ts';

export async function rollback(
  connection: Connection,
  word: string,
  options: WordOptions & { readonly to?: string },
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, word);
  const { aws } = connection;
  const stored = (await aws.records.load(target.key))?.record;
  const record = asConfigured(target, stored, connection.now());
  const to = options.to === undefined ? undefined : releaseMeant(record, options.to);
  const way = await withProgress('looking for the way back', () =>
    previewReturn(record, aws.eyes(), to),
  );
  const goal = way.possible
    ? `to ${rungInWords(way.candidate)}`
    : `(now: no, because ${way.because})`;
  return await sayWord(
    connection,
    target,
    {
      command: { do: 'rollback', ...(to === undefined ? {} : { to }) },
      what: `roll ${target.id} back ${goal}`,
      question: `Roll ${target.id} back ${goal}, in ${connection.place}? What it leaves is quarantined.`,
    },
    options,
  );
}

/** By its name, its number, its revision, a tag or a digest. Throws `UsageError`. */
export function releaseMeant({ rollbackCandidates }: TargetRecord, word: string): string {
  const found = rollbackCandidates.filter((candidate) =>
    namesOf(candidate).some((name) => isMeant(name, word)),
  );
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only.release;
  if (others.length > 0) {
    const names = found.map(({ release }) => release).join(', ');
    throw new UsageError(`"${word}" is said of ${found.length} releases: ${names}`);
  }
  throw new UsageError(
    `no proven release is "${word}"${nearest(word, [
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

function rungInWords({ images, revision }: RollbackCandidate): string {
  return `${imagesInWords(images)} (${revisionName(revision)})`;
}
