/**
 * Mutants of freezes and of promotion, each played in a story, which must not end as it says: scenes promote
 * nothing.
 */
import type { Change } from './place.ts';

export interface StoryMutant extends Change {
  /** In `local/scenarios`. */
  readonly story: string;
  /** A part of what is not as it should be then. */
  readonly said: string;
}

export const STORY_MUTANTS: readonly StoryMutant[] = [
  {
    name: 'a freeze that freezes nothing',
    file: 'shared/core/gates/freeze-gate.ts',
    find: 'if (freeze === undefined || now === undefined) return undefined;',
    replace: 'if (freeze === undefined || now === undefined || now.until > 0) return undefined;',
    story: 'frozen-but-not-for-a-rollback',
    said: 'web runs in app: main-2',
  },
  {
    name: 'a promotion that waits for no proof',
    file: 'shared/core/gates/promotion-gate.ts',
    find: 'if (after === undefined || proofs === undefined) return undefined;',
    replace: 'if (after === undefined || proofs !== undefined) return undefined;',
    story: 'promoted-when-proven',
    said: 'web quarantined: main-1',
  },
];
