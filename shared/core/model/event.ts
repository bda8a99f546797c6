/** Everything that can happen to a target. `at` is our clock when it was handled, in ms. */
import type { ContainerName, Image, ImageSet, Moment, TaskDefinitionArn } from './image.ts';
import type { Observation } from './observation.ts';
import type { Order } from './order.ts';
import type { Rules } from './rules.ts';

export type Event =
  | Configured
  | Retired
  | ImagePushed
  | AlarmChanged
  | Hinted
  | CommandReceived
  | Observed
  | RevisionRegistered
  | MigrationStarted
  | RolloutAccepted
  | StopAccepted
  | CallRefused
  | CallDeferred
  | Delivered;

/** When it was so by our clock: of a look, when that began; undefined: it does not say. */
export function momentOf(event: Event): Moment | undefined {
  if (event.type === 'Observed') return event.observation.at;
  return 'at' in event ? event.at : undefined;
}

/** The config names this target, with these rules. */
export interface Configured {
  readonly type: 'Configured';
  readonly at: Moment;
  readonly id: string;
  readonly rules: Rules;
}

/** The config names this target no longer. */
export interface Retired {
  readonly type: 'Retired';
  readonly at: Moment;
}

/** An image that this target may run is in the registry. */
export interface ImagePushed {
  readonly type: 'ImagePushed';
  readonly at: Moment;
  readonly image: Image;
  /** The containers that take it, and its place in each one's order. */
  readonly containers: Readonly<Record<ContainerName, Order>>;
  /** The containers that take it once its place among the commits is known. */
  readonly unplaced?: {
    readonly containers: readonly ContainerName[];
    readonly pushedAt: Moment;
    readonly because: string;
  };
  /** Why its digest is quarantined, if it is: the record itself remembers only the newest. */
  readonly quarantined?: string;
  /** What the sweep offers again and again is not told again and again. */
  readonly heardFrom: 'event' | 'sweep';
}

/** A dated fact: it counts for the moment `changedAt`, however late it arrives. */
export interface AlarmChanged {
  readonly type: 'AlarmChanged';
  readonly at: Moment;
  readonly alarm: string;
  readonly from: string;
  readonly to: string;
  /** CloudWatch's `state.timestamp`. */
  readonly changedAt: Moment;
  /** End of the newest breaching period, when CloudWatch's reason tells it. */
  readonly breachEndsAt?: Moment;
  /** Start of the oldest one that the reason names. */
  readonly breachStartsAt?: Moment;
  readonly muted: boolean;
  /** A composite alarm whose actions were suppressed just then. */
  readonly suppressed?: true;
  readonly reason: string;
  /** What the breach means, for a person, where the reason could be read. */
  readonly inWords?: string;
  /** Does CloudWatch's own history show this rise? Asked of one that is heard late; absent: not asked. */
  readonly inHistory?: 'yes' | 'no';
}

/** Something may have changed: look. Never believed, only a reason to look. */
export interface Hinted {
  readonly type: 'Hinted';
  readonly at: Moment;
  /** For the log: `ECS Deployment State Change SERVICE_DEPLOYMENT_COMPLETED`. */
  readonly cause: string;
  /** When it happened, by AWS's clock; absent: now. */
  readonly happenedAt?: Moment;
  /** What it says of the service, where that decides whether a look is worth its calls. */
  readonly about?: HintAbout;
}

/**
 * A planned look is due; the turn of the target has come; a rollout of the service began or ended; ECS
 * calls the service steady.
 */
export type HintAbout = 'look-due' | 'turn' | 'rollout-began' | 'rollout-ended' | 'steady';

/** A person's word. */
export interface CommandReceived {
  readonly type: 'CommandReceived';
  readonly at: Moment;
  /** The same word delivered twice is heard once. */
  readonly id: string;
  /** As the message says it; with the session beside it, where that is another name. */
  readonly by: string;
  /** Who sent it as SQS says: nobody can write another one there. */
  readonly sender?: string;
  /** Why the sender is nobody who may command. */
  readonly refused?: string;
  readonly because: string;
  /** When they said it, by their clock; absent: it is heard as it is said, or was heard long ago. */
  readonly saidAt?: Moment | 'unknown';
  /** Of a deploy: the digest that is quarantined, however long ago; the record knows the newest. */
  readonly quarantined?: string;
  readonly command:
    | { readonly do: 'deploy'; readonly images: ImageSet }
    | {
        readonly do: 'rollback';
        readonly to?: string;
        /** What they saw that it would leave: a revision, or a release; absent: whatever it is. */
        readonly leaves?: string;
      }
    | { readonly do: 'unquarantine'; readonly digest: string }
    /** `minutes`: it ends by itself after so many. */
    | { readonly do: 'hold'; readonly minutes?: number }
    | { readonly do: 'resume' }
    /** `of`: what waits for a second person, by its id: who says yes says to what. */
    | { readonly do: 'approve' | 'reject'; readonly of: string };
}

export interface Observed {
  readonly type: 'Observed';
  readonly observation: Observation;
}

/** ECS answered RegisterTaskDefinition, or a revision of ours was found by its tag. */
export interface RevisionRegistered {
  readonly type: 'RevisionRegistered';
  readonly at: Moment;
  readonly revision: TaskDefinitionArn;
}

/** ECS answered RunTask. */
export interface MigrationStarted {
  readonly type: 'MigrationStarted';
  readonly at: Moment;
  /** ARN */
  readonly task: string;
}

/** ECS answered UpdateService. */
export interface RolloutAccepted {
  readonly type: 'RolloutAccepted';
  readonly at: Moment;
  readonly revision: TaskDefinitionArn;
  readonly requestedAt: Moment;
}

/** ECS answered StopServiceDeployment, or said that it had ended already. */
export interface StopAccepted {
  readonly type: 'StopAccepted';
  readonly at: Moment;
  readonly rollout: string;
}

/** AWS refused what we asked, and would refuse it again. */
export interface CallRefused {
  readonly type: 'CallRefused';
  readonly at: Moment;
  readonly action: 'RegisterRevision' | 'RunMigration' | 'StartRollout' | 'StopRollout';
  readonly code: string;
  readonly message: string;
}

/** AWS answered that it could not take it now: a throttle, or trouble of its own. */
export interface CallDeferred {
  readonly type: 'CallDeferred';
  readonly at: Moment;
  readonly action: CallRefused['action'];
  readonly code: string;
  readonly message: string;
  /** no: nothing was done. unknown: its trace is searched for before it is asked again. */
  readonly carriedOut: 'no' | 'unknown';
}

/** These announcements and history entries are out; the record may forget them. */
export interface Delivered {
  readonly type: 'Delivered';
  readonly announcements: readonly string[];
  readonly history: readonly number[];
  readonly quarantine: readonly string[];
}
