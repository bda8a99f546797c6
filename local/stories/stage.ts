/** Where a scenario is played: with Slipway in it, or with ECS alone. */
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { Pipeline, Target } from '../../shared/config/config.ts';
import type { ImageNames } from './image-names.ts';

export interface Stage {
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly labels: ImageNames;
  /** Lets everything happen up to this moment. */
  runUntil(until: number): Promise<void>;
  /** The next events of this kind never come. */
  lose(detailType: string, count: number): void;
  /** An event comes as it is to whoever listens to its like. */
  deliver(event: unknown): void;
  /** A person's word for a target. */
  ask(target: Target, word: object): void;
  /** A line of the story. */
  tell(text: string): void;
  /** A commit was pushed; absent: GitHub's webhook says it. */
  pushed?(push: CommitPushed): void;
}

export interface CommitPushed {
  /** `acme/shop` */
  readonly repository: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly commit: string;
  readonly paths: readonly string[];
}
