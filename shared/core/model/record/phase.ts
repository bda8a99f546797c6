/** What is on its way, and what a person must do about it. */
import type { Moment, TaskDefinitionArn } from '../image.ts';
import type { Attempt, Evidence, FoundRollout, Release } from './release.ts';
import type { Condemned, RollbackStep, Skipped } from './rollback.ts';

/** What is on its way. What a person must do, and that a target left the config, stand beside it. */
export type Phase = Idle | Forward | Back | Baking | External;

/** A release of ours that is on its way, or baking. */
export function ownRelease(phase: Phase): Forward | Baking | undefined {
  return forwardOf(phase) ?? bakingOf(phase);
}

export function forwardOf(phase: Phase): Forward | undefined {
  return phase.phase === 'deploying' && phase.goal === 'forward' ? phase : undefined;
}

export function bakingOf(phase: Phase): Baking | undefined {
  return phase.phase === 'baking' && phase.of === 'release' ? phase : undefined;
}

export function externalOf(phase: Phase): External | undefined {
  return phase.phase === 'baking' && phase.of === 'external' ? phase : undefined;
}

export function backOf(phase: Phase): Back | undefined {
  return phase.phase === 'deploying' && phase.goal === 'back' ? phase : undefined;
}

/** Nothing of ours is on its way. Before the first look nothing is known of what runs, either. */
export interface Idle {
  readonly phase: 'idle';
}

/** A release of ours is on its way, until ECS says how it ended. */
export interface Forward {
  readonly phase: 'deploying';
  readonly goal: 'forward';
  readonly release: Release;
  readonly attempt: Attempt;
}

/** ECS says SUCCESSFUL; the release is watched until it is proven. */
export interface Baking {
  readonly phase: 'baking';
  readonly of: 'release';
  readonly release: Release;
  readonly attempt: Attempt;
  readonly rollout: FoundRollout;
  /** ECS's `finishedAt`: the bake begins here. */
  readonly succeededAt: Moment;
  /** How long its slowest alarm takes to judge, as CloudWatch told it last. */
  readonly judgesInMs?: number;
  /** Why the bake goes on past its end. */
  readonly extendedBecause?: string;
  /** Nothing runs, so nothing can be proven; the bake begins when tasks run. */
  readonly empty?: true;
  /** When tasks were first seen, if nothing ran before: what alarms saw before is not of this release. */
  readonly servesSince?: Moment;
}

/** Somebody else's deployment, or what ran before us: watched, and adopted when it proves itself. */
export interface External {
  readonly phase: 'baking';
  readonly of: 'external';
  readonly revision: TaskDefinitionArn;
  /** `createdAt` of its PRIMARY deployment: the window of its alarms begins here. */
  readonly createdAt: Moment;
  /** Our clock when we began to watch it. */
  readonly since: Moment;
  /** Our clock when it was first seen complete and steady. */
  readonly steadyAt?: Moment;
  /** Minutes from steady to adopted; 0 for what ran before us. */
  readonly bakeMinutes: number;
  readonly evidence: Evidence;
}

/** A condemned release must go: a rollback is a rollout with another goal. */
export interface Back {
  readonly phase: 'deploying';
  readonly goal: 'back';
  readonly condemned: Condemned;
  readonly since: Moment;
  readonly step: RollbackStep;
  /** Rungs that could not be used this time, and why. */
  readonly skipped: readonly Skipped[];
  /** Rollbacks of ours that were started for it. */
  readonly started: number;
}

/** A person is needed; a newer push helps too. */
export interface NeedsAttention {
  readonly because: string;
  /** What the person can do, as it was told. */
  readonly next?: string;
  readonly since: Moment;
  /** Nothing is there that could be driven: neither is anything known of what runs. */
  readonly gone?: true;
  /** The rollback that is still tried meanwhile. */
  readonly stillTried?: { readonly condemned: Condemned; readonly nextAt: Moment };
  /** Nothing can be returned to; it is over when what runs is adopted. */
  readonly untilAdopted?: true;
  /** A rollback would fail now: it is over when it would not. */
  readonly unprepared?: true;
  /** ECS waits for our hook, and will not for long: it is over when it goes on. */
  readonly waits?: true;
  /** The load balancer does not do what ECS says: it is over when it does. */
  readonly traffic?: true;
}

export type Standing =
  | 'new'
  | 'idle'
  | 'deploying'
  | 'rolling-back'
  | 'baking'
  | 'watching'
  | 'needs-attention'
  | 'retired';
