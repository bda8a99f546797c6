/**
 * What must hold before a phase goes on, in the order in which it is asked: the first rule that does
 * not hold decides. `explain` prints the same lists, so what is explained is what decides.
 */
import type { Decision } from '../model/decision.ts';
import type { ObservedRollout, StandingObservation } from '../model/observation.ts';
import type { Forward } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';

export interface At<P> {
  readonly record: TargetRecord;
  readonly phase: P;
  readonly observation: StandingObservation;
}

export interface Rule<P> {
  /** In words, for whoever asks why. */
  readonly rule: (at: At<P>) => string;
  /** Why it does not hold; undefined: it holds. */
  readonly broken: (at: At<P>) => string | undefined;
  /** Nothing is asked for it before those before it hold. */
  readonly isAskedLast?: true;
  readonly otherwise: (at: At<P>, because: string) => Decision;
}

/** What the first broken rule decides; undefined: all of them hold. */
export function firstBroken<P>(rules: readonly Rule<P>[], at: At<P>): Decision | undefined {
  for (const { broken, otherwise } of rules) {
    const why = broken(at);
    if (why !== undefined) return otherwise(at, why);
  }
  return undefined;
}

/** A release of ours, and the rollout of it that ECS lists. */
export type Followed = Forward & { readonly listed: ObservedRollout };
