/** One thing that is fed, and what it promises. */
import type fc from 'fast-check';
import type { Places } from './drawn.ts';

export interface FuzzTarget {
  readonly name: string;
  /** Of the inputs, relative to the others. */
  readonly share: number;
  readonly places?: Places;
  readonly plan: fc.Arbitrary<unknown>;
  /** Fed first, if there are inputs enough. */
  readonly first?: readonly unknown[];
  /** What a plan stands for: handed to `feed`, and shown when it breaks a promise. */
  input(plan: unknown): unknown;
  /** Gives the kind of what came of it; throws when a promise is broken. */
  feed(input: unknown): Promise<string> | string;
}

/** Typed where it is made, and one of many afterwards. */
export function target<Plan, Input>(made: {
  readonly name: string;
  readonly share: number;
  readonly places?: Places;
  readonly plan: fc.Arbitrary<Plan>;
  readonly first?: readonly Plan[];
  readonly input: (plan: Plan) => Input;
  readonly feed: (input: Input) => Promise<string> | string;
}): FuzzTarget {
  return made as unknown as FuzzTarget;
}
