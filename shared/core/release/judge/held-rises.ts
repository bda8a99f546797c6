/** While both revisions suffer, an alarm tells of both: what rises then is held, and not for ever. */
import type { Observation } from '../../model/observation.ts';
import type { Evidence } from '../../model/record/release.ts';
import { MINUTE, type Rules } from '../../model/rules.ts';
import { countsAgainst, type Window } from '../evidence.ts';

/** So long an alarm that rises while both suffer is held; then it means what alarms mean. */
const HELD_MS = 20 * MINUTE;

/**
 * An alarm that rises while the judge says that both suffer tells of both: it is held. Not for ever: who is
 * red for longer than that means what alarms mean.
 */
export function withHeldRises(
  evidence: Evidence,
  rules: Rules,
  window: Window,
  { at, alarms, judged }: Observation,
): Evidence {
  if (rules.judge !== 'act') return evidence;
  const isOver = (rise: HeldRise) =>
    at >= rise.at + HELD_MS && alarms?.[rise.alarm]?.state === 'ALARM';
  const before = evidence.heldRises ?? [];
  const kept = before.filter((rise) => !isOver(rise));
  const fresh =
    judged?.state !== 'alike'
      ? []
      : evidence.rises.filter(
          (rise) =>
            countsAgainst(rise, window) &&
            !before.some((held) => isSame(held, rise)) &&
            !isOver(rise),
        );
  if (fresh.length === 0 && kept.length === before.length) return evidence;
  return { ...evidence, heldRises: [...kept, ...fresh.map(({ alarm, at }) => ({ alarm, at }))] };
}

type HeldRise = NonNullable<Evidence['heldRises']>[number];

function isSame(one: HeldRise, other: HeldRise): boolean {
  return one.alarm === other.alarm && one.at === other.at;
}
