/**
 * ECR has an image that others built: what its label or its tag says of its commit becomes an event of the
 * core. That GitHub knows such a commit is asked here; whether the branch has it, the core has asked.
 */

import type { CommitSha } from '../../core/model/image.ts';
import { plain } from '../../core/model/text.ts';
import type { ImageFound } from '../../core/source/event.ts';
import type { SourceRecord } from '../../core/source/record.ts';
import type { ImageHeardMessage } from '../../edge/message.ts';
import { TransientError } from '../../ports.ts';
import { commitByPattern } from '../../route/find-sources.ts';
import type { ImageLabels, SourcePorts } from '../../source-ports.ts';
import type { ReconciledSource } from '../reconcile-source.ts';

/** ECR's reads may lag behind its events; after this an image that it does not know is gone. */
const ECR_CATCHES_UP_MS = 5 * 60_000;
const LABEL = 'org.opencontainers.image.revision';
const SOURCE = 'org.opencontainers.image.source';
const COMMIT = /^[0-9a-f]{7,40}$/;

type Says = ImageFound['says'];
type Source = Pick<ReconciledSource, 'key' | 'repository' | 'ref' | 'rules' | 'commitIn'>;

/** Undefined: it was decided of before. Throws `TransientError` when ECR, GitHub or the table is ill. */
export async function foundImage(
  source: Source,
  message: ImageHeardMessage,
  ports: SourcePorts,
): Promise<ImageFound | undefined> {
  const { records, clock, log } = ports;
  const { image, digest, tag, at, swept } = message;
  const address = source.rules.elsewhere?.[image];
  if (address === undefined) {
    log.info('ignored', {
      because: `the config names no image "${image}" that is built elsewhere`,
    });
    return undefined;
  }
  const madeFrom = await records.commitOf(source.repository, digest);
  const record = swept === undefined ? undefined : (await records.load(source.key))?.record;
  if (isDecided(record, digest)) return undefined;
  if (madeFrom !== undefined && (swept || !namesAnother(source, tag, madeFrom))) return undefined;
  const labels =
    source.commitIn?.includes('label') === true
      ? await ports.labels.read({ ...address, digest })
      : undefined;
  if (labels?.state === 'missing' && clock.now() - at < ECR_CATCHES_UP_MS) {
    throw new TransientError(
      `ECR has no image ${address.repository}@${digest} yet: the queue tries again`,
    );
  }
  const says = await saysOf(source, tag, labels, ports);
  const found = { type: 'ImageFound', at: clock.now(), image, digest, tag, says } as const;
  if (madeFrom === undefined) return found;
  return 'because' in says || says.commit === madeFrom ? undefined : { ...found, madeFrom };
}

/** A build that makes the same bits once more, as of a revert, has one image of several commits: its tags tell. */
function namesAnother({ commitIn = [], ref }: Source, tag: string, madeFrom: CommitSha): boolean {
  return commitIn.some((place) => {
    const digits = place === 'label' ? undefined : commitByPattern(place, tag, ref);
    return digits !== undefined && !madeFrom.startsWith(digits);
  });
}

/** A sweep sees the same images again and again. */
function isDecided(record: SourceRecord | undefined, digest: string): boolean {
  const refused = record?.refused?.filter(({ undecided }) => undecided === undefined) ?? [];
  return [...(record?.claims ?? []), ...refused].some((one) => one.digest === digest);
}

async function saysOf(
  source: Source,
  tag: string,
  labels: ImageLabels | undefined,
  { commits }: SourcePorts,
): Promise<Says> {
  const other = otherRepository(source, labels);
  if (other !== undefined) return { because: other };
  const name = nameIn(source, tag, labels);
  if ('because' in name) return name;
  const { digits, where } = name;
  const named = await commits.named(source.repository, digits);
  switch (named.state) {
    case 'known':
      return { commit: named.commit };
    case 'missing':
      return {
        because: `${where} names ${digits.slice(0, 12)}, and GitHub knows no such commit in ${source.repository}${where === LABEL_SAYS ? INHERITED : ''}`,
      };
    case 'unknown':
      // Whole, it can wait in the record, where people see it; of a short one it is not known what waits.
      if (digits.length === 40) return { commit: digits };
      throw new TransientError(`the commit ${digits} of ${tag} is not known: ${named.because}`);
  }
}

const LABEL_SAYS = `its label ${LABEL}`;
const INHERITED =
  '; an image has the labels of its base image, unless its own build sets them (or leave the label out of commitIn)';

interface Name {
  readonly digits: string;
  /** In words. */
  readonly where: string;
}

/** The first place that names one. */
function nameIn(
  { commitIn = [], ref }: Source,
  tag: string,
  labels: ImageLabels | undefined,
): Name | { readonly because: string } {
  for (const place of commitIn) {
    const digits = place === 'label' ? inLabel(labels) : commitByPattern(place, tag, ref);
    if (digits !== undefined) {
      return { digits, where: place === 'label' ? LABEL_SAYS : `its tag (${place})` };
    }
  }
  const patterns = commitIn.filter((place) => place !== 'label');
  const reasons = [
    ...(labels === undefined ? [] : [whyNoLabel(labels)]),
    ...(patterns.length === 0 ? [] : [`its tag is none of ${patterns.join(', ')}`]),
  ];
  return { because: `it names no commit: ${reasons.join(', and ')}` };
}

function inLabel(labels: ImageLabels | undefined): string | undefined {
  const revision = labels?.state === 'read' ? labels.revision : undefined;
  return revision !== undefined && COMMIT.test(revision) ? revision : undefined;
}

function whyNoLabel(labels: ImageLabels): string {
  switch (labels.state) {
    case 'missing':
      return 'ECR has no such image any more';
    case 'unreadable':
      return `its labels cannot be read (${labels.because})`;
    case 'read':
      return labels.revision === undefined
        ? `it has no label ${LABEL}`
        : `its label ${LABEL} is "${plain(labels.revision)}", which is no commit`;
  }
}

/** A label that names no repository of a forge says nothing of it. */
function otherRepository(
  { repository }: Source,
  labels: ImageLabels | undefined,
): string | undefined {
  const source =
    labels?.state === 'read' && inLabel(labels) !== undefined ? labels.source : undefined;
  const path = /^(?:https?:\/\/|ssh:\/\/git@|git@)[^/:]+[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
    source ?? '',
  )?.[1];
  return path === undefined || path.toLowerCase() === repository.toLowerCase()
    ? undefined
    : `its label ${SOURCE} names ${path}, not ${repository}${INHERITED}`;
}
