/**
 * How far an image or a release has come, for whoever stands behind it: read from the record and from
 * what was announced. It asks nothing, and says nothing that was not announced or does not stand there.
 */
import type { Announcement } from '../model/announcement.ts';
import { inWords, pendingOf } from '../model/approval.ts';
import { type Image, type ImageSet, waitingImages } from '../model/image.ts';
import { backOf, ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Hold } from '../model/record/waiting.ts';
import { withoutQuote } from '../release/quote.ts';
import { nextStepOf } from './next-step.ts';

/** What is followed: a release by its name, images by digest, or whatever was built from a commit. */
export type Followed =
  | { readonly by: 'release'; readonly release: string }
  | { readonly by: 'digests'; readonly digests: readonly string[] }
  | { readonly by: 'commit'; readonly commit: string };

export const COURSE_STATES = [
  'unknown',
  'waiting',
  'held',
  'requested',
  'accepted',
  'serving',
  'proven',
  'rolling-back',
  'rolled-back',
  'failed',
  'superseded',
  'refused',
  'watched',
  'needs-attention',
] as const;

export type CourseState = (typeof COURSE_STATES)[number];

/** In this order: ECS took it, ECS says SUCCESSFUL, it stood its bake. */
export const LEVELS = ['accepted', 'serving', 'proven'] as const;
export type Level = (typeof LEVELS)[number];

export interface Course {
  readonly state: CourseState;
  /** How far it has come; null: not even accepted, or gone again. */
  readonly reached: Level | null;
  readonly because: string;
  readonly next: string | null;
  readonly release: string | null;
  readonly images: ImageSet | null;
}

export interface CourseKnown {
  /** What was announced, oldest first. */
  readonly announcements: readonly Announcement[];
  /** Somebody holds the whole account. */
  readonly stop?: Pick<Hold, 'by' | 'because'> | undefined;
}

export function courseOf(record: TargetRecord, known: CourseKnown, followed: Followed): Course {
  return (
    onItsWay(record, followed) ??
    goingBack(record, followed) ??
    notStarted(record, known, followed) ??
    announcedOf(known.announcements, followed) ??
    restingAt(record, followed) ??
    UNKNOWN
  );
}

export function hasReached({ reached }: Course, until: Level): boolean {
  return reached !== null && LEVELS.indexOf(reached) >= LEVELS.indexOf(until);
}

/** What no target has heard of. */
export const UNKNOWN: Course = {
  state: 'unknown',
  reached: null,
  because: 'Slipway has not heard of it',
  next: null,
  release: null,
  images: null,
};

function onItsWay(record: TargetRecord, followed: Followed): Course | undefined {
  const own = ownRelease(record.phase);
  if (own === undefined) return undefined;
  const { id: release, images } = own.release;
  if (matches(followed, images, release) !== 'all') return undefined;
  const { needsAttention } = record;
  const isAccepted = own.attempt.request?.announced === true;
  const reached = own.phase === 'baking' ? 'serving' : isAccepted ? 'accepted' : null;
  const [state, because] =
    needsAttention === undefined
      ? ([reached ?? 'requested', WORDS[reached ?? 'requested']] as const)
      : (['needs-attention', plain(needsAttention.because)] as const);
  return { state, reached, because, next: nextStepOf(record, undefined).what, release, images };
}

const WORDS = {
  requested: 'its rollout is prepared and requested',
  accepted: 'ECS took the rollout and replaces the tasks',
  serving: 'ECS says SUCCESSFUL: it serves, and is watched',
} as const;

function goingBack(record: TargetRecord, followed: Followed): Course | undefined {
  const { needsAttention } = record;
  const condemned = backOf(record.phase)?.condemned ?? needsAttention?.stillTried?.condemned;
  if (condemned === undefined) return undefined;
  const { images, release } = condemned;
  if (matches(followed, images, release) !== 'all') return undefined;
  return {
    state: needsAttention === undefined ? 'rolling-back' : 'needs-attention',
    reached: null,
    because: plain(needsAttention?.because ?? condemned.because),
    next: nextStepOf(record, undefined).what,
    release: release ?? null,
    images,
  };
}

function notStarted(
  record: TargetRecord,
  { stop }: CourseKnown,
  followed: Followed,
): Course | undefined {
  const asked = pendingOf(record).find(
    ({ of: { command } }) =>
      command.do === 'deploy' && matches(followed, command.images) !== 'none',
  );
  if (asked !== undefined) {
    return {
      ...UNKNOWN,
      state: 'held',
      because: `${inWords(asked)} waits for a second person`,
      next: `another person than ${asked.by} says: slipway approve ${record.id} --of ${asked.id} --because "why"`,
    };
  }
  const waits = Object.values(record.waiting).filter(({ image }) => isMeant(followed, image));
  const unplaced = record.unplaced?.find(({ image }) => isMeant(followed, image));
  const { what } = nextStepOf(record, stop);
  if (waits.length === 0) {
    return unplaced && { ...UNKNOWN, state: 'waiting', because: unplaced.because, next: what };
  }
  const held = waits.find((one) => one.held !== undefined)?.held?.because;
  const person = stop ?? record.hold;
  const because = person === undefined ? held : `${person.by} holds it (${person.because})`;
  return {
    ...UNKNOWN,
    state: because === undefined ? 'waiting' : 'held',
    because: because ?? 'it waits its turn',
    next: what,
    images: waitingImages(record.waiting),
  };
}

/** What was announced of it last, if that is a state; a part of it that made way is the end of the whole. */
function announcedOf(
  announcements: readonly Announcement[],
  followed: Followed,
): Course | undefined {
  const last = announcements.findLast(({ kind, images = {}, release }) => {
    const how = matches(followed, images, release);
    if (kind === 'superseded' || kind === 'refused') return how !== 'none';
    return how === 'all' && kind !== 'fought' && kind !== 'retired';
  });
  if (last === undefined) return undefined;
  const { kind, because, next, release, images } = last;
  const state = STATE_OF[kind];
  return {
    state,
    reached: LEVELS.find((level) => level === state) ?? null,
    because: plain(because),
    next,
    release: release ?? null,
    images: images ?? null,
  };
}

const STATE_OF: Readonly<Record<Announcement['kind'], CourseState>> = {
  adopted: 'proven',
  started: 'accepted',
  proven: 'proven',
  'rolled-back': 'rolled-back',
  failed: 'failed',
  held: 'waiting',
  refused: 'refused',
  superseded: 'superseded',
  'needs-attention': 'needs-attention',
  'would-have': 'watched',
  fought: 'unknown',
  retired: 'unknown',
};

/** Nothing is on its way, and nothing was announced of it: it runs since long ago, or never may. */
function restingAt(record: TargetRecord, followed: Followed): Course | undefined {
  const { runs, rollbackCandidates, quarantine } = record;
  const candidate = rollbackCandidates.find(
    ({ images, release, revision }) =>
      revision === runs?.revision && matches(followed, images, release) === 'all',
  );
  if (candidate !== undefined) {
    const { release, images } = candidate;
    const because = 'it runs, and is proven';
    return { state: 'proven', reached: 'proven', because, next: null, release, images };
  }
  const bad =
    followed.by === 'digests' &&
    quarantine.find(({ digest }) => followed.digests.includes(digest))?.digest;
  if (!bad) return undefined;
  const next = `slipway unquarantine ${record.id} ${bad} --because "why", if you mean it`;
  return { ...UNKNOWN, state: 'refused', because: 'it is quarantined', next };
}

function plain(sentence: string): string {
  return withoutQuote(sentence).plain;
}

/** `all`: a release of these images is the one that is followed. */
function matches(followed: Followed, images: ImageSet, release?: string): 'all' | 'some' | 'none' {
  if (followed.by === 'release') return followed.release === release ? 'all' : 'none';
  const some = Object.values(images).filter((image) => isMeant(followed, image));
  if (some.length === 0) return 'none';
  if (followed.by === 'commit') return 'all';
  const found = new Set<string>(some.map(({ digest }) => digest));
  return followed.digests.every((digest) => found.has(digest)) ? 'all' : 'some';
}

export function isMeant(
  followed: Followed,
  {
    digest,
    commit,
    tags,
  }: Pick<Image, 'digest' | 'tags'> & { readonly commit?: { readonly sha: string } },
): boolean {
  switch (followed.by) {
    case 'release':
      return false;
    case 'digests':
      return followed.digests.includes(digest);
    case 'commit':
      return (
        commit?.sha.startsWith(followed.commit) === true ||
        tags.some((tag) => namesCommit(tag, followed.commit))
      );
  }
}

/** `main-8f3c2a1` names 8f3c2a1b9d04: of both the shorter is the beginning of the other. */
function namesCommit(tag: string, commit: string): boolean {
  const said = tag.split(/[^0-9a-zA-Z]/).filter((part) => /^[0-9a-f]{7,40}$/.test(part));
  return said.some((part) => part.startsWith(commit) || commit.startsWith(part));
}
