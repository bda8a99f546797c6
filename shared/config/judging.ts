/** Whether a target's traffic is shifted, and whether the judge has a say in it. */
import { defined } from '../core/model/defined.ts';
import type { Rules, Strategy } from '../core/model/rules.ts';
import type { ParsedTarget } from './schema.ts';

/** Undefined: its traffic is not shifted. */
export function shifting(strategy: ParsedTarget['strategy']): Strategy | undefined {
  return strategy === undefined || strategy.kind === 'rolling' ? undefined : strategy;
}

/** It needs two target groups, which only a shift has. */
export function judgeOf({
  strategy,
  judge,
  afterInconclusive,
  slowMs,
  ownRequests,
}: ParsedTarget): Pick<Rules, 'judge' | 'afterInconclusive' | 'slowMs' | 'ownRequests'> {
  const isHeld = strategy?.kind === 'linear' && strategy.heldByJudge === true;
  const how = judge ?? (isHeld ? 'act' : shifting(strategy) ? 'watch' : 'off');
  if (how === 'off') return {};
  const sends = ownRequests && (true as const);
  return { judge: how, ...defined({ afterInconclusive, slowMs, ownRequests: sends }) };
}
