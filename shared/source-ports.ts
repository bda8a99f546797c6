/**
 * What the sources need of the outside world. Every method throws `TransientError` when the outcome is
 * unknown, unless it says otherwise; each says what a second identical call does.
 */

import type { CommitSha, Image, ImageDigest } from './core/model/image.ts';
import type { SourceAnnouncement } from './core/source/announcement.ts';
import type { StartBuild } from './core/source/intended-call.ts';
import type { Comparison, LostBuild, ObservedBuild, OnRef } from './core/source/observation.ts';
import type {
  PlaceChange,
  SourceHistoryEntry,
  SourceKey,
  SourceRecord,
} from './core/source/record.ts';
import type { Answer, Clock, Log, Queues } from './ports.ts';

export interface SourcePorts {
  readonly clock: Clock;
  readonly records: SourceRecords;
  readonly builds: Builds;
  readonly commits: Commits;
  readonly labels: Labels;
  readonly announcements: SourceAnnouncements;
  readonly queues: Queues;
  readonly log: Log;
}

/** The table. All reads are consistent. */
export interface SourceRecords {
  load(key: SourceKey): Promise<StoredSource | undefined>;
  /** One conditional write, as for targets: see `Records.save`. */
  save(record: SourceRecord, expected: number | undefined): Promise<'saved' | 'stale'>;
  /** Appends; an entry written twice is the same item. */
  addHistory(key: SourceKey, entries: readonly SourceHistoryEntry[]): Promise<void>;
  /** An item for each commit and for each digest; written again, the newest stays. */
  addPlaces(record: SourceRecord, places: readonly PlaceChange[]): Promise<void>;
  /** The commit that this image was made from, as a build of ours reported or GitHub confirmed. */
  commitOf(repository: string, digest: ImageDigest): Promise<CommitSha | undefined>;
}

export interface StoredSource {
  readonly record: SourceRecord;
  readonly version: number;
}

/** CodeBuild. */
export interface Builds {
  /**
   * StartBuild. A second call with one token starts nothing within five minutes; after that builds
   * are searched for first.
   */
  start(
    action: StartBuild,
    source: { key: SourceKey; repository: string },
  ): Promise<Answer<string>>;
  /** StopBuild. A build that has ended is refused or answered, both are an answer. */
  stop(id: string): Promise<Answer<undefined>>;
  /** BatchGetBuilds, at most 100. */
  states(ids: readonly string[]): Promise<Readonly<Record<string, ObservedBuild>>>;
  /** ListBuildsForProject, newest first, and BatchGetBuilds: ids of the builds with these tokens. */
  find(lost: readonly LostBuild[]): Promise<Readonly<Record<string, string>>>;
}

export type Head =
  | { readonly state: 'at'; readonly commit: string }
  | { readonly state: 'gone' }
  | Unknown;
export type Message = { readonly state: 'known'; readonly text: string } | Unknown;

export type NamedCommit =
  | { readonly state: 'known'; readonly commit: CommitSha }
  | { readonly state: 'missing' }
  | Unknown;

interface Unknown {
  readonly state: 'unknown';
  readonly because: string;
}

/** GitHub. */
export interface Commits {
  /**
   * Where `head` stands, seen from `base`: commits, or names of branches or tags. A failed call is
   * `unknown`, it does not throw.
   */
  compare(repository: string, base: string, head: string): Promise<Comparison>;
  /**
   * Does this ref have the commit now? `ref` is a whole one, so that a tag is not taken for a branch. A
   * failed call is `unknown`, it does not throw.
   */
  onRef(repository: string, commit: string, ref: string): Promise<OnRef>;
  /** What this ref points to; `known` makes the question cheap if it is that still. Does not throw. */
  head(repository: string, ref: string, known: string | undefined): Promise<Head>;
  /**
   * The commit that begins with these hex digits, 7 to 40, on whatever branch, or in a fork. Does not throw;
   * `missing`: none, or several.
   */
  named(repository: string, digits: string): Promise<NamedCommit>;
  /** The message of a commit. Does not throw. */
  message(repository: string, commit: string): Promise<Message>;
}

/** ECR: what an image says of where it comes from. Whoever may push wrote it. */
export interface Labels {
  /** BatchGetImage and GetDownloadUrlForLayer. */
  read(image: Pick<Image, 'registry' | 'repository' | 'digest'>): Promise<ImageLabels>;
}

/** `missing`: ECR has no such image. Each label as it stands there, at most 200 characters. */
export type ImageLabels =
  | { readonly state: 'read'; readonly revision?: string; readonly source?: string }
  | { readonly state: 'unreadable'; readonly because: string }
  | { readonly state: 'missing' };

export interface SourceAnnouncements {
  /** PutEvents and one log line each; told twice, the id is the same. Returns the ids that are out. */
  tell(announcements: readonly SourceAnnouncement[]): Promise<readonly string[]>;
}
