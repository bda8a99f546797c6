/** The parts that decisions are made of: the result, the announcement, the quarantine. */
import type { Announcement, AnnouncementKind, RunsNow } from './announcement.ts';
import { defined } from './defined.ts';
import { mapValues, without } from './entries.ts';
import {
  type ContainerName,
  describeImages,
  digestsOf,
  holdsAny,
  type ImageSet,
  type Moment,
  revisionName,
  sourceOf,
  type TaskDefinitionArn,
  waitingImages,
} from './image.ts';
import { asSeen } from './record/as-seen.ts';
import type { Quarantined, RollbackCandidate } from './record/candidate.ts';
import { isQuarantined, provenAs } from './record/known.ts';
import { type NeedsAttention, ownRelease, type Phase } from './record/phase.ts';
import type { Release } from './record/release.ts';
import {
  type EndedRelease,
  QUARANTINE_MAX,
  RELEASE_ENDS,
  ROLLBACK_CANDIDATES_MAX,
  type Running,
  type TargetRecord,
} from './record/target-record.ts';
import { ANNOUNCED_MAX, shorten } from './text.ts';

/** `record` is the same object when nothing changed. */
export interface Decision {
  readonly record: TargetRecord;
  /** Why, in one sentence for the log and the history. */
  readonly because: string;
  /** Another phase was entered, and the same observation may judge it. */
  readonly entered?: true;
}

/** How many revisions, asks and rollouts of the past are kept to recognise late calls. */
const TRACES_MAX = 10;
/** With more untold than this, advice makes way; the end of a release never does. */
const OWED_MAX = 20;
/** Of so many quarantined images it is known what they were built from. */
const SOURCES_MAX = 20;
/** After these something proven runs, and whoever owns the infrastructure may want to read what. */
const PUBLISHED: readonly AnnouncementKind[] = ['adopted', 'proven', 'rolled-back'];

export function because(record: TargetRecord, sentence: string): Decision {
  return { record, because: sentence };
}

/** With no sentence, what the observation leads to there says why. */
export function entered(record: TargetRecord, sentence = ''): Decision {
  return { record, because: sentence, entered: true };
}

/** The same phase goes on: what a person was asked stays asked. */
export function inPhase(record: TargetRecord, phase: Phase): TargetRecord {
  return { ...record, phase };
}

/** Another phase begins, or the same anew: what a person was asked before is over. */
export function enter(record: TargetRecord, phase: Phase): TargetRecord {
  return { ...withoutAttention(record), phase };
}

/** What a person was asked is over. */
export function withoutAttention({ needsAttention: _, ...rest }: TargetRecord): TargetRecord {
  return rest;
}

/** Of the release that is on its way or bakes, this is changed. */
export function withRelease(record: TargetRecord, change: Partial<Release>): TargetRecord {
  const own = ownRelease(record.phase);
  return own === undefined
    ? record
    : inPhase(record, { ...own, release: { ...own.release, ...change } });
}

/** Nothing is on its way any more, and a person must act. Who calls it announces it. */
export function restAsking(record: TargetRecord, needsAttention: NeedsAttention): TargetRecord {
  return { ...enter(record, { phase: 'idle' }), needsAttention };
}

/** Never looked at since the config named it. */
export function isNew({ runs, needsAttention }: TargetRecord): boolean {
  return runs === undefined && needsAttention === undefined;
}

interface Facts {
  readonly at: Moment;
  readonly because: string;
  readonly next: string;
  readonly release?: string | undefined;
  readonly images?: ImageSet | undefined;
  readonly revision?: TaskDefinitionArn | undefined;
}

/** Owes an announcement. It stays in the record until it is out. */
export function announce(record: TargetRecord, kind: AnnouncementKind, facts: Facts): TargetRecord {
  const prefix = idPrefix(record);
  const before = announced(record);
  const runs = PUBLISHED.includes(kind) ? runsNow(record) : undefined;
  const announcement: Announcement = defined({
    id: `${prefix}${before.length + 1}`,
    kind,
    key: record.key,
    target: record.id,
    runsNow: describeRunning(record.runs) + asSeen(record, facts.at),
    runs,
    ...facts,
    because: shorten(facts.because, ANNOUNCED_MAX),
  });
  const announcements = withRoom([...record.outbox.announcements, announcement]);
  const { needsAttention: asked } = record;
  return {
    ...record,
    ...defined({
      lastEnded: endedBy(announcement) ?? record.lastEnded,
      needsAttention:
        kind === 'needs-attention' && asked !== undefined ? { ...asked, next: facts.next } : asked,
    }),
    outbox: { ...record.outbox, announcements },
  };
}

/** Undefined: it is no end of a release. What only waited, or what a person is asked about, was none. */
function endedBy(announcement: Announcement): EndedRelease | undefined {
  const { at, release, images, revision, because: why, next } = announcement;
  const kind = RELEASE_ENDS.find((end) => end === announcement.kind);
  const needsNoRelease = kind === 'adopted' || kind === 'rolled-back';
  if (kind === undefined || (release === undefined && !needsNoRelease)) return undefined;
  return defined({
    kind,
    at,
    release,
    images: images && withOneTag(images),
    revision,
    because: why,
    next,
  });
}

/** What the decision that is being made announces. */
export function announced(record: TargetRecord): readonly Announcement[] {
  const prefix = idPrefix(record);
  return record.outbox.announcements.filter(({ id }) => id.startsWith(prefix));
}

/** Of the decision that is being made. */
function idPrefix({ key, sequence }: TargetRecord): string {
  return `${key}#${sequence + 1}.`;
}

function withRoom(outbox: readonly Announcement[]): readonly Announcement[] {
  if (outbox.length <= OWED_MAX) return outbox;
  const advice = outbox.findIndex(
    ({ kind, release }) =>
      (kind === 'would-have' && release === undefined) || kind === 'held' || kind === 'refused',
  );
  return advice === -1 ? outbox : outbox.toSpliced(advice, 1);
}

function runsNow({ runs, rollbackCandidates }: TargetRecord): RunsNow | undefined {
  if (runs === undefined) return undefined;
  const { revision, images } = runs;
  const candidate = provenAs({ rollbackCandidates }, revision);
  return defined({ release: candidate?.release, revision, images: withOneTag(images) });
}

export function describeRunning(runs: Running | undefined): string {
  if (runs === undefined) return 'unknown';
  const labels = describeImages(runs.images);
  return labels === '' ? revisionName(runs.revision) : `${labels}, ${revisionName(runs.revision)}`;
}

/** The digests of these containers may not start again, and no candidate that holds one is a way back. */
export function quarantineImages(
  record: TargetRecord,
  images: ImageSet,
  revision: TaskDefinitionArn | undefined,
  sentence: string,
  at: Moment,
): TargetRecord {
  const digests: string[] = [...new Set(digestsOf(images))];
  const fresh = digests.filter((digest) => !isQuarantined(record, digest));
  const added = fresh.map((digest): Quarantined => {
    const image = Object.values(images).find((one) => one.digest === digest);
    return defined({ digest, at, source: image && sourceOf(image) });
  });
  const bad = Object.entries(record.waiting).filter(([, { image }]) =>
    digests.includes(image.digest),
  );
  const left = leave(
    record,
    bad.map(([name]) => name),
    'refused',
    { at, because: `it is quarantined: ${sentence}`, next: 'push a fix' },
  );
  return {
    ...left,
    quarantine: [...added, ...record.quarantine].slice(0, QUARANTINE_MAX).map(shortOld),
    condemnedRevisions:
      revision === undefined
        ? record.condemnedRevisions
        : [{ revision, digests }, ...record.condemnedRevisions].slice(0, TRACES_MAX),
    rollbackCandidates: record.rollbackCandidates.filter(
      (candidate) => !holdsAny(candidate.images, digests),
    ),
    outbox: {
      ...left.outbox,
      quarantine: [
        ...left.outbox.quarantine,
        ...fresh.map((digest) => ({
          change: 'added' as const,
          digest,
          at,
          because: shorten(sentence, ANNOUNCED_MAX),
        })),
      ],
    },
  };
}

/**
 * The one way out of `waiting`, but for a start: whoever pushed the image hears that it was refused,
 * or what took its place, and no status of its commit stays pending.
 */
export function leave(
  record: TargetRecord,
  containers: readonly ContainerName[],
  kind: Extract<AnnouncementKind, 'refused' | 'superseded'>,
  why: Pick<Facts, 'at' | 'because' | 'next'>,
): TargetRecord {
  const waiting = without(record.waiting, (_, name) => containers.includes(name));
  if (waiting === record.waiting) return record;
  const left = without(record.waiting, (_, name) => !containers.includes(name));
  return announce({ ...record, waiting }, kind, { ...why, images: waitingImages(left) });
}

/** A commit that is built again is built soon. */
function shortOld(entry: Quarantined, index: number): Quarantined {
  return index < SOURCES_MAX ? entry : { digest: entry.digest, at: entry.at };
}

/** Puts a candidate on top; the same revision is never on the ladder twice. */
export function addCandidate(record: TargetRecord, candidate: RollbackCandidate): TargetRecord {
  const others = record.rollbackCandidates
    .filter((other) => other.revision !== candidate.revision)
    .map(withoutUnmeasured);
  const top = { ...candidate, images: withOneTag(candidate.images) };
  return { ...record, rollbackCandidates: [top, ...others].slice(0, ROLLBACK_CANDIDATES_MAX) };
}

/** What had no data is of interest for the release after it: ten times the names would be too long. */
function withoutUnmeasured(candidate: RollbackCandidate): RollbackCandidate {
  if (candidate.window?.unmeasured === undefined) return candidate;
  const { unmeasured: _, ...window } = candidate.window;
  return { ...candidate, window };
}

/** A label is enough for what stays in the record for long. */
function withOneTag(images: ImageSet): ImageSet {
  return mapValues(images, (image) => ({ ...image, tags: image.tags.slice(0, 1) }));
}

/** Remembers that these service deployments were followed to their end. */
export function conclude(record: TargetRecord, ...rollouts: readonly string[]): TargetRecord {
  const fresh = rollouts.filter((arn) => !record.finishedRollouts.includes(arn));
  if (fresh.length === 0) return record;
  return {
    ...record,
    finishedRollouts: [...fresh, ...record.finishedRollouts].slice(0, TRACES_MAX),
  };
}

/** Remembers a request for a rollout before it is made. */
export function rememberRequest(
  record: TargetRecord,
  revision: TaskDefinitionArn,
  at: Moment,
): TargetRecord {
  return {
    ...record,
    actedAt: at,
    requests: [{ revision, at }, ...record.requests].slice(0, TRACES_MAX),
  };
}
