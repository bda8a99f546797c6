/** What must go, the steps of its way back, and the places to return to. */
import type { ContainerName, ImageSet, Moment, TaskDefinitionArn } from '../image.ts';
import type { RollbackCandidate } from './candidate.ts';
import type { Attempt } from './release.ts';
import type { CountedRollout } from './returned.ts';

export interface WaysBack {
  readonly checkedAt: Moment;
  /** Somebody's deployment was seen to fail, maybe in the middle of a shift: ECS leaves the traffic split then. */
  readonly staleSince?: Moment;
  /** What a person who looks cannot see: the settings of the stack are not in the config. */
  readonly forbidden?: readonly Pick<Skipped, 'revision' | 'because'>[];
}

/** What must go, and why. */
export interface Condemned {
  /** Its release, if it is one of ours and not the trace of a late call. */
  readonly release?: string;
  readonly images: ImageSet;
  /** The containers whose images are quarantined; absent: all of them; empty: what failed is not of the release. */
  readonly blamed?: readonly ContainerName[];
  readonly revision?: TaskDefinitionArn;
  readonly because: string;
  /** They must be OK before the next release starts. */
  readonly alarms: readonly string[];
  /** No task of it could pull an image: nobody has seen it run. */
  readonly wereNotPulled?: boolean;
  readonly rollbackMinutes: number;
  /** Of an alarm: when it rose, or since when its data breach. */
  readonly roseAt?: Moment;
  readonly innocent?: Innocent;
  /** Of `incomparable`: what ran before tells afterwards what it was. */
  readonly counted?: CountedRollout;
  /** The release that a person chose to return to. */
  readonly to?: string;
  /** Whether that can be had is asked first: until then nothing is quarantined, and nothing has changed. */
  readonly ifThere?: true;
}

/**
 * Why no image of what must go is to blame. `before-it`: what speaks against it was so before it came, and
 * it comes again by itself; all others wait for a person. `beside-it`: what failed is none of its containers,
 * and would fail again. `no-word`: nobody said the word that it waited for. `incomparable`: there was nothing
 * to compare it with, so an outage would have looked the same. `met-nobody`: the alarm's data end before its
 * first request; what its start alone did may be the cause, so it does not come again by itself.
 */
export type Innocent = 'before-it' | 'beside-it' | 'no-word' | 'incomparable' | 'met-nobody';

export type RollbackStep =
  /** ECS is asked to stop and return, and is watched. */
  | { readonly step: 'stopping'; readonly attempt: Attempt; readonly stop?: Stop }
  /** The newest usable candidate is sought; `returnedTo`: where ECS went by itself. */
  | { readonly step: 'selecting'; readonly returnedTo?: TaskDefinitionArn }
  /** Our own rollout of a candidate. */
  | {
      readonly step: 'redeploying';
      readonly candidate: RollbackCandidate;
      readonly attempt: Attempt;
      readonly since: Moment;
      /** AWS says that we may not: the next look, which sees what runs meanwhile, asks a person. */
      readonly refused?: string;
    };

/** The newest call of StopServiceDeployment, and the look whose handler makes it. */
export interface Stop {
  readonly at: Moment;
  readonly observation: string;
  readonly rollout: string;
}

export interface Skipped {
  readonly revision: TaskDefinitionArn;
  readonly because: string;
  /** Its revision or its image is gone: no person could bring it back either. */
  readonly gone?: true;
}
