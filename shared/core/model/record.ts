/** Everything that we remember about one target. One DynamoDB item; at rest it is under 36 KB. */
import type { Announcement } from './announcement.ts';
import type { PendingApproval, ReleaseWord } from './approval.ts';
import type { ShiftCourse } from './balancer.ts';
import type { Event } from './event.ts';
import type {
  ContainerName,
  Image,
  ImageSet,
  Moment,
  TargetKey,
  TaskDefinitionArn,
} from './image.ts';
import type { AlarmRise, Judged } from './observation.ts';
import type { Order } from './order.ts';
import type { Rules } from './rules.ts';
import type { Standing } from './standing.ts';

export const RECORD_FORMAT = 2;
export const ROLLBACK_CANDIDATES_MAX = 10;
export const QUARANTINE_MAX = 100;
/** Two weeks: a hold that nobody ends must not be forgotten for longer. */
export const HOLD_MINUTES_MAX = 14 * 1440;

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

/** What is on its way. What a person must do, and that a target left the config, stand beside it. */
export type Phase = Idle | Forward | Back | Baking | External;

/** A release of ours that is on its way, or baking. */
export function ownRelease(phase: Phase): Forward | Baking | undefined {
  switch (phase.phase) {
    case 'idle':
      return undefined;
    case 'deploying':
      return phase.goal === 'forward' ? phase : undefined;
    case 'baking':
      return phase.of === 'release' ? phase : undefined;
  }
}

export function backOf(phase: Phase): Back | undefined {
  return phase.phase === 'deploying' && phase.goal === 'back' ? phase : undefined;
}

/** Nothing of ours is on its way. Before the first look nothing is known of what runs, either. */
export interface Idle {
  readonly phase: 'idle';
}

/** A release of ours is on its way, until ECS says how it ended. */
export interface Forward {
  readonly phase: 'deploying';
  readonly goal: 'forward';
  readonly release: Release;
  readonly attempt: Attempt;
}

/** ECS says SUCCESSFUL; the release is watched until it is proven. */
export interface Baking {
  readonly phase: 'baking';
  readonly of: 'release';
  readonly release: Release;
  readonly attempt: Attempt;
  readonly rollout: FoundRollout;
  /** ECS's `finishedAt`: the bake begins here. */
  readonly succeededAt: Moment;
  /** How long its slowest alarm takes to judge, as CloudWatch told it last. */
  readonly judgesInMs?: number;
  /** Why the bake goes on past its end. */
  readonly extendedBecause?: string;
  /** Nothing runs, so nothing can be proven; the bake begins when tasks run. */
  readonly empty?: true;
  /** When tasks were first seen, if nothing ran before: what alarms saw before is not of this release. */
  readonly servesSince?: Moment;
}

/** Somebody else's deployment, or what ran before us: watched, and adopted when it proves itself. */
export interface External {
  readonly phase: 'baking';
  readonly of: 'external';
  readonly revision: TaskDefinitionArn;
  /** `createdAt` of its PRIMARY deployment: the window of its alarms begins here. */
  readonly createdAt: Moment;
  /** Our clock when we began to watch it. */
  readonly since: Moment;
  /** Our clock when it was first seen complete and steady. */
  readonly steadyAt?: Moment;
  /** Minutes from steady to adopted; 0 for what ran before us. */
  readonly bakeMinutes: number;
  readonly evidence: Evidence;
}

/** A condemned release must go: a rollback is a rollout with another goal. */
export interface Back {
  readonly phase: 'deploying';
  readonly goal: 'back';
  readonly condemned: Condemned;
  readonly since: Moment;
  readonly step: RollbackStep;
  /** Rungs that could not be used this time, and why. */
  readonly skipped: readonly Skipped[];
  /** Rollbacks of ours that were started for it. */
  readonly started: number;
}

/** A person is needed; a newer push helps too. */
export interface NeedsAttention {
  readonly because: string;
  /** What the person can do, as it was told. */
  readonly next?: string;
  readonly since: Moment;
  /** Nothing is there that could be driven: neither is anything known of what runs. */
  readonly gone?: true;
  /** The rollback that is still tried meanwhile. */
  readonly stillTried?: { readonly condemned: Condemned; readonly nextAt: Moment };
  /** Nothing can be returned to; it is over when what runs is adopted. */
  readonly untilAdopted?: true;
  /** A rollback would fail now: it is over when it would not. */
  readonly unprepared?: true;
  /** ECS waits for our hook, and will not for long: it is over when it goes on. */
  readonly waits?: true;
  /** The load balancer does not do what ECS says: it is over when it does. */
  readonly traffic?: true;
}

export interface WaysBack {
  readonly checkedAt: Moment;
  /** What a person who looks cannot see: the settings of the stack are not in the config. */
  readonly forbidden?: readonly Pick<Skipped, 'revision' | 'because'>[];
}

/** One image, or one set for several containers, on its way to one target. */
export interface Release {
  /** `<target key>/<number>`, also the tag `slipway:release` of its revision. */
  readonly id: string;
  readonly images: ImageSet;
  readonly rules: Rules;
  readonly startedAt: Moment;
  /** The person who asked for it, if one did; as SQS says it, for who may approve it. */
  readonly by?: string;
  readonly sender?: string;
  /** A person's word that is wanted; absent: none is. */
  readonly word?: ReleaseWord;
  /** Alarms that were red when it started, so that they could not guard it. */
  readonly redAtStart?: readonly string[];
  readonly evidence: Evidence;
}

/** What spoke against a release so far. */
export interface Evidence {
  /** Those that count, as far as its window is known. */
  readonly rises: readonly AlarmRise[];
  /** The newest failed tasks. */
  readonly failures: readonly TaskFailure[];
  /** Ids of failed tasks that were counted, newest last: ECS lists them for an hour. */
  readonly counted?: readonly string[];
  /** When the newest of them stopped: its tasks have stood since then. */
  readonly lastFailedAt?: Moment;
  /** What the judge said last: when it looked, and since when it says so. */
  readonly judged?: Judged & { readonly at: Moment; readonly since: Moment };
  /** Of `rises`, those that came while both revisions suffered: they tell of both. */
  readonly heldRises?: readonly Pick<AlarmRise, 'alarm' | 'at'>[];
  /** When an alarm was last seen red that had been red before the release. */
  readonly redBeforeAt?: Moment;
  /** All failed tasks, those that are no longer listed too. */
  readonly failed: number;
}

export interface TaskFailure {
  readonly task: string;
  readonly because: string;
  /** What failed of it, where that is certain. */
  readonly container?: ContainerName;
}

/** Our way to have ECS run one revision. */
export interface Attempt {
  /** What the containers get. */
  readonly images: ImageSet;
  /** The definition that is copied. */
  readonly base: TaskDefinitionArn;
  /** Who registers, since when: a later look searches before it registers again. */
  readonly register?: { readonly at: Moment; readonly observation: string };
  readonly revision?: TaskDefinitionArn;
  readonly migration?: MigrationRun;
  readonly request?: RolloutRequest;
  readonly rollout?: FoundRollout;
  /** Of a strategy that shifts traffic behind a load balancer. */
  readonly course?: ShiftCourse;
}

/** The one-off task before the rollout. */
export interface MigrationRun {
  /** When it was asked for first, and last; our clock. */
  readonly at: Moment;
  readonly lastAt: Moment;
  /** The look whose handler makes the call. */
  readonly observation: string;
  /** ARN; absent: ECS has not said that it runs. */
  readonly task?: string;
  readonly succeededAt?: Moment;
}

export interface RolloutRequest {
  /** The first time, our clock: a rollout created after it (less the margin) is ours. */
  readonly at: Moment;
  /** The look whose handler makes the call. */
  readonly observation: string;
  /** The newest time. */
  readonly lastAt: Moment;
  /** Requests of which nobody knows what became: a throttled one is known to have done nothing. */
  readonly count: number;
  /** AWS answered the newest one that it could not take it now. */
  readonly deferred?: Deferred;
  /** ECS may roll this back by itself: its last completed deployment was a proven one. */
  readonly ecsRollsBack: boolean;
  /** Nothing was proven then: ECS's own rollback is left as the owner of the service set it. */
  readonly asOwnerSet?: true;
  /** ECS refused the alarms that the service brought along: it is asked without them. */
  readonly withoutAlarms?: true;
  /** A look that found no rollout of ours. */
  readonly missedAt?: Moment;
  /** It is announced once, when ECS answered or when the rollout was found. */
  readonly announced?: true;
}

export interface Deferred {
  readonly at: Moment;
  readonly because: string;
  readonly carriedOut: 'no' | 'unknown';
}

export interface FoundRollout {
  readonly arn: string;
  readonly serviceRevision: string;
  readonly createdAt: Moment;
}

/** What must go, and why. */
export interface Condemned {
  /** Its release, if it is one of ours and not the trace of a late call. */
  readonly release?: string;
  readonly images: ImageSet;
  /** The containers whose images are quarantined; absent: all of them; empty: what failed is not of the release. */
  readonly blamed?: readonly ContainerName[];
  readonly revision?: TaskDefinitionArn;
  readonly because: string;
  /** They must be OK before the next release starts. */
  readonly alarms: readonly string[];
  readonly rollbackMinutes: number;
  /** Of an alarm: when it rose, or since when its data breach. */
  readonly roseAt?: Moment;
  readonly innocent?: Innocent;
  /** The release that a person chose to return to. */
  readonly to?: string;
  /** Whether that can be had is asked first: until then nothing is quarantined, and nothing has changed. */
  readonly ifThere?: true;
}

/**
 * Why no image of what must go is to blame. `before-it`: what speaks against it was so before it came, and
 * it comes again by itself; all others wait for a person. `beside-it`: what failed is none of its containers,
 * and would fail again. `no-word`: nobody said the word that it waited for. `incomparable`: there was nothing
 * to compare it with, so an outage would have looked the same.
 */
export type Innocent = 'before-it' | 'beside-it' | 'no-word' | 'incomparable';

export type RollbackStep =
  /** ECS is asked to stop and return, and is watched. */
  | { readonly step: 'stopping'; readonly attempt: Attempt; readonly stop?: Stop }
  /** The newest usable candidate is sought; `returnedTo`: where ECS went by itself. */
  | { readonly step: 'selecting'; readonly returnedTo?: TaskDefinitionArn }
  /** Our own rollout of a candidate. */
  | {
      readonly step: 'redeploying';
      readonly candidate: RollbackCandidate;
      readonly attempt: Attempt;
      readonly since: Moment;
    };

/** The newest call of StopServiceDeployment, and the look whose handler makes it. */
export interface Stop {
  readonly at: Moment;
  readonly observation: string;
  readonly rollout: string;
}

export interface Skipped {
  readonly revision: TaskDefinitionArn;
  readonly because: string;
  /** Its revision or its image is gone: no person could bring it back either. */
  readonly gone?: true;
}

/** A proven release: a place to return to. */
export interface RollbackCandidate {
  readonly release: string;
  readonly revision: TaskDefinitionArn;
  /** Digests of the containers that the config names. */
  readonly images: ImageSet;
  /** The containers whose images came with this release; none for what was adopted. */
  readonly changed: readonly ContainerName[];
  /** Its definition names digests; otherwise a return registers a pinned copy. */
  readonly pinned: boolean;
  readonly provenAt: Moment;
  /** Its window: an alarm that rose inside it, heard late, withdraws *proven*. Absent when adopted. */
  readonly window?: {
    readonly from: Moment;
    readonly to: Moment;
    readonly judgedAt?: Moment;
    /** Alarms that had no data in all of that time, so that they proved nothing. */
    readonly unmeasured?: readonly string[];
    readonly alarms: readonly string[];
  };
}

export interface Running {
  readonly revision: TaskDefinitionArn;
  readonly images: ImageSet;
  /** `createdAt` of the deployment that brought it: what a stale look shows is older. */
  readonly since: Moment;
}

/** Why stands in its own item: a hundred sentences would not fit into the record. */
export interface Quarantined {
  readonly digest: string;
  readonly at: Moment;
  /** What it was built from, of the newest: `shop/web@8f3c2a1b9d04`. Built again, it is as bad. */
  readonly source?: string;
}

export interface Waiting {
  readonly image: Image;
  readonly order?: Order;
  readonly since: Moment;
  readonly by?: string;
  readonly sender?: string;
  /** Told once: why it does not start, and since when. */
  readonly held?: Held;
}

export interface Unplaced {
  readonly image: Image;
  /** Those that take it, once its place is known. */
  readonly containers: readonly ContainerName[];
  /** ECR's `imagePushedAt`. */
  readonly pushedAt: Moment;
  readonly heardFrom: 'event' | 'sweep';
  readonly since: Moment;
  readonly because: string;
  /** Told once, and asked once. */
  readonly announced?: true;
  readonly escalated?: true;
}

export interface Held {
  readonly reason: HoldReason;
  readonly because: string;
  readonly since: Moment;
  /** This image waited too long, by itself, and a person was asked. */
  readonly escalated?: true;
}

export interface HoldClock {
  /** Alarms that are red in turns are one hold, or it would never end. */
  readonly gate: Exclude<HoldReason, 'clearing'>;
  readonly since: Moment;
  /** The hold outlasted its minutes, and a person was asked. */
  readonly escalated?: true;
}

export type HoldReason =
  | 'person'
  | 'alarm'
  | 'clearing'
  | 'undelivered'
  | 'gone'
  | 'quarantine'
  | 'scan'
  | 'signature'
  | 'registry'
  | 'approval'
  | 'strategy'
  | 'balancer'
  | 'balancer-unknown';

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

export interface Hold {
  readonly by: string;
  readonly because: string;
  readonly since: Moment;
  /** It ends by itself then; absent: a person ends it. */
  readonly until?: Moment;
}

/**
 * `again`: the same digest may be offered once more, since a person lifted its quarantine, or what
 * was wrong was not the image. `push`: by a push alone, or the sweep would have it refused for ever.
 */
export type NewestImage = Order & {
  readonly again?: true | 'push';
  /** For people: `shop/web:main-8f3c2a1 (sha256:7f5b2640fe6f)`. */
  readonly label?: string;
};

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

export interface Outbox {
  readonly announcements: readonly Announcement[];
  readonly history: readonly HistoryEntry[];
  readonly quarantine: readonly QuarantineChange[];
}

export interface HistoryEntry {
  readonly sequence: number;
  readonly event: Event;
  readonly because: string;
  readonly phase: Standing;
  /** What this decision announced: the course of a release can be told from the history alone. */
  readonly announcements?: readonly Announcement[];
}

export type QuarantineChange =
  | ({ readonly change: 'added'; readonly because: string } & Quarantined)
  | { readonly change: 'lifted'; readonly digest: string };
