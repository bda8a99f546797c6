/**
 * The outside world on one page. Reads may be stale (ECS, alarms) unless they say otherwise.
 * Every method throws `TransientError` when the outcome is unknown or the world did not answer;
 * each says what a second identical call does.
 */

import type { RunMigration, StartRollout } from './core/model/action.ts';
import type { Announcement } from './core/model/announcement.ts';
import type {
  Commit,
  ContainerName,
  Image,
  ImageDigest,
  ImageSet,
  Moment,
  TargetKey,
  TaskDefinitionArn,
} from './core/model/image.ts';
import type {
  FoundService,
  ImageState,
  ObservedAlarm,
  ObservedDefinition,
  ObservedRises,
  ObservedRollout,
  ObservedScan,
  ObservedShift,
  ObservedSignature,
  ObservedTask,
  Question,
  StoppedTask,
} from './core/model/observation.ts';
import type { HistoryEntry, QuarantineChange } from './core/model/record/outbox.ts';
import type { TargetRecord } from './core/model/record/target-record.ts';
import type { Hold } from './core/model/record/waiting.ts';
import type { Elsewhere, Hook, ScanRules, SignatureRules } from './core/model/rules.ts';
import type { JsonRecord } from './core/release/definition/containers.ts';
import type { Overlay } from './core/release/task-definition.ts';
import type { Place } from './core/source/record.ts';
import type { Balancers, ObservedArms, RequestCounts, TestListener } from './traffic-ports.ts';

export interface Ports {
  readonly clock: Clock;
  readonly records: Records;
  readonly services: Services;
  readonly alarms: Alarms;
  readonly balancers: Balancers;
  readonly requestCounts: RequestCounts;
  /** Absent: of a person who only looks. */
  readonly testListener?: TestListener;
  readonly images: Images;
  readonly scans: Scans;
  readonly signatures: Signatures;
  readonly commits: CommitPlaces;
  /** Absent: no target has its task definition in git, or nobody here may read it. */
  readonly definitions?: Definitions;
  readonly announcements: Announcements;
  readonly budget: Budget;
  readonly log: Log;
  readonly recordsElsewhere?: ReadElsewhere;
}

/** The record of a target of another pipeline; `because`: it could not be read. Throws nothing. */
export type ReadElsewhere = (
  where: Elsewhere,
  key: TargetKey,
) => Promise<{ readonly record: TargetRecord | undefined } | { readonly because: string }>;

/** What a look needs: none of it changes anything. */
export type ObservationPorts = Pick<
  Ports,
  | 'clock'
  | 'alarms'
  | 'balancers'
  | 'requestCounts'
  | 'testListener'
  | 'images'
  | 'scans'
  | 'signatures'
  | 'commits'
  | 'definitions'
> & {
  readonly services: ServiceReads;
  readonly records: Pick<Records, 'load'>;
  /** Absent: who looks may not. */
  readonly recordsElsewhere?: ReadElsewhere;
};

export type ServiceReads = Omit<
  Services,
  'registerRevision' | 'runMigration' | 'startRollout' | 'stopRollout'
>;

export interface Clock {
  now(): Moment;
  /** A new name for a look or a write; never the same twice. */
  newId(): string;
  /** How long this handling may still run, in ms. */
  timeLeft(): number;
}

/** The table. All reads are consistent. */
export interface Records {
  load(key: TargetKey): Promise<Stored | undefined>;
  /** Who stopped the whole account, and why; undefined: nobody. */
  stop(): Promise<Hold | undefined>;
  /** The record's version alone: read immediately before acting. */
  version(key: TargetKey): Promise<number | undefined>;
  /**
   * One conditional write: only if the stored version is still `expected` (undefined: no record yet).
   * Carries a nonce, so that a repeated write that had succeeded is known as our own.
   */
  save(record: TargetRecord, expected: number | undefined): Promise<'saved' | 'stale'>;
  /** Appends; an entry written twice is the same item. */
  addHistory(key: TargetKey, entries: readonly HistoryEntry[]): Promise<void>;
  /** Adds or lifts items that never expire; twice is once. */
  changeQuarantine(key: TargetKey, changes: readonly QuarantineChange[]): Promise<void>;
  /** Why this digest is quarantined for this target, however long ago. */
  quarantined(key: TargetKey, digest: ImageDigest): Promise<string | undefined>;
}

export interface Stored {
  readonly record: TargetRecord;
  readonly version: number;
}

/** The platform, for one service. */
export interface ServiceRef {
  readonly cluster: string;
  readonly service: string;
}

export interface Services {
  /** DescribeServices: `undefined` when the service or its cluster does not exist. */
  describe(ref: ServiceRef): Promise<(FoundService & { serviceRevision?: string }) | undefined>;
  /**
   * ListServiceDeployments since then, newest first, and DescribeServiceRevisions for what is not known.
   * Undefined, here and below: the service or its cluster went away meanwhile, so there is no answer.
   */
  rollouts(
    ref: ServiceRef,
    since: Moment,
    known: Readonly<Record<string, TaskDefinitionArn>>,
  ): Promise<readonly ObservedRollout[] | undefined>;
  /** DescribeTasks; of a task that stopped also the last lines of its log, if that group is named. */
  migration(ref: ServiceRef, asked: NonNullable<Question['migration']>): Promise<ObservedTask>;
  /**
   * DescribeServiceDeployments: how far a rollout that shifts traffic has come; undefined: ECS does not
   * know it. `hook`: ours, of which it is told whether ECS waits for it.
   */
  shift(rollout: string, hook: Hook | undefined): Promise<ObservedShift | undefined>;
  /**
   * What the named containers really run: by DescribeServiceRevisions; of a service that ECS knows no
   * revision of, as of one last deployed before October 2024, by the digests that its definition names,
   * else by those of its running tasks, where all agree. Undefined: not resolved (yet).
   */
  runningImages(
    ref: ServiceRef,
    running: {
      readonly revision: TaskDefinitionArn;
      readonly serviceRevision?: string | undefined;
    },
    containers: readonly ContainerName[],
  ): Promise<{ images: ImageSet; pinned: boolean } | undefined>;
  /** DescribeTaskDefinition, asked once a handling for each revision. */
  definition(revision: TaskDefinitionArn): Promise<DescribedDefinition>;
  /**
   * ListTasks (STOPPED) and DescribeTasks: how many failed, and the newest ten of them, oldest first. Asked by service, ECS leaves
   * out the tasks of deployments that are over (observed), as a rolled back one is; with `of`, it is
   * asked by the revision's family, and those of that revision are found. With `since`, what had stopped before is no answer.
   */
  stoppedTasks(
    ref: ServiceRef,
    of?: TaskDefinitionArn,
    since?: Moment,
  ): Promise<{ readonly failed: number; readonly newest: readonly StoppedTask[] } | undefined>;
  /** DescribeServiceRevisions: where requests are counted by revision, and where those of this one. */
  arms(serviceRevision: string): Promise<ObservedArms>;
  /** The five newest revisions of the family of `base`, searched for the tag `slipway:release`. */
  findRevision(base: TaskDefinitionArn, release: string): Promise<TaskDefinitionArn | undefined>;

  /** RegisterTaskDefinition. A second call makes a second revision: retried on throttling only. */
  registerRevision(
    base: TaskDefinitionArn,
    images: ImageSet,
    tags: Readonly<Record<string, string>>,
    overlay?: Overlay,
  ): Promise<Answer<TaskDefinitionArn>>;
  /**
   * RunTask, where the tasks of the service run: its network, its launch type or capacity provider. A second
   * call with the same token is the same task. A task for which ECS has no room now is `DeferredError`.
   */
  runMigration(ref: ServiceRef, action: RunMigration): Promise<Answer<string>>;
  /** UpdateService. A second call with what already runs changes nothing; a late one supersedes. */
  startRollout(ref: ServiceRef, action: StartRollout): Promise<Answer<undefined>>;
  /** StopServiceDeployment (ROLLBACK). A second call is refused by ECS, which is an answer. */
  stopRollout(rollout: string): Promise<Answer<undefined>>;
}

export interface DescribedDefinition extends ObservedDefinition {
  readonly active: boolean;
  readonly family: string;
  /** ARNs: that of its tasks, and that which starts them. */
  readonly roles: readonly string[];
  readonly platform: Platform;
}

/** Task definitions as they are registered, and as they stand in git. */
export interface Definitions {
  /** At exactly that commit. A failed call is `unknown`, it does not throw. */
  written(commit: Commit, path: string): Promise<FileText>;
  /** DescribeTaskDefinition, as ECS wrote it; undefined: ECS has it no more. */
  registered(
    revision: TaskDefinitionArn,
  ): Promise<{ readonly definition: JsonRecord; readonly tags: readonly JsonRecord[] } | undefined>;
}

export type FileText =
  | { readonly state: 'text'; readonly text: string }
  /** The commit has no such file. */
  | { readonly state: 'missing'; readonly because: string }
  | { readonly state: 'unknown'; readonly because: string };

/** AWS did it, or will not, however often it is asked. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface Alarms {
  /** DescribeAlarms, metric and composite. A failed call makes every name `unknown`, it does not throw. */
  states(names: readonly string[]): Promise<Readonly<Record<string, ObservedAlarm>>>;
  /** DescribeAlarmHistory: each rise since then. A failed call is `unknown`, it does not throw. */
  rises(names: readonly string[], since: Moment): Promise<Readonly<Record<string, ObservedRises>>>;
  /**
   * ListAlarmMuteRules: of these alarms, those that a rule mutes now, and since when the oldest such
   * rule is as it is. A failed call is told in the log and leaves them out: they count as not muted.
   */
  mutedSince(names: readonly string[]): Promise<Readonly<Record<string, Moment>>>;
}

export interface Images {
  /** DescribeImages by digest; undefined: ECR has no such image. Throws when ECR does not answer. */
  describe(
    image: Pick<Image, 'registry' | 'repository' | 'digest'>,
  ): Promise<{ pushedAt: Moment; tags: readonly string[]; state: ImageState } | undefined>;
  /** The states of several images; a failed call is `unknown`, it does not throw. */
  states(images: readonly Image[]): Promise<Readonly<Record<ImageDigest, ImageState>>>;
}

/** What a task definition's `runtimePlatform` says, in the words of an image index. */
export interface Platform {
  readonly os: 'linux' | 'windows';
  readonly architecture: 'amd64' | 'arm64';
}

export interface Scans {
  /**
   * DescribeImageScanFindings of the image; of a multi-arch one, of its manifest for this platform.
   * A failed call is `unknown`, it does not throw.
   */
  scan(
    image: Image,
    platform: Platform,
    rules: Pick<ScanRules, 'highest' | 'except'>,
  ): Promise<ObservedScan>;
}

export interface Signatures {
  /** The signatures that lie beside the image in ECR. A failed call is `unknown`, it does not throw. */
  verify(image: Image, rules: SignatureRules): Promise<ObservedSignature>;
}

/** What is known of commits and of images built from them. Reads of the table are consistent. */
export interface CommitPlaces {
  /** Of each ref that has it, the place of the commit that begins with these hex digits. */
  places(repository: string, commit: string): Promise<readonly StoredPlace[]>;
  /** The commit that a build of ours made this image from. */
  commitOf(repository: string, digest: ImageDigest): Promise<string | undefined>;
  /**
   * The label `org.opencontainers.image.revision` of the image's configuration, by BatchGetImage and
   * GetDownloadUrlForLayer. A failed call, or no such label, is `undefined`.
   */
  revisionOf(image: Pick<Image, 'registry' | 'repository' | 'digest'>): Promise<string | undefined>;
}

export type StoredPlace = { readonly ref: string; readonly commit: string } & (
  | Place
  | { readonly waitsBecause: string }
);

export interface Announcements {
  /** PutEvents and one log line each; told twice, the id is the same. Returns the ids that are out. */
  tell(announcements: readonly Announcement[]): Promise<readonly string[]>;
}

/** Calls that AWS counts together; `starts` is a whole release, up to UpdateService. */
export type CallFamily = 'starts' | 'services' | 'rollouts' | 'tasks' | 'alarms' | 'histories';

export type CallsWanted = Readonly<Partial<Record<CallFamily, number>>>;

/** The account's API calls, shared by all handlers. An urgent handling takes them without asking. */
export interface Budget {
  /** From when these may be made: now, or a moment that is kept. A second call books once more. */
  reserve(calls: CallsWanted): Promise<Moment>;
  /** They were not made. */
  giveBack(calls: CallsWanted): Promise<void>;
}

/** SNS. A second identical call tells again. */
export interface Topics {
  /** `subject`: of a mail. Throws `TransientError`. */
  publish(
    topic: string,
    what: { readonly subject?: string; readonly message: string },
  ): Promise<void>;
}

/** What people were told, so that each notice goes out once. */
export interface ToldPeople {
  /** False: it was told. Throws `TransientError`, too, while another invocation is telling it. */
  begin(name: string): Promise<boolean>;
  done(name: string): Promise<void>;
}

/** Our queues. A second identical call sends the messages again, which is harmless. */
export interface Queues {
  /** All of them, or `TransientError` naming what did not go. */
  send(queue: QueueName, messages: readonly Outgoing[]): Promise<void>;
}

/** Secrets Manager. No value of it stands in a log line or an error. */
export interface Secrets {
  /**
   * GetSecretValue: the texts of a secret, newest first: AWSCURRENT, and AWSPREVIOUS if there is one,
   * so both keys of a rotation are known. They are remembered for five minutes; with `newerThanMs`
   * they are asked for again if it was longer ago than that. A second call within it asks nobody, and
   * returns the same list.
   */
  get(name: string, newerThanMs?: number): Promise<readonly string[]>;
  /** The same, and how old: whoever believes a version must not believe it for ever. */
  versions(name: string, newerThanMs?: number): Promise<readonly SecretVersion[]>;
}

export interface SecretVersion {
  readonly text: string;
  /** When another one took its place; absent: it is the current one. */
  readonly replacedAt?: Moment;
}

export type QueueName =
  | 'commands'
  | `commands-${string}`
  | 'urgent'
  | 'releases'
  | 'builds'
  | 'feedback';

export interface Outgoing {
  readonly body: string;
  /** At most 15 minutes. */
  readonly delaySeconds?: number;
}

export interface Log {
  debug(message: string, facts?: object): void;
  info(message: string, facts?: object): void;
  warn(message: string, facts?: object): void;
}

/** Unreachable, throttled for too long, an answer lost: retried by the queue, then by `tick`. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** The world answered that it cannot take the call now: that is no lost answer. */
export class DeferredError extends TransientError {
  readonly code: string;
  /** What the world said. */
  readonly said: string;
  readonly carriedOut: 'no' | 'unknown';

  constructor(
    message: string,
    answer: { readonly code: string; readonly said: string; readonly carriedOut: 'no' | 'unknown' },
    options: ErrorOptions,
  ) {
    super(message, options);
    this.code = answer.code;
    this.said = answer.said;
    this.carriedOut = answer.carriedOut;
  }
}
