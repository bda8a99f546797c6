/** What waits to start, and what holds it. */
import type { ContainerName, Image, Moment } from '../image.ts';
import type { Order } from '../order.ts';

/** Two weeks: a hold that nobody ends must not be forgotten for longer. */
export const HOLD_MINUTES_MAX = 14 * 1440;

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
  /** What comes of it, and what a person can do; absent of what an older version wrote. */
  readonly next?: string;
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
  /** Another pipeline released what runs. */
  | 'owner'
  | 'quarantine'
  | 'scan'
  | 'signature'
  | 'definition'
  | 'registry'
  | 'approval'
  | 'freeze'
  /** It has not begun where it must be proven first; it is on trial there. */
  | 'promotion'
  | 'proof'
  | 'strategy'
  | 'balancer'
  | 'balancer-unknown';

export interface Hold {
  readonly by: string;
  readonly because: string;
  readonly since: Moment;
  /** It ends by itself then; absent: a person ends it. */
  readonly until?: Moment;
}

interface Waits {
  readonly waiting: Readonly<Record<ContainerName, Waiting>>;
  readonly unplaced?: readonly Unplaced[];
}

/** An image waits to start: it goes when every gate is open. */
export function imageWaits({ waiting }: Pick<Waits, 'waiting'>): boolean {
  return Object.keys(waiting).length > 0;
}

/** To start, or for its place. */
export function somethingWaits(record: Waits): boolean {
  return imageWaits(record) || unplacedOf(record).length > 0;
}

export function unplacedOf({ unplaced = [] }: Pick<Waits, 'unplaced'>): readonly Unplaced[] {
  return unplaced;
}
