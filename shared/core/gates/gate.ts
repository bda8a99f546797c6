/** What a gate answers: it is closed for now, or the image can never pass it. */
import type { ContainerName, Moment } from '../model/image.ts';
import type { NewestImage } from '../model/record/newest.ts';
import type { HoldReason } from '../model/record/waiting.ts';

/** Why nothing starts for now. */
export interface Gate {
  readonly reason: HoldReason;
  readonly because: string;
  readonly next: string;
  /** Absent: it is closed until what closes it is gone. */
  readonly ends?: GateEnd;
}

/** What becomes of a hold that lasts too long. */
export interface GateEnd {
  readonly minutes: number;
  /** It is a hold of one image, counted from here; absent: the gate's, from when it closed. */
  readonly since?: Moment;
  readonly after: 'proceed' | 'refuse' | 'ask';
  /** What is refused; absent: everything that waits. */
  readonly only?: ContainerName;
  /** What is told then, and what the person can do about it. */
  readonly sentence: string;
  readonly refused: string;
  readonly asked: string;
  /** See `Accepted.again`. */
  readonly again?: 'push';
}

/** Why an image never starts, however long it waits. */
export interface Refusal {
  readonly because: string;
  readonly next: string;
  /** A newer one took its place: that is no verdict on it. */
  readonly isSuperseded?: true;
  /** See `Accepted.again`. */
  readonly again?: NonNullable<NewestImage['again']>;
}
