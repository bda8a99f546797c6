/** That the judge holds the share that a release has: whoever looks shall not read that ECS is at work. */

import { clockTime } from '../model/moment.ts';
import { forwardOf } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { goesOnInconclusive, heldShareOf } from '../release/judge/steps.ts';

/** In words, with how it ends; undefined: none is held, or it has none of the traffic yet. */
export function shareHeld({ phase }: TargetRecord): string | undefined {
  const forward = forwardOf(phase);
  const held = forward && heldShareOf(forward);
  if (forward === undefined || held === undefined || held.share === 0) return undefined;
  const { said, until } = held;
  const otherwise = goesOnInconclusive(forward.release.rules, said)
    ? `at ${clockTime(until)} that is inconclusive, and the traffic goes on by one step`
    : 'it stays until that changes, or it is rolled back';
  return `the share stays while the judge says ${said.state} (${said.because}); ${otherwise}`;
}
