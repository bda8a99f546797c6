/** Why a target is in its phase, and since when, by what is remembered of it. */
import { backOf, bakingOf } from '../../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { bakeEndsAt } from '../../shared/core/release/bake-window.ts';
import { iso } from './words.ts';

export function becauseOf({ phase, waiting, hold, needsAttention }: TargetRecord): string | null {
  const back = backOf(phase);
  if (back !== undefined) return back.condemned.because;
  if (needsAttention !== undefined) return needsAttention.because;
  const baking = bakingOf(phase);
  if (baking !== undefined) {
    const ends = `its bake ends at ${iso(bakeEndsAt(baking)).slice(11, 19)} UTC`;
    return baking.extendedBecause ?? ends;
  }
  const held = heldOf(waiting);
  if (held !== undefined) return `held: ${held.because}`;
  return hold === undefined ? null : `held: ${hold.by}: ${hold.because}`;
}

/** Of a target at rest: since it asks for a person, else since it is held, else since it rests. */
export function sinceWhen({
  phase,
  runs,
  lastEnded,
  needsAttention,
  hold,
  waiting,
}: TargetRecord): number | undefined {
  switch (phase.phase) {
    case 'idle':
      return (
        needsAttention?.since ??
        heldOf(waiting)?.since ??
        hold?.since ??
        restsSince(runs?.since, lastEnded)
      );
    case 'deploying':
      return phase.goal === 'forward' ? phase.release.startedAt : phase.since;
    case 'baking':
      return phase.of === 'release' ? phase.succeededAt : phase.since;
  }
}

/** A release of ours ends later than what runs began: it rests since that end. What was adopted ran before. */
function restsSince(
  began: number | undefined,
  ended: TargetRecord['lastEnded'],
): number | undefined {
  const isOurs = ended?.revision !== undefined && ended.kind !== 'adopted';
  return began === undefined || !isOurs ? began : Math.max(ended.at, began);
}

function heldOf(waiting: TargetRecord['waiting']) {
  return Object.values(waiting).find((one) => one.held !== undefined)?.held;
}
