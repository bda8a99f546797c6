/**
 * What the functions that face the world tell `reconcile`, and the envelope in which it travels. It is
 * checked on the other side of the queue: `envelope.ts`.
 */
import type { AlarmChanged, CommandReceived, HintAbout } from '../core/model/event.ts';
import type { ImageDigest, Moment, TargetKey } from '../core/model/image.ts';
import type { BuildHinted, Pushed } from '../core/source/event.ts';
import type { SourceKey } from '../core/source/record.ts';

export type Message = ImagePushedMessage | AlarmChangedMessage | HintedMessage | CommandMessage;

/** ECR said that a tagged image was pushed. Its place in the order is found when it is reconciled. */
export interface ImagePushedMessage {
  readonly type: 'ImagePushed';
  /** `<account>.dkr.ecr.<region>.amazonaws.com` */
  readonly registry: string;
  readonly repository: string;
  readonly digest: ImageDigest;
  readonly tag: string;
  /** The event's time: when ECR took the push, to the second. */
  readonly at: Moment;
}

/** The core's `AlarmChanged`, before our clock is added. */
export type AlarmChangedMessage = Omit<AlarmChanged, 'at' | 'inHistory'>;

/** Something may have changed. `tick` sends it without a service: the envelope names the target. */
export interface HintedMessage {
  readonly type: 'Hinted';
  readonly cause: string;
  /** When it happened, by AWS's clock: a look that began later has answered it. */
  readonly happenedAt?: Moment;
  /** Spares looks that would find nothing new; what is left out, `tick` finds. */
  readonly about?: HintAbout;
  readonly cluster?: string;
  readonly service?: string;
  /** About its images, in place of a service: for the targets that wait for a scan or a signature. */
  readonly repository?: string;
  /** The target is on its way back, so this may not wait behind a thousand releases. */
  readonly urgent?: true;
}

/** The core's `CommandReceived`, before our clock is added; its id is that of the envelope's cause. */
export type CommandMessage = Omit<CommandReceived, 'at' | 'id' | 'sender' | 'refused'>;

/** Which outside event this comes from; stands in every log line that it leads to. */
export interface Cause {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
}

/** The body of a message in our queues. */
export interface Envelope {
  readonly target: TargetKey;
  readonly message: Message;
  readonly cause: Cause;
}

export const REASON_MAX = 1024;

/** The core's `Pushed`, before our clock is added, and where it belongs. */
export interface PushedMessage extends Omit<Pushed, 'type' | 'at'> {
  readonly type: 'PushHeard';
  /** `acme/shop` */
  readonly repository: string;
  /** `refs/heads/main` */
  readonly ref: string;
}

/** The core's `BuildHinted`, before our clock is added. */
export interface BuildHintedMessage extends Omit<BuildHinted, 'type' | 'at'> {
  readonly type: 'BuildHeard';
}

/** GitHub is to be asked what the branch points to. */
export interface HeadSoughtMessage {
  readonly type: 'HeadSought';
}

/** ECR has an image that others build: its commit is to be found. */
export interface ImageHeardMessage {
  readonly type: 'ImageHeard';
  /** Its name in the source. */
  readonly image: string;
  readonly digest: ImageDigest;
  readonly tag: string;
  /** When ECR took the push. */
  readonly at: Moment;
  /** A sweep saw it: what was decided of it once is not decided again. */
  readonly swept?: true;
}

/** What the sources are told, by the queue `builds`. */
export type SourceMessage =
  | PushedMessage
  | BuildHintedMessage
  | HeadSoughtMessage
  | ImageHeardMessage;

/** The body of a message for a source. */
export interface SourceEnvelope {
  readonly source: SourceKey;
  readonly message: SourceMessage;
  readonly cause: Cause;
}

/** The body of a message. JSON escapes everything that SQS refuses, but for two characters. */
export function bodyOf(envelope: Envelope | SourceEnvelope): string {
  const escaped = (refused: string) => `\\u${refused.charCodeAt(0).toString(16)}`;
  return JSON.stringify(envelope).replace(/[\ufffe\uffff]/g, escaped);
}
