/** What `tick` asks of the world and of our own table: everything at once, not one target. */

import type {
  Image,
  ImageDigest,
  Moment,
  TargetKey,
  TaskDefinitionArn,
} from './core/model/image.ts';
import type { ImageState } from './core/model/observation.ts';
import type { SourceKey } from './core/source/record.ts';

/** Each throws `TransientError`; a second identical call asks again. */
export interface Upkeep {
  /** The records whose `lookAt` has come, longest waiting first. The index lags by moments. */
  due(now: Moment, limit: number): Promise<readonly DueLook[]>;
  /** Every target that has a record. The index lags by moments. */
  known(): Promise<readonly KnownTarget[]>;
  /** Every branch and tag that has a record and was not deleted. The index lags by moments. */
  knownSources(): Promise<readonly SourceKey[]>;
  /** May this sweep run now? Of all callers within `everyMs`, one is told yes. */
  claimSweep(name: string, everyMs: number): Promise<boolean>;
  /** DescribeServices, ten at a time; a service that does not exist is left out. */
  servicesOf(cluster: string, services: readonly string[]): Promise<readonly SweptService[]>;
  /** DescribeImages: every tagged image of a repository, in no order. */
  taggedImages(address: Pick<Image, 'registry' | 'repository'>): Promise<readonly SweptImage[]>;
}

export interface DueLook {
  readonly key: TargetKey;
  readonly lookAt: Moment;
  readonly phase: string;
}

export interface KnownTarget {
  readonly key: TargetKey;
  readonly phase: string;
  /** What it ran when it was last looked at. */
  readonly revision?: TaskDefinitionArn;
}

export interface SweptService {
  readonly service: string;
  readonly status: string;
  readonly revision: TaskDefinitionArn;
  readonly desired: number;
  readonly running: number;
  /** More than one: something is in flight. */
  readonly deployments: number;
}

export interface SweptImage {
  readonly digest: ImageDigest;
  readonly tags: readonly string[];
  readonly pushedAt: Moment;
  readonly state: ImageState;
}
