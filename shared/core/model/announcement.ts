/** What we tell the outside: one EventBridge event and one log line each. */
import type { ImageSet, Moment, TargetKey, TaskDefinitionArn } from './image.ts';

export interface Announcement {
  /** `<target key>/<number>`: the same announcement told twice has the same id. */
  readonly id: string;
  readonly kind: AnnouncementKind;
  readonly at: Moment;
  readonly key: TargetKey;
  readonly target: string;
  readonly release?: string;
  readonly images?: ImageSet;
  readonly revision?: TaskDefinitionArn;
  /** Why, in one sentence. */
  readonly because: string;
  /** What runs now, for a person: image labels, or what is known instead. */
  readonly runsNow: string;
  /** The same as data, when something proven runs: of `adopted`, `proven` and `rolled-back`. */
  readonly runs?: RunsNow;
  /** What happens next, or what the reader should do. */
  readonly next: string;
}

export interface RunsNow {
  readonly release?: string;
  readonly revision: TaskDefinitionArn;
  /** Of the containers whose digests are known. */
  readonly images: ImageSet;
}

export const ANNOUNCEMENT_KINDS = [
  'adopted',
  'started',
  'proven',
  'rolled-back',
  'failed',
  'held',
  'refused',
  'superseded',
  'needs-attention',
  'would-have',
  'fought',
  'retired',
] as const;

export type AnnouncementKind = (typeof ANNOUNCEMENT_KINDS)[number];
