/** The parts that decisions about a source are made of. */
import { defined } from '../model/defined.ts';
import type { CommitSha, Moment } from '../model/image.ts';
import { ANNOUNCED_MAX, shorten } from '../model/text.ts';
import type { SourceAnnouncement, SourceAnnouncementKind } from './announcement.ts';
import type { OnRef } from './observation.ts';
import type { Offer, PlaceChange, SourceRecord, Waits } from './record.ts';

/** `record` is the same object when nothing changed. */
export interface SourceDecision {
  readonly record: SourceRecord;
  /** Why, in one sentence for the log and the history. */
  readonly because: string;
}

/** With more untold than this the oldest are given up: they tell of builds, nothing hangs on them. */
const OWED_MAX = 50;

export function because(record: SourceRecord, sentence: string): SourceDecision {
  return { record, because: sentence };
}

type Facts = Pick<SourceAnnouncement, 'at' | 'commit' | 'because' | 'next'> &
  MayLack<Pick<SourceAnnouncement, 'image' | 'tag' | 'digest' | 'build' | 'logs'>>;
type MayLack<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Owes an announcement. It stays in the record until it is out. */
export function announce(
  record: SourceRecord,
  kind: SourceAnnouncementKind,
  facts: Facts,
): SourceRecord {
  const prefix = `${record.key}#${record.sequence + 1}.`;
  const before = record.outbox.announcements.filter(({ id }) => id.startsWith(prefix)).length;
  const { key, id: source, repository, ref } = record;
  const announcement: SourceAnnouncement = defined({
    id: `${prefix}${before + 1}`,
    kind,
    key,
    source,
    repository,
    ref,
    ...facts,
    because: shorten(facts.because, ANNOUNCED_MAX),
  });
  const announcements = [...record.outbox.announcements, announcement].slice(-OWED_MAX);
  return { ...record, outbox: { ...record.outbox, announcements } };
}

/** What targets will find when they ask for the place of a commit. */
export function owePlaces(record: SourceRecord, ...places: readonly PlaceChange[]): SourceRecord {
  return { ...record, outbox: { ...record.outbox, places: [...record.outbox.places, ...places] } };
}

/** How a person names a commit: `8f3c2a1`. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/** `main` of `refs/heads/main`. */
export function refName(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, '');
}

/** GitHub has not said it, once more. `isUnanswered`: it could not be asked, and that is told. */
export function waitsAgain(
  before: Waits | undefined,
  why: string,
  at: Moment,
  isUnanswered: boolean,
): Waits {
  const told = before?.told === true || isUnanswered ? true : undefined;
  return defined({ at, failures: (before?.failures ?? 0) + 1, because: why, told });
}

/** GitHub's answer of one commit, where it is not yes. */
export function notOnRef(
  { ref }: Pick<SourceRecord, 'ref'>,
  commit: CommitSha,
  { state, because: why }: Exclude<OnRef, { state: 'on' }>,
): string {
  const [name, sha] = [refName(ref), shortCommit(commit)];
  return state === 'off'
    ? `GitHub does not have ${sha} on ${name}: ${why}`
    : `GitHub could not be asked whether ${name} has ${sha}: ${why}`;
}

/** The targets hear of an image: a tag that stood already makes no event of ECR, and events get lost. */
export function oweOffer(record: SourceRecord, offer: Offer): SourceRecord {
  const { outbox } = record;
  return { ...record, outbox: { ...outbox, offers: [...outbox.offers, offer] } };
}
