/** Bad answers until a faulty release is back, by strategy, and what ends it: the judge or an alarm of ECS. */
import type { History } from '../../shared/judge/minute.ts';
import { Chance } from './chance.ts';
import { type Ending, LIMITS, playOut } from './play-out.ts';
import {
  alarmed,
  byTheClock,
  gated,
  judgedByTheClock,
  MORE_THAN_5_ERRORS,
  MORE_THAN_5_PERCENT,
  type Rollout,
} from './rollouts.ts';
import { linear } from './steps.ts';
import { CALM, drawBefore } from './traffic.ts';

interface Strategy {
  readonly name: string;
  rollout(history: History, chance: Chance): Rollout;
  readonly wayBack?: (saidAt: number) => number;
}

/**
 * Of a rolling rollout: while old tasks still run they only have to be given the traffic; later they have
 * to be started. When the last of them is gone is not known: three minutes are assumed.
 */
const ROLLING_BACK = (saidAt: number) => (saidAt < 180 ? 20 : 60);

const TEN_MINUTES = 600;
const TWO_OF_THREE = { breaches: MORE_THAN_5_PERCENT, datapoints: 2, periods: 3 };

/** As many columns as need no other signal than two target groups. */
export const STRATEGIES: readonly Strategy[] = [
  {
    name: 'ECS rolling, alarm 2 of 3 > 5 %',
    rollout: (_, chance) =>
      byTheClock([100], TEN_MINUTES, alarmed({ of: 'all', ...TWO_OF_THREE }, chance)),
    wayBack: ROLLING_BACK,
  },
  {
    name: 'ECS rolling, 1 of 1 > 5 errors',
    rollout: (_, chance) =>
      byTheClock(
        [100],
        TEN_MINUTES,
        alarmed({ of: 'all', breaches: MORE_THAN_5_ERRORS, datapoints: 1, periods: 1 }, chance),
      ),
    wayBack: ROLLING_BACK,
  },
  {
    name: 'ECS canary 5 %/10 min, alarm on all',
    rollout: (_, chance) =>
      byTheClock([5, 100], TEN_MINUTES, alarmed({ of: 'all', ...TWO_OF_THREE }, chance)),
  },
  {
    name: 'ECS canary 5 %/10 min, alarm on the new group',
    rollout: (_, chance) =>
      byTheClock([5, 100], TEN_MINUTES, alarmed({ of: 'new', ...TWO_OF_THREE }, chance)),
  },
  { name: 'judged LINEAR 5 %', rollout: (history) => gated(history, linear(5), 30) },
  { name: 'judged CANARY 5 %', rollout: (history) => gated(history, [5, 100], 30) },
  { name: 'judged CANARY 10 %', rollout: (history) => gated(history, [10, 100], 30) },
  {
    name: 'LINEAR 10 %/3 min by the clock, judged',
    rollout: (history) => judgedByTheClock(history, linear(10), 180),
  },
];

export const JUDGED_LINEAR = 4;
/** Each middle step as short as a look: the next one follows at the next. */
const SHORTEST: Strategy = {
  name: 'judged LINEAR 5 %, middle steps at their shortest',
  rollout: (history) => gated(history, linear(5), 0),
};
export const RATES: readonly number[] = [60, 600, 3_000, 6_000];
export const FAULTS: readonly number[] = [0.005, 0.01, 0.05, 0.25, 1];

export interface Cell {
  readonly requestsPerMinute: number;
  readonly fault: number;
  readonly strategy: string;
  /** Mean over all runs. */
  readonly bad: number;
  /** The share that was sent back, and after how many minutes: the median of those. */
  readonly found: number;
  readonly minutes: number | undefined;
}

export function measureCell(
  strategy: Strategy,
  requestsPerMinute: number,
  fault: number,
  runs: number,
  seed: number,
): Cell {
  const chance = new Chance(seed);
  const world = { ...CALM, requestsPerMinute, baseRate: 0.001, fault };
  const limits = { ...LIMITS, wayBack: strategy.wayBack ?? LIMITS.wayBack };
  const endings: Ending[] = [];
  for (let i = 0; i < runs; i++) {
    const before = drawBefore(world, chance);
    const rollout = strategy.rollout(before.history, chance);
    endings.push(playOut(world, before, rollout, chance, limits));
  }
  const said = endings.flatMap(({ saidAt }) => (saidAt === undefined ? [] : [saidAt / 60]));
  said.sort((a, b) => a - b);
  return {
    requestsPerMinute,
    fault,
    strategy: strategy.name,
    bad: endings.reduce((sum, { bad }) => sum + bad, 0) / runs,
    found: said.length / runs,
    minutes: said[Math.floor(said.length / 2)],
  };
}

/** Beside the usual middle steps. */
export function measureShortest(
  requestsPerMinute: number,
  fault: number,
  runs: number,
  seed: number,
) {
  return measureCell(SHORTEST, requestsPerMinute, fault, runs, seed);
}

/** Of a middle step, as it is recommended. */
function usualMiddle(percent: number): number {
  return percent === 5 ? 30 : 60;
}

/** Minutes until a release that nothing is wrong with has all the traffic: the median. */
export function minutesToAll(
  percent: number,
  runs: number,
  seed: number,
  middle = usualMiddle(percent),
): number {
  const chance = new Chance(seed);
  const world = { ...CALM, requestsPerMinute: 3_000, baseRate: 0.001 };
  const limits = { ...LIMITS, horizon: 7_200, untilOver: true };
  const took = Array.from({ length: runs }, () => {
    const before = drawBefore(world, chance);
    const gate = gated(before.history, linear(percent), middle);
    const { doneAt } = playOut(world, before, gate, chance, limits);
    return (doneAt ?? Number.POSITIVE_INFINITY) / 60;
  }).sort((a, b) => a - b);
  return took[Math.floor(runs / 2)] ?? Number.POSITIVE_INFINITY;
}
