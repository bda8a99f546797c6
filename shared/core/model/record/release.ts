/** A release on its way to a target, what spoke against it, and how ECS was asked to run it. */
import type { ReleaseWord } from '../approval.ts';
import type { ShiftCourse } from '../balancer.ts';
import type { DefinitionVersion } from '../definition/file.ts';
import type { ContainerName, ImageSet, Moment, TaskDefinitionArn } from '../image.ts';
import type { AlarmRise, Judged, ObservedOwnRequests } from '../observation.ts';
import type { Rules } from '../rules.ts';

/** One image, or one set for several containers, on its way to one target. */
export interface Release {
  /** `<target key>/<number>`, also the tag `slipway:release` of its revision. */
  readonly id: string;
  readonly images: ImageSet;
  /** What it brings beside its images; absent: nothing. */
  readonly definition?: DefinitionVersion;
  readonly rules: Rules;
  readonly startedAt: Moment;
  /** When the first of its images was heard of, or a person asked for them. */
  readonly offeredAt?: Moment;
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
  /** How it answered requests of our own: when they were sent last, and since when they are. `told`: nobody answers. */
  readonly ownRequests?: ObservedOwnRequests & {
    readonly at: Moment;
    readonly since: Moment;
    readonly told?: true;
  };
  /** A share was held for all the time that one is: which, since when that is known, and what the judge said. */
  readonly inconclusive?: { readonly share: number; readonly at: Moment; readonly because: string };
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
  /** Of a strategy that shifts traffic; without a load balancer it has no routes, and tells the stage alone. */
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
