/** A release that went back since there was nothing to compare it with, and what is known of it since. */
import type { ImageSet, Moment, TaskDefinitionArn } from '../image.ts';

/** Where its requests were counted. */
export interface CountedRollout {
  readonly serviceRevision: string;
  readonly since: Moment;
  /** By production rule, the group into which it was to bring the traffic: ARNs. */
  readonly into?: Readonly<Record<string, string>>;
}

export interface ReturnedAlone {
  readonly release: string;
  readonly images: ImageSet;
  readonly revision?: TaskDefinitionArn;
  readonly rollout: CountedRollout;
  /** What ran before has all the traffic again, since then; its revision. */
  readonly backAt: Moment;
  readonly to: TaskDefinitionArn;
  /** It was returned, cleared, and offered again before. */
  readonly again?: true;
  /** What ran before failed as well: since when that is known. */
  readonly clearedAt?: Moment;
  /** It was offered again. */
  readonly offered?: true;
}
