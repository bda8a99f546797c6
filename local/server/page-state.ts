/**
 * What the page at `/` is told, as JSON: the answers of `/_slipway/state`, `/_slipway/timeline` and
 * the events of `/_slipway/events`. Types only, for both sides. All moments are virtual, in ms since
 * 1970; shares are 0 to 1.
 */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import type { EvidenceLines } from '../page/charts/evidence.ts';
import type { Entry } from '../stories/timeline.ts';

/** `GET /_slipway/state` */
export interface PageState {
  readonly format: 1;
  /** It is this moment. */
  readonly now: number;
  /** When this world began to be watched. */
  readonly beganAt: number;
  /** Virtual seconds a second; 0: time stands still. */
  readonly speed: number;
  readonly seed: number;
  readonly account: string;
  readonly region: string;
  /** In the order of the config. */
  readonly targets: readonly PageTarget[];
  /** The numbers of the oldest entry that can still be had, and of the next one to come. */
  readonly timeline: { readonly first: number; readonly next: number };
}

export interface PageTarget {
  /** The name in the config. */
  readonly id: string;
  readonly key: string;
  /** What happened, what runs and what comes next: the same as `slipway status` says. */
  readonly answer: PageAnswer;
  readonly cluster: string;
  readonly service: string;
  readonly mode: string;
  /** `unknown` until it was handled for the first time. */
  readonly phase: string;
  /** The decision that led into this phase, and when it was made; absent before the first. */
  readonly because?: string;
  readonly since?: number;
  /** The newest decision, if it is another one. */
  readonly latest?: { readonly at: number; readonly because: string };
  /** When it is looked at again by itself. */
  readonly lookAt?: number;
  /** What the service's PRIMARY deployment has, by container. */
  readonly running: PageImages;
  /** What Slipway wants it to run: what is on its way, else the newest proven release. */
  readonly wanted: PageImages;
  /** Images that wait for their turn, by container. */
  readonly waiting: PageImages;
  readonly hold?: { readonly by: string; readonly because: string };
  /** What waits for a person's word, commands and a release alike. */
  readonly awaited: readonly PageAwaited[];
  readonly wayBack:
    | { readonly possible: true; readonly to: string }
    | { readonly possible: false; readonly because: string };
  readonly quarantined: readonly PageImage[];
  /** What a button may push to it; absent: its config takes none of the usual tags. */
  readonly push?: { readonly repository: string; readonly tag: string };
  readonly counts: { readonly desired: number; readonly running: number; readonly pending: number };
  /** Newest first: those that have tasks or requests, and those seen within the last hour. */
  readonly revisions: readonly PageRevision[];
  readonly alarms: readonly PageAlarm[];
  /** What the judge has for and against the newest release; absent: nothing counts its two revisions apart. */
  readonly evidence?: EvidenceLines;
}

export interface PageAnswer {
  readonly state: string;
  /** Lists begin with the lowest: the worst. */
  readonly rank: number;
  readonly headline: string;
  /** AWS's own words to it. */
  readonly aws?: string;
  readonly next: { readonly by: string; readonly what: string };
  /** `slipway …`; the page adds where. */
  readonly actions: readonly { readonly to: string; readonly command: string }[];
}

export interface PageAwaited {
  /** Names it: a word is said to this, and to nothing that waits later. */
  readonly id: string;
  /** `the release of shop/web:main-2 (sha256:7f5b2640fe6f), before it gets traffic` */
  readonly what: string;
  /** Who asked for it, or `a push`. */
  readonly by: string;
  readonly because: string;
  readonly since: number;
  readonly until: number;
}

export type PageImages = Readonly<Record<string, PageImage>>;

export interface PageImage {
  readonly repository: string;
  readonly digest: string;
  /** The tag that it was pushed with first; absent: none that we know. */
  readonly tag?: string;
}

/** A revision of the task definition as a deployment of the service uses it. */
export interface PageRevision {
  /** `web:7` */
  readonly revision: string;
  /** `ecs-svc/…`: the same revision may be deployed twice. */
  readonly deployment: string;
  /** `gone`: it has no deployment any more, but was seen within the last hour. */
  readonly status: 'PRIMARY' | 'ACTIVE' | 'DRAINING' | 'gone';
  readonly rolloutState?: string;
  readonly images: PageImages;
  readonly desired: number;
  readonly tasks: readonly PageTask[];
  /** Every five seconds while it served requests, oldest first, for an hour. */
  readonly served: readonly PageServed[];
}

export interface PageTask {
  readonly id: string;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  /** It answers requests. */
  readonly serving: boolean;
  readonly createdAt: number;
  readonly stoppedReason?: string;
}

export interface PageServed {
  readonly at: number;
  readonly requestsPerSecond: number;
  readonly errorRate: number;
  readonly latencyMs: number;
  /** Tasks that shared the requests. */
  readonly tasks: number;
}

export interface PageAlarm {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly reason: string;
  /** Since when it is in this state. */
  readonly since: number;
  /** Absent of an alarm that no single number decides. */
  readonly threshold?: number;
  readonly comparison?: string;
  /** What the number is: the label of its metric, or the metric's name. */
  readonly label?: string;
  /** As CloudWatch has them, so a minute or two late; oldest first, for an hour. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

/** An entry of the timeline with its number: one more than that of the entry before. */
export type PageEntry = Entry & { readonly n: number };

/** `GET /_slipway/timeline?since=N`: entries from number N on, at most a thousand. */
export interface PageTimeline {
  readonly first: number;
  /** Ask with this for what comes after. */
  readonly next: number;
  readonly entries: readonly PageEntry[];
}

/**
 * `GET /_slipway/events?since=N`: server-sent events. `timeline` brings what happened since, `state`
 * the whole state about once a second, as long as time passes or something changed. The id of an
 * event is the number to go on from, so `EventSource` goes on by itself after a break.
 */
export type PageEvent =
  | { readonly event: 'timeline'; readonly data: PageTimeline }
  | { readonly event: 'state'; readonly data: PageState };

/** `POST /_slipway/speed`: 0 to 3,600. */
export interface SpeedRequest {
  readonly speed: number;
}

/** `POST /_slipway/advance`: lets so much virtual time pass, as fast as it goes. */
export interface AdvanceRequest {
  readonly seconds: number;
}

/** `POST /_slipway/push`: an image lands in ECR; the same as a scenario's `push`. */
export interface PushRequest {
  readonly repository: string;
  readonly tag: string;
  /** How the image behaves once it runs. */
  readonly behaviour?: Behaviour;
}

/** Its answer. */
export interface Pushed {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  /** Ids of the targets whose config names this repository. */
  readonly targets: readonly string[];
}

/** `POST /_slipway/step`: any step of a scenario, without its `at`; answers `{}`. */
export type StepRequest = Readonly<Record<string, unknown>>;

/** What every `/_slipway/…` answers when it refuses, with status 4xx. */
export interface Refused {
  readonly error: string;
}
