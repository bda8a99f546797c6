/** Rules about a share that the judge holds: which of them may not grow, and for how long each is judged. */
import type { Target } from '../../../../shared/config/config.ts';
import type { Strategy } from '../../../../shared/core/model/rules.ts';
import type { Rule } from '../finding.ts';
import { MINUTE, type Reign, type Truth } from '../truth.ts';
import { outageOver, sufferedBoth } from './causes.ts';
import { isPlainlyWorse, minutesOf, readable, sumOf } from './counts.ts';

type Say = (rule: Rule, facts: string) => void;

/** Then it is inconclusive, and the config says what follows. */
const HELD_MS = 20 * MINUTE;
/** What it said last, and the look before. */
const LOOKED_MS = 3 * MINUTE;
const NEAR = 0.006;
/** Of fewer requests nobody can say that five in a hundred more would have shown. */
const TOO_FEW = 40;

/** Of `judged()`, the method's own times: docs/judge.md. */
const FIRST_MS = 5 * MINUTE;
const MIDDLE_MS = MINUTE / 2;
const LAST_MS = 10 * MINUTE;

type Place = 'first' | 'middle' | 'last';

/** Where a share stands among the steps. */
function placeOf(strategy: Strategy, share: number): Place {
  if (strategy.kind !== 'linear' || share <= strategy.stepPercent / 100 + NEAR) return 'first';
  return share + strategy.stepPercent / 100 >= 1 - NEAR ? 'last' : 'middle';
}

/** Undefined: the alarms alone say how long, as for whatever is not held by the judge. */
export function leastMs({ rules }: Target, share: number): number | undefined {
  const { strategy, judge } = rules;
  if (strategy?.kind !== 'linear' || !strategy.heldByJudge || judge !== 'act') return undefined;
  const place = placeOf(strategy, share);
  return place === 'first' ? FIRST_MS : place === 'last' ? LAST_MS : MIDDLE_MS;
}

/** Does each of its alarms judge this share, before it grows? */
export function isLeftToJudge(target: Target, share: number): boolean {
  return leastMs(target, share) === MIDDLE_MS;
}

export interface Growth {
  readonly reign: Reign;
  readonly at: number;
  readonly before: number;
  /** Since when it had that share. */
  readonly grewAt: number;
  /** In words. */
  readonly when: string;
  readonly wasRedBefore: boolean;
}

export function judgeGrowth(truth: Truth, target: Target, growth: Growth, say: Say): void {
  const { strategy, judge, afterInconclusive } = target.rules;
  if (judge !== 'act' || strategy === undefined || growth.before < NEAR) return;
  const { reign, at, before, grewAt, when } = growth;
  const least = leastMs(target, before);
  if (least !== undefined && at < grewAt + least - 5_000) {
    say(LONG_ENOUGH, `${when}, after ${Math.round((at - grewAt) / 1_000)} s`);
  }
  const minutes = minutesOf(truth, reign, at);
  if (isPlainlyWorse(readable(minutes, at - LOOKED_MS))) say(NOT_WORSE, when);
  const isHeldOn = afterInconclusive === 'hold';
  const isOver = at > grewAt + HELD_MS;
  if (afterInconclusive !== 'proceed' && !wasMeasured(truth, reign, at)) say(MEASURED, when);
  if (growth.wasRedBefore) return;
  const outage = outageOver(truth, reign, at);
  if (outage !== undefined && at > outage.from + 6 * MINUTE && (!isOver || isHeldOn)) {
    const seen = readable(sufferedBoth(truth, reign, outage), at - LOOKED_MS);
    if (seen.length >= 2) say(IN_OUTAGE, `${when}, in an outage of both`);
  }
  const { newN } = sumOf(readable(minutes, at));
  if (placeOf(strategy, before) === 'first' && newN < TOO_FEW && (!isOver || isHeldOn)) {
    say(FEW, `${when}, after ${newN} requests that could be read`);
  }
}

const LONG_ENOUGH = '3. a share is judged for as long as the method says';
const NOT_WORSE = '3. no share of what is plainly worse grows';
const MEASURED = '3. what was never measured gets no more, unless the config says so';
const IN_OUTAGE = '3. no share grows while both suffer, until that is inconclusive';
const FEW = '3. a share with too few requests waits for as long as the config says';

/** Somebody of ours read CloudWatch when a minute of it could be read. */
function wasMeasured({ trail }: Truth, reign: Reign, at: number): boolean {
  const reads = trail.metricReads.filter((read) => read > reign.from && read < at);
  const last = reads.at(-1);
  return (
    last !== undefined &&
    [...trail.minutes].some(
      ([from, { publishedAt = Infinity, first }]) =>
        from >= reign.from - MINUTE &&
        Math.min(publishedAt, first?.at ?? Infinity) <= last &&
        from + 2 * MINUTE <= last,
    )
  );
}
