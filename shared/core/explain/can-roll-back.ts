/**
 * Could this target roll back now, and to what? It is asked by deciding what a person's word would
 * lead to, so that the answer is what would happen and no second copy of the rules.
 */
import { decide } from '../decide.ts';
import { defined } from '../model/defined.ts';
import type { Moment } from '../model/image.ts';
import type { RollbackCandidate } from '../model/record/candidate.ts';
import { backOf } from '../model/record/phase.ts';
import type { Skipped } from '../model/record/rollback.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { nextCandidate } from '../release/rollback-candidates.ts';

export type CouldReturn =
  | { readonly possible: true; readonly candidate: RollbackCandidate }
  | { readonly possible: false; readonly because: string };

/**
 * `to`: the release that a person chose. `gone`: candidates that were looked at and cannot be started any
 * more. In watch mode it says where the way would lead.
 */
export function couldReturn(
  record: TargetRecord,
  at: Moment,
  { to, gone = [] }: { readonly to?: string; readonly gone?: readonly Skipped[] } = {},
): CouldReturn {
  if (backOf(record.phase) !== undefined) {
    return { possible: false, because: 'a rollback is on its way already' };
  }
  const decided = decide(
    { ...record, rules: { ...record.rules, mode: 'act' } },
    {
      type: 'CommandReceived',
      at,
      id: 'could it roll back now?',
      by: 'somebody',
      because: 'a question',
      command: defined({ do: 'rollback', to }),
    },
  );
  const phase = backOf(decided.record.phase);
  if (phase === undefined) {
    return { possible: false, because: decided.because.replace(/^refused: /, '') };
  }
  const candidate = nextCandidate(decided.record, { ...phase, skipped: gone });
  if (candidate !== undefined) {
    const forbidden = record.waysBack?.forbidden?.find(
      ({ revision }) => revision === candidate.revision,
    );
    return forbidden === undefined
      ? { possible: true, candidate }
      : { possible: false, because: `${candidate.release}: ${forbidden.because}` };
  }
  const lost = gone.map(({ because }) => because);
  return {
    possible: false,
    because: lost.length === 0 ? 'no other release is proven' : lost.join('; '),
  };
}
