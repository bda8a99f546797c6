/** Everything that we remember about one branch or tag of a repository. One DynamoDB item, bounded. */
import type { CommitSha, ImageDigest, Moment } from '../model/image.ts';
import type { SourceAnnouncement } from './announcement.ts';
import type { SourceEvent } from './event.ts';
import type { BuildOutcome } from './observation.ts';
import type { ImageName, SourceRules } from './rules.ts';

export const SOURCE_FORMAT = 2;
/** A push that is older than so many others is known by GitHub's compare API only. */
export const COMMITS_MAX = 100;
/** Pushes that wait for GitHub's answer; the newest are the ones that count. */
export const UNPLACED_MAX = 20;
/** Deliveries that are known again. GitHub redelivers those of three days, by hand. */
export const DELIVERIES_MAX = 100;
/** Builds of one image that may run for a ref at the same time, stopped ones among them. */
export const BUILDS_MAX = 5;
/** Commits of one image that wait for GitHub's word; the newest are the ones that count. */
export const WANTED_MAX = 5;

/** `git/<owner>/<repository>/refs/heads/<branch>`, or `…/refs/tags/<tag>`. */
export type SourceKey = string;

export interface SourceRecord {
  readonly format: typeof SOURCE_FORMAT;
  readonly key: SourceKey;
  /** Its name in the config: a label. */
  readonly id: string;
  /** `acme/shop` */
  readonly repository: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly rules: SourceRules;
  /** Commits whose place is known, newest first; the first one is what the ref points to. */
  readonly commits: readonly PlacedCommit[];
  /** Pushes whose place GitHub must tell, oldest first. */
  readonly unplaced: readonly UnplacedPush[];
  /** The ref was deleted; its next push begins a new line. */
  readonly goneAt?: Moment;
  readonly builds: Readonly<Record<ImageName, ImageBuilds>>;
  /** Images of others whose commit GitHub must confirm, the next to be asked of first. */
  readonly claims?: readonly Claim[];
  readonly refused?: readonly RefusedImage[];
  /** Images of others that were taken, newest first. */
  readonly taken?: readonly TakenImage[];
  /** Ids of the newest deliveries, newest first: a second delivery of one starts nothing. */
  readonly deliveries: readonly string[];
  readonly observedAt?: Moment;
  /** When `tick` sends the next look; absent: at rest. */
  readonly observeAt?: Moment;
  /** Decisions so far: numbers the history. */
  readonly sequence: number;
  readonly outbox: SourceOutbox;
}

/**
 * Where a commit stands among those of its ref. A forced push begins a new line; inside a line a
 * higher position is newer. What is found to lie between two neighbours stands at half the way.
 */
export interface Place {
  readonly line: number;
  readonly position: number;
}

export interface PlacedCommit extends Place {
  readonly commit: CommitSha;
}

/** Where the ref went, and what is to be built of it. */
export interface RefMove {
  /** Absent: the ref was created. */
  readonly before?: CommitSha;
  readonly after: CommitSha;
  readonly forced: boolean;
  readonly by: string;
  /** The images that its paths concern. */
  readonly images: readonly ImageName[];
  /** The words that ask for no build. */
  readonly skip?: string;
  /** Of the images. */
  readonly tag: string;
  /** No delivery told of it: GitHub was asked what the ref points to. */
  readonly unheard?: true;
}

/** GitHub told of this push, and not of the one before it. */
export interface UnplacedPush extends RefMove {
  readonly since: Moment;
  /** GitHub did not answer, so many times. */
  readonly failures: number;
  /** Why, the last time. */
  readonly because?: string;
  /**
   * How it stands to what is known does not tell which of them is newer, so GitHub must tell whether
   * the ref has it: else it is heard late. `ahead`, `behind`: by so many commits.
   */
  readonly parted?: {
    readonly because: string;
    readonly ahead?: number;
    readonly behind?: number;
  };
}

export interface ImageBuilds {
  /**
   * Commits that must be built, newest first, each only when GitHub says that the ref has it: then those
   * below it make way. Until then a push that somebody forged supersedes nothing.
   */
  readonly wanted: readonly WantedBuild[];
  /** Asked for and not ended, newest first. */
  readonly running: readonly Build[];
  /** The last one that ended. */
  readonly last?: EndedBuild;
}

export interface WantedBuild {
  readonly commit: CommitSha;
  /** Of the image: `main-8f3c2a1b9d04`. */
  readonly tag: string;
  readonly since: Moment;
  /** It was looked at and could not start. */
  readonly waits?: Waits;
}

/** GitHub's word about a commit is waited for. */
export interface Waits {
  readonly at: Moment;
  /** So many times GitHub did not say that the ref has it. */
  readonly failures: number;
  readonly because: string;
  /** It was announced that it waits. */
  readonly told?: true;
}

export interface Build {
  readonly commit: CommitSha;
  readonly tag: string;
  /** Its CodeBuild project: the config may name another one, or none, before it has ended. */
  readonly project: string;
  /** The build's name for us, in its environment and as its idempotency token. */
  readonly token: string;
  /** The look whose handler makes the call, the first and the newest time. */
  readonly request: {
    readonly observation: string;
    readonly at: Moment;
    readonly lastAt: Moment;
    readonly count: number;
  };
  /** `<project>:<uuid>`, when CodeBuild answered or the build was found. */
  readonly id?: string;
  /** When it was last known to run. */
  readonly heardAt: Moment;
  /** It must stop, and why; `observation`: whose handler makes the call; `acceptedAt`: CodeBuild took it. */
  readonly stop?: {
    readonly because: string;
    readonly observation?: string;
    readonly acceptedAt?: Moment;
  };
}

export interface EndedBuild {
  readonly commit: CommitSha;
  readonly id?: string;
  readonly outcome: BuildOutcome;
  readonly because: string;
  readonly digest?: ImageDigest;
  readonly at: Moment;
}

export interface SourceOutbox {
  readonly announcements: readonly SourceAnnouncement[];
  readonly history: readonly SourceHistoryEntry[];
  readonly places: readonly PlaceChange[];
  /** Images that were built or taken: the targets hear of them even when ECR's event is lost, or never comes. */
  readonly offers: readonly Offer[];
}

export interface Offer {
  readonly registry: string;
  readonly repository: string;
  readonly digest: ImageDigest;
  readonly tag: string;
  readonly at: Moment;
}

/** Where targets find a commit's place, and an image's commit: an item each. */
export type PlaceChange =
  | ({ readonly of: 'commit'; readonly commit: CommitSha } & (
      | Place
      | { readonly waitsBecause: string }
    ))
  | { readonly of: 'digest'; readonly digest: ImageDigest; readonly commit: CommitSha };

export interface SourceHistoryEntry {
  readonly sequence: number;
  readonly event: SourceEvent;
  readonly because: string;
}

export interface Claim {
  readonly image: ImageName;
  readonly digest: ImageDigest;
  readonly tag: string;
  readonly commit: CommitSha;
  readonly since: Moment;
  /** Another commit, of which it was taken before. */
  readonly madeFrom?: CommitSha;
  /** The nearest commits that have a place, as far as GitHub was asked: it stands between them. */
  readonly newer?: CommitSha;
  readonly older?: CommitSha;
  /** It does not follow this one, which was the newest: does the ref still have that? */
  readonly parted?: CommitSha;
  readonly waits?: Waits;
}

/** An image that was not taken; it is when its commit comes to the ref after all. */
export interface RefusedImage {
  readonly image: ImageName;
  readonly digest: ImageDigest;
  readonly tag: string;
  /** Absent: neither its label nor its tag names one that GitHub knows. */
  readonly commit?: CommitSha;
  readonly because: string;
  readonly at: Moment;
  /** GitHub said nothing of it, or the config named its image no longer: it is asked of again when that changes. */
  readonly undecided?: true;
}

/** An image that was offered; it is offered again when the ref is put back to its commit. */
export type TakenImage = Pick<Claim, 'image' | 'digest' | 'tag' | 'commit'>;
