/** That the judge holds the share that a release has: whoever looks shall not read that ECS is at work. */
import { forwardOf } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { clockTime } from '../release/evidence.ts';
import {
  goesOnInconclusive,
  HELD_MS,
  leastOf,
  letsThrough,
  placeOf,
} from '../release/judge/steps.ts';

/** In words, with how it ends; undefined: it does not, or the share has not been there for as long as any. */
export function shareHeld({ phase }: TargetRecord): string | undefined {
  const { release, attempt } = forwardOf(phase) ?? {};
  const step = attempt?.course?.steps.at(-1);
  if (release === undefined || step === undefined) return undefined;
  const { rules, evidence } = release;
  const { judged } = evidence;
  if (rules.judge !== 'act' || rules.strategy === undefined || judged === undefined)
    return undefined;
  // Those send it back.
  if (judged.state === 'condemned' || judged.state === 'alone') return undefined;
  if (step.share === 0 || step.share > 1 - 1e-6) return undefined;
  if (letsThrough(judged, placeOf(rules.strategy, step.share), release)) return undefined;
  const until = clockTime(step.seenAt + leastOf(rules.strategy, step.share) + HELD_MS);
  const otherwise = goesOnInconclusive(rules, judged)
    ? `at ${until} that is inconclusive, and the traffic goes on by one step`
    : 'it stays until that changes, or it is rolled back';
  return `the share stays while the judge says ${judged.state} (${judged.because}); ${otherwise}`;
}
