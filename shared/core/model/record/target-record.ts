/** Everything that we remember about one target. One DynamoDB item; at rest it is under 36 KB. */
import type { PendingApproval, ReleaseWord } from '../approval.ts';
import type { ContainerName, ImageSet, Moment, TargetKey, TaskDefinitionArn } from '../image.ts';
import type { Rules } from '../rules.ts';
import type { Quarantined, RollbackCandidate } from './candidate.ts';
import type { NewestImage } from './newest.ts';
import type { Outbox } from './outbox.ts';
import type { NeedsAttention, Phase } from './phase.ts';
import type { ReturnedAlone } from './returned.ts';
import type { WaysBack } from './rollback.ts';
import type { Hold, HoldClock, Unplaced, Waiting } from './waiting.ts';

export const RECORD_FORMAT = 2;
export const ROLLBACK_CANDIDATES_MAX = 10;
export const QUARANTINE_MAX = 100;

export interface TargetRecord {
  readonly format: typeof RECORD_FORMAT;
  readonly key: TargetKey;
  /** The target's name in the config: a label. */
  readonly id: string;
  /** When it was introduced; absent: by a version that did not remember it. */
  readonly knownSince?: Moment;
  /** As configured now; a release carries the copy that it started with. */
  readonly rules: Rules;
  readonly phase: Phase;
  /** What the service runs, as far as we know; absent until the first look. */
  readonly runs?: Running;
  /** Proven releases, newest first, at most `ROLLBACK_CANDIDATES_MAX`. */
  readonly rollbackCandidates: readonly RollbackCandidate[];
  /**
   * The release below which the config says nothing is safe, and when it began; `crossedAt`: a person has
   * returned below it.
   */
  readonly boundary?: { readonly name: string; readonly at: Moment; readonly crossedAt?: Moment };
  /** Condemned digests, newest first, at most `QUARANTINE_MAX`; each is also an item of its own. */
  readonly quarantine: readonly Quarantined[];
  /** The newest image that each container was ever offered and took. */
  readonly newest: Readonly<Record<ContainerName, NewestImage>>;
  /** One slot a container, collapsed to the newest. */
  readonly waiting: Readonly<Record<ContainerName, Waiting>>;
  /** Images that wait until GitHub tells where their commit stands; absent: none. */
  readonly unplaced?: readonly Unplaced[];
  /** What was refused last: ECR and the build that pushed it tell of one image within moments. */
  readonly lastRefusal?: { readonly digest: string; readonly because: string; readonly at: Moment };
  /** How the last release ended: what a person asks first. Written where it is announced. */
  readonly lastEnded?: EndedRelease;
  /** The last release that could not be compared: what ran before is looked at, to know what it was. */
  readonly returned?: ReturnedAlone;
  readonly hold?: Hold;
  /** Commands that wait for a second person, oldest first. */
  readonly pending?: readonly PendingApproval[];
  /** The word that what waits needs before it starts: of exactly these images. */
  readonly startWord?: ReleaseWord;
  /** A person was asked; over when another phase begins. */
  readonly needsAttention?: NeedsAttention;
  /** When it was last asked whether a rollback would work, and what IAM would refuse. */
  readonly waysBack?: WaysBack;
  /** The config names it no longer: nothing is decided about it. */
  readonly retired?: true;
  /** When each alarm rose while it was muted, newest first: such a rise is no evidence, whoever tells of it again. */
  readonly mutedRises?: Readonly<Record<string, readonly Moment[]>>;
  /** Gates that are closed now, for what waits: the hold is theirs, a newer image does not begin it anew. */
  readonly holds?: readonly HoldClock[];
  /** Alarms that condemned the last release: the next one starts when they are OK. */
  readonly alarmsToClear: readonly string[];
  /** Our newest requests for a rollout, newest first: a late call of ours is known by them. */
  readonly requests: readonly RequestTrace[];
  /** Revisions of condemned releases, newest first: a late call must not bring them back. */
  readonly condemnedRevisions: readonly CondemnedRevision[];
  /** Service deployments that we followed to their end, newest first. */
  readonly finishedRollouts: readonly string[];
  /** When somebody else's revision replaced ours, newest first: twice in a day is a fight. */
  readonly takeovers: readonly Replacement[];
  /** Ids of the newest words of persons: one that is delivered twice is heard once. */
  readonly handledCommands: readonly string[];
  /** The service's own `bakeTimeInMinutes`, which a way back of ours set to 0: the next release gives it back. */
  readonly ownBakeMinutes?: number;
  /** Releases so far; the next one gets the next number. */
  readonly releases: number;
  /** When the last look began. */
  readonly observedAt?: Moment;
  /** When `tick` sends the next look; absent: at rest. */
  readonly observeAt?: Moment;
  /** The moment that is kept for its next look among all that share the account's API calls. */
  readonly turnAt?: Moment;
  /** When we last asked AWS to change something. */
  readonly actedAt?: Moment;
  /** Decisions so far: numbers the history. */
  readonly sequence: number;
  /** What must still be told to the outside. */
  readonly outbox: Outbox;
}

export interface Running {
  readonly revision: TaskDefinitionArn;
  readonly images: ImageSet;
  /** `createdAt` of the deployment that brought it: what a stale look shows is older. */
  readonly since: Moment;
  /** Somebody else deployed it, and ECR has not said yet when the images of these containers were pushed. */
  readonly undated?: readonly ContainerName[];
}

export interface EndedRelease {
  readonly kind: (typeof RELEASE_ENDS)[number];
  readonly at: Moment;
  /** Absent of what was adopted. */
  readonly release?: string;
  readonly images?: ImageSet;
  readonly revision?: TaskDefinitionArn;
  readonly because: string;
  readonly next: string;
}

/** The announcements by which a release ends, or by which a person is asked what becomes of it. */
export const RELEASE_ENDS = [
  'proven',
  'adopted',
  'rolled-back',
  'failed',
  'superseded',
  'needs-attention',
] as const;

export interface Replacement {
  readonly at: Moment;
  readonly ours: TaskDefinitionArn;
  readonly theirs: TaskDefinitionArn;
}

export interface CondemnedRevision {
  readonly revision: TaskDefinitionArn;
  readonly digests: readonly string[];
}

export interface RequestTrace {
  readonly revision: TaskDefinitionArn;
  readonly at: Moment;
}
