/** A rule that was tried, with its answer: what `explain` is made of. */
import { defined } from '../model/defined.ts';

export interface Tried {
  /** What had to hold, in words: `no alarm of this target is red`. */
  readonly rule: string;
  /** unknown: this look did not ask. */
  readonly verdict: 'yes' | 'no' | 'unknown';
  /** Why not, or what is known instead. */
  readonly because?: string;
}

export function yes(rule: string, because?: string): Tried {
  return defined({ rule, verdict: 'yes', because });
}

export function no(rule: string, because: string): Tried {
  return { rule, verdict: 'no', because };
}

export function unknown(rule: string, because: string): Tried {
  return { rule, verdict: 'unknown', because };
}

/** It holds unless there is a reason why not. */
export function unless(rule: string, because: string | undefined): Tried {
  return because === undefined ? yes(rule) : no(rule, because);
}

/** It holds if the condition is met. */
export function given(rule: string, condition: boolean, otherwise: string): Tried {
  return condition ? yes(rule) : no(rule, otherwise);
}
