/** What happened in a run, oldest first: what `npm start` tells and `--json` prints. */
import type { BusEvent } from '@slipway/local-cloud/eventbridge/bus-event.ts';

export type Entry =
  | StepTaken
  | EventSeen
  | CallMade
  | DecisionMade
  | AnnouncementMade
  | SourceDelivered
  | StatusSet
  | TrafficMoved
  | HookAnswered
  | InvocationFailed;

interface Dated {
  /** Virtual time, ms since 1970. */
  readonly at: number;
}

/** Somebody did what the scenario says. */
export interface StepTaken extends Dated {
  readonly type: 'step';
  readonly text: string;
}

/** AWS told of a push, an alarm or a deployment. */
export interface EventSeen extends Dated {
  readonly type: 'event';
  readonly event: BusEvent;
}

/** One of our functions called AWS. */
export interface CallMade extends Dated {
  readonly type: 'call';
  readonly function: string;
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  /** `ok`, or the name of the error. */
  readonly outcome: string;
  /** The event or look that caused it. */
  readonly cause?: unknown;
  /** The key of the target that was handled. */
  readonly target?: string;
}

/** What the judge can say of a release (docs/judge.md). */
export const JUDGED_STATES = [
  'condemned',
  'alone',
  'alike',
  'suspicious',
  'harmless',
  'waiting',
  'unmeasured',
  'disputed',
] as const;

export type JudgedState = (typeof JUDGED_STATES)[number];

export interface DecisionMade extends Dated {
  readonly type: 'decision';
  readonly target: string;
  readonly event: string;
  readonly because: string;
  readonly phase: string;
  /** What the judge says since this look: another state than before. */
  readonly judged?: { readonly state: JudgedState; readonly because: string };
  readonly action?: string;
}

export interface AnnouncementMade extends Dated {
  readonly type: 'announcement';
  readonly announcement: Announced;
}

/** The same, of a branch or tag and its builds. */
export interface SourceDelivered extends Dated {
  readonly type: 'source';
  readonly announcement: SourceAnnounced;
}

/** GitHub was told what stands on a commit. */
export interface StatusSet extends Dated {
  readonly type: 'status';
  readonly repository: string;
  readonly sha: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
}

/** The load balancer divides the requests of a target otherwise from now on. */
export interface TrafficMoved extends Dated {
  readonly type: 'traffic';
  readonly target: string;
  /** By the name of the target group, in percent. */
  readonly percents: Readonly<Record<string, number>>;
}

/** ECS asked before a step whether it may go on, and was answered otherwise than the last time. */
export interface HookAnswered extends Dated {
  readonly type: 'hook';
  readonly target: string;
  readonly stage: string;
  /** Of the production traffic, what the new revision has; absent: ECS did not say. */
  readonly share?: number;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS';
  readonly because: string;
}

/** A function threw; `next` says what becomes of its event. */
export interface InvocationFailed extends Dated {
  readonly type: 'failure';
  readonly function: string;
  readonly error: string;
  readonly next: string;
}

/** The detail of an event on the announcement bus, as a subscriber reads it. */
export interface Announced {
  readonly id: string;
  readonly kind: string;
  readonly at: number;
  /** `ecs/<cluster>/<service>`. */
  readonly key: string;
  readonly target: string;
  readonly release?: string;
  readonly images?: Readonly<Record<string, AnnouncedImage>>;
  readonly revision?: string;
  readonly because: string;
  readonly runsNow: string;
  /** The same as data, when something proven runs. */
  readonly runs?: { readonly release?: string; readonly revision: string };
  readonly next: string;
}

export interface AnnouncedImage {
  readonly repository: string;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly commit?: { readonly repository: string; readonly sha: string };
}

/** The detail of an event on the announcement bus that is about a branch or tag. */
export interface SourceAnnounced {
  readonly id: string;
  readonly kind: string;
  readonly at: number;
  readonly key: string;
  readonly source: string;
  readonly repository: string;
  readonly ref: string;
  readonly commit: string;
  readonly image?: string;
  readonly tag?: string;
  readonly because: string;
  readonly next: string;
}
