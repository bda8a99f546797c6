/** What an observation of a target must find out, and what it found: the answers, and nothing more. */

import type { GroupPair, ObservedRules } from './balancer.ts';
import type { ObservedFile } from './definition/file.ts';
import type {
  ContainerName,
  Image,
  ImageDigest,
  ImageSet,
  Moment,
  TaskDefinitionArn,
} from './image.ts';
import type { Json } from './json.ts';
import type { Order } from './order.ts';
import type { RollbackCandidate } from './record/candidate.ts';
import type { Hold } from './record/waiting.ts';
import type { Promotion, Severity } from './rules.ts';

/** Only what the record's phase needs: each answer is a call. Made by `questionFor`. */
export interface Question {
  /** Service deployments since then, with their revisions; `known` spares DescribeServiceRevisions. */
  readonly rollouts?: {
    readonly since: Moment;
    readonly known: Readonly<Record<string, TaskDefinitionArn>>;
  };
  /** How far has this rollout come in its shift? */
  readonly shift?: string;
  /** Did somebody stop the whole account? Asked where a release could begin. */
  readonly stop?: true;
  /** The containers of the PRIMARY's task definition. */
  readonly definition?: true;
  /** What does the task definition in git say at the commit of this image? */
  readonly definitionFile?: Image;
  /** The digests that the PRIMARY really runs. */
  readonly images?: true;
  /** States of these alarms. */
  readonly alarms?: readonly string[];
  /** Every rise of these alarms since then. */
  readonly rises?: { readonly alarms: readonly string[]; readonly since: Moment };
  /** Stopped tasks of the service that ran this revision, or another of its family. */
  readonly stoppedTasks?: TaskDefinitionArn;
  /** Those that had stopped before are left out: the same revision had another deployment then. */
  readonly stoppedSince?: Moment;
  /** What does the judge say of the release of this service revision? Its rollout began at `since`. */
  readonly judge?: {
    readonly serviceRevision: string;
    readonly since: Moment;
    readonly names: { readonly old: string; readonly new: string };
    /** ARNs: into which group each production rule was to bring the traffic, as it stood before the release. */
    readonly into?: Readonly<Record<string, string>>;
    /** Answers that take longer are slow, and judged as well. */
    readonly slowMs?: number;
  };
  /** How does it answer requests of our own at the test listener? `name`: of its revision, for people. */
  readonly ownRequests?: { readonly name: string };
  /** It was returned, since it could not be compared: does what ran before fail as well, since `backAt`? */
  readonly aftermath?: NonNullable<Question['judge']> & { readonly backAt: Moment };
  /** Did the answer to a RegisterTaskDefinition get lost? The newest revisions are searched for this tag. */
  readonly lostRevision?: { readonly base: TaskDefinitionArn; readonly release: string };
  /** How goes its migration? Where its log is to be read, if it may be. */
  readonly migration?: {
    readonly task: string;
    readonly container: ContainerName;
    readonly logGroup?: string | undefined;
  };
  /** Could we return to this one? */
  readonly rollbackTo?: RollbackCandidate;
  /** What do the load balancers of the service do? */
  readonly weights?: true;
  /** And where are the targets behind them? Beside `weights`. */
  readonly targets?: true;
  /** Would a rollback work now, and one to what runs? Asked once an hour. */
  readonly waysBack?: true;
  /** Are these still in the registry? */
  readonly waiting?: readonly Image[];
  /** Where do the commits of these stand? */
  readonly places?: readonly Image[];
  /** What did the scans of these find? */
  readonly scans?: readonly Image[];
  /** Are these signed by whom the rules name? */
  readonly signatures?: readonly Image[];
  /** What have other targets made of these images? */
  readonly proofs?: { readonly targets: Promotion['targets']; readonly images: readonly Image[] };
}

/** Made by `shared/reconcile/observe.ts`. */
export interface Observation {
  /** Names this look: who asked ECS for a rollout after which look. */
  readonly id: string;
  /** Our clock when the look began, so that nothing seen is older than it says. */
  readonly at: Moment;
  readonly question: Question;
  /** Announcements that the record owed when the look began. */
  readonly undelivered: number;
  /** Somebody stopped the whole account, if `question.stop` asked. */
  readonly stop?: Hold;
  readonly service: ObservedService;
  /** Service deployments created since `question.rollouts.since`, newest first. */
  readonly rollouts?: readonly ObservedRollout[];
  readonly shift?: ObservedShift;
  /** The task definition that the service's PRIMARY deployment names. */
  readonly definition?: ObservedDefinition;
  readonly definitionFile?: ObservedFile;
  readonly alarms?: Readonly<Record<string, ObservedAlarm>>;
  /** Every time that an alarm rose since `question.rises.since`. */
  readonly rises?: Readonly<Record<string, ObservedRises>>;
  /** Alarms that a rule mutes now, of those that rose unheard; since when that rule is as it is. */
  readonly mutedSince?: Readonly<Record<string, Moment>>;
  /** Stopped tasks of this service that ECS still lists, oldest first. */
  readonly stoppedTasks?: readonly StoppedTask[];
  /** How many of that revision failed, of those that ECS still lists: more than are told. */
  readonly failedTasks?: number;
  readonly rollbackTo?: ObservedCandidate;
  /** What runs, and the places to return to, newest first, until two of them can be had. */
  readonly waysBack?: readonly ObservedWay[];
  /** The production rules of the service; none where it has no load balancer that can shift. */
  readonly balancer?: ObservedRules;
  readonly judged?: Judged;
  readonly ownRequests?: ObservedOwnRequests;
  readonly aftermath?: ObservedAftermath;
  readonly lostRevision?: { readonly found?: TaskDefinitionArn };
  readonly migration?: ObservedTask;
  readonly waiting?: Readonly<Record<ImageDigest, ImageState>>;
  /** Of the images that wait for their place. */
  readonly places?: Readonly<Record<ImageDigest, ObservedPlace>>;
  readonly scans?: Readonly<Record<ImageDigest, ObservedScan>>;
  readonly signatures?: Readonly<Record<ImageDigest, ObservedSignature>>;
  /** By the names of those targets. */
  readonly proofs?: Readonly<Record<string, Readonly<Record<ImageDigest, Proof>>>>;
}

/** What another target has made of an image; absent: nothing, and `newest` is what it was offered last. */
export type Proof =
  | { readonly state: 'proven'; readonly at: Moment }
  | { readonly state: 'trial' | 'condemned' }
  | { readonly state: 'absent'; readonly newest?: Order }
  /** The record of another pipeline could not be read. */
  | { readonly state: 'unknown'; readonly because: string };

/** What the judge says of a release: docs/judge.md has its states. */
export interface Judged {
  /**
   * `unmeasured`: it cannot be judged, and `because` says why. `disputed`: which target group is whose, ECS tells
   * otherwise than the load balancer, so nothing that they counted is read.
   */
  readonly state:
    | 'condemned'
    | 'alone'
    | 'alike'
    | 'suspicious'
    | 'harmless'
    | 'waiting'
    | 'unmeasured'
    | 'disputed';
  /** In counts, for people. */
  readonly because: string;
  /** It does not fail five points more than what ran before, whatever that fails. */
  readonly isNotWorse?: true;
  /** The minute of the first new request, and the end of the newest minute that was counted. */
  readonly from?: Moment;
  readonly to?: Moment;
}

/** How the new revision answered us, before anybody met it. */
export interface ObservedOwnRequests {
  /** unmeasured: they reached nobody who could answer for it, and `because` says why. */
  readonly state: 'good' | 'bad' | 'unmeasured';
  /** In counts, for people. */
  readonly because: string;
}

/** What ran before has all the traffic again. */
export interface ObservedAftermath {
  /** alike: it fails as well. worse: it does not, in five minutes. untold: nobody can tell. */
  readonly state: 'alike' | 'worse' | 'untold' | 'waiting';
  /** In counts, for people. */
  readonly because: string;
  /** Of `alike`: it is over. */
  readonly isCalm?: true;
}

/** none: it is not known to come from a commit, so its place is that of its push. */
export type ObservedPlace =
  | ({ readonly state: 'placed' } & Pick<Order, 'by' | 'rank'>)
  | { readonly state: 'waits'; readonly because: string }
  | { readonly state: 'none' };

/** The service is there, and ours to drive. */
export type StandingObservation = Observation & {
  readonly service: Extract<ObservedService, { state: 'found' }>;
};

export type ObservedService =
  | { readonly state: 'missing'; readonly because: string }
  | ({ readonly state: 'found' } & FoundService);

export interface FoundService {
  /** ACTIVE, DRAINING or INACTIVE. */
  readonly status: string;
  /** ECS, CODE_DEPLOY or EXTERNAL. */
  readonly controller: string;
  readonly schedulingStrategy: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly primary: PrimaryDeployment;
  /** How many entries `deployments[]` has: more than one means that something is in flight. */
  readonly deployments: number;
  /** Where its requests come from; absent: neither a load balancer nor Service Connect. */
  readonly traffic?: {
    readonly balancers: number;
    /** Those that name a second target group and the rule that moves between both. */
    readonly shiftable: number;
    /** What those name; absent: none. */
    readonly pairs?: readonly GroupPair[];
    readonly connects: boolean;
  };
  /** As DescribeServices returned it, unknown keys included. */
  readonly deploymentConfiguration: Readonly<Record<string, Json>>;
}

/** A service as DescribeServices answers, with all of its deployments. */
export interface ServiceNow {
  /** ACTIVE, DRAINING or INACTIVE. */
  readonly status: string;
  readonly desired: number;
  readonly byDeployment: readonly DeploymentNow[];
}

export interface DeploymentNow {
  readonly revision: string;
  /** PRIMARY, ACTIVE or DRAINING. */
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
}

/** The PRIMARY entry of DescribeServices' `deployments[]`. */
export interface PrimaryDeployment {
  /** `ecs-svc/<number>` */
  readonly id: string;
  readonly revision: TaskDefinitionArn;
  readonly createdAt: Moment;
  readonly rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly desired: number;
  readonly running: number;
  readonly failedTasks: number;
  /** ECS says that it is rolling back to it. */
  readonly returnedByEcs?: true;
  /** What really runs in each container, if `question.images` asked and ECS has resolved it. */
  readonly images?: ImageSet;
  /** ECR's `imagePushedAt` of `images`, where it tells: asked while no push is remembered. */
  readonly pushedAt?: Readonly<Record<ContainerName, Moment>>;
  /** Of these it was asked, and ECR did not answer. */
  readonly undated?: readonly ContainerName[];
  /** Its definition names digests for all of `images`. */
  readonly pinned?: boolean;
}

export type RolloutStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'SUCCESSFUL'
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED';

/** One ECS service deployment. */
export interface ObservedRollout {
  readonly arn: string;
  readonly status: RolloutStatus;
  readonly statusReason?: string;
  readonly createdAt: Moment;
  readonly finishedAt?: Moment;
  readonly serviceRevision: string;
  /** The task definition of its target service revision. */
  readonly revision: TaskDefinitionArn;
  /** Where ECS went back to, once it did. */
  readonly rolledBackTo?: TaskDefinitionArn;
}

/** A task that was run once. */
export type ObservedTask =
  /** ECS does not tell of it: not yet, or no more. */
  | { readonly state: 'unknown' }
  | { readonly state: 'runs' }
  | {
      readonly state: 'stopped';
      /** Absent: the container never ran. */
      readonly exitCode?: number;
      readonly because?: string;
      /** The last that it wrote, oldest first. */
      readonly lines?: readonly string[];
      /** Where it wrote, for a person. */
      readonly log?: string;
    };

/** A rollout that shifts traffic, as DescribeServiceDeployments tells it. */
export interface ObservedShift {
  /** An open string: ECS has brought new ones. */
  readonly stage?: string;
  /** Of the production traffic, what ECS was to give the new revision: 0 to 1; absent: not told. */
  readonly share?: number;
  /** Our lifecycle hook was asked, and has told ECS to wait. */
  readonly hookWaits: boolean;
}

export interface ObservedDefinition {
  readonly revision: TaskDefinitionArn;
  /** Image reference by container, as written in the definition. */
  readonly containers: Readonly<Record<ContainerName, string>>;
  /** Its tag of a release of Slipway, of whichever pipeline; absent: nobody's. */
  readonly release?: string;
}

export type ObservedAlarm =
  | {
      readonly state: 'OK' | 'INSUFFICIENT_DATA';
      readonly since: Moment;
      readonly judgesInMs?: number;
      /** It is OK because it had no data, and counts missing data as good. */
      readonly okForWantOfData?: true;
    }
  | {
      readonly state: 'ALARM';
      readonly since: Moment;
      /** Period x evaluation periods: until then it may rise for what lies in the last minute. */
      readonly judgesInMs?: number;
      readonly breachEndsAt?: Moment;
      readonly breachStartsAt?: Moment;
      /** A composite alarm whose actions are suppressed: `Alarm`, `WaitPeriod` … */
      readonly suppressedBy?: string;
      readonly reason: string;
      /** What the breach means, for a person: `breach/words.ts`. */
      readonly inWords?: string;
    }
  | { readonly state: 'missing' }
  | { readonly state: 'unknown'; readonly because: string };

export type ObservedRises =
  | { readonly state: 'known'; readonly rises: readonly AlarmRise[] }
  | { readonly state: 'unknown'; readonly because: string };

export interface AlarmRise {
  readonly alarm: string;
  /** CloudWatch's `state.timestamp`. */
  readonly at: Moment;
  /** End of the newest breaching period, when CloudWatch's reason tells it. */
  readonly breachEndsAt?: Moment;
  /** Start of the oldest breaching period that the reason names. */
  readonly breachStartsAt?: Moment;
  readonly reason: string;
  /** What the breach means, for a person: `breach/words.ts`. */
  readonly inWords?: string;
}

export interface StoppedTask {
  readonly id: string;
  readonly revision: TaskDefinitionArn;
  readonly startedBy?: string;
  readonly stoppedAt?: Moment;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly containers: readonly StoppedContainer[];
}

export interface StoppedContainer {
  readonly name: ContainerName;
  readonly exitCode?: number;
  readonly reason?: string;
}

/** Is the way back open? */
export type ObservedCandidate =
  | { readonly state: 'usable'; readonly revision: TaskDefinitionArn }
  /** It can be described, so its content can be registered anew. */
  | { readonly state: 'deregistered'; readonly revision: TaskDefinitionArn }
  | { readonly state: 'gone'; readonly revision: TaskDefinitionArn; readonly because: string };

/** Could we start it? `forbidden`: IAM would refuse it, by the settings that its policies are made from. */
export type ObservedWay =
  | ObservedCandidate
  | {
      readonly state: 'forbidden' | 'unknown';
      readonly revision: TaskDefinitionArn;
      readonly because: string;
    };

export type ImageState = 'present' | 'archived' | 'missing' | 'unknown';

/** The scan of the image, of the platform that the target runs. */
export type ObservedScan =
  | {
      readonly state: 'complete';
      readonly completedAt?: Moment;
      /** How many findings of each severity; those with none are left out. */
      readonly counts: Readonly<Partial<Record<Severity, number>>>;
      /** How many are above what is let through and have no exception, and the gravest of them. */
      readonly above: number;
      readonly findings: readonly Finding[];
      /** Those above that have an exception, whether it still holds or not. */
      readonly excepted: readonly Finding[];
      /** There were more than are read. */
      readonly cut?: true;
    }
  /** There will be one. */
  | { readonly state: 'pending'; readonly because: string }
  /** There is none, and none will come by itself. */
  | { readonly state: 'unavailable'; readonly because: string }
  /** More than one manifest of the index might run, so no scan speaks for it. */
  | { readonly state: 'ambiguous'; readonly because: string }
  | { readonly state: 'unknown'; readonly because: string };

export interface Finding {
  readonly id: string;
  readonly severity: Severity;
}

export type ObservedSignature =
  /** `by`: the identity in the certificate; absent when it was a key. */
  | { readonly state: 'verified'; readonly by?: string }
  | { readonly state: 'unsigned'; readonly because: string }
  | { readonly state: 'wrong'; readonly because: string }
  | { readonly state: 'unknown'; readonly because: string };
