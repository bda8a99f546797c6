/**
 * Worlds in which releases of `web` are compared with what ran before: how its requests come, which of them fail and
 * whose fault that is, and what CloudWatch does not tell.
 */
import type { CommonErrors } from '@slipway/local-cloud/traffic/common-errors.ts';
import type { Strategy } from '../../shared/core/model/rules.ts';
import { type Chance, chanceOf } from './chance.ts';
import type { ShiftSettings } from './stage.ts';
import type { Step } from './story.ts';

const MINUTE = 60_000;
const SALT = 0x2d9e5;
const NATURE_SALT = 0x7a3c1;
/** Of the worlds that shift: what a release of those takes lasts twice as long. */
const SHARE = 0.15;

export interface JudgedExtras extends Partial<ShiftSettings> {
  readonly steps: readonly Step[];
}

/** Undefined: nobody decides by the judge in this world, though it watches. */
export function drawJudged(seed: number, minutes: number): JudgedExtras | undefined {
  const chance = chanceOf(seed ^ SALT);
  if (!chance.hits(SHARE)) return undefined;
  const judge = chance.hits(0.8) ? 'act' : 'watch';
  const requestsPerSecond = chance.pick([1, 10, 10, 50]);
  // A few requests a minute at a small share would be held for as long as a world lasts.
  const mayHold = judge === 'act' && requestsPerSecond > 1 && chance.hits(0.3);
  const strategy = judge === 'act' && chance.hits(0.7) ? drawHeld(chance) : undefined;
  const steps: Step[] = drawRelease(chance, minutes);
  // Of a service that was scaled to nothing no share is ever measured, so it stays.
  if (judge === 'act') {
    steps.push({ at: minutes * MINUTE, do: 'scale', service: 'web', desired: 2 });
  }
  for (let left = chance.whole(1, 3); left > 0; left--) {
    steps.push(drawTrouble(chance, minutes));
  }
  return {
    judge,
    requestsPerSecond,
    isUnguarded: chance.hits(0.5),
    ...(mayHold && { afterInconclusive: chance.pick(['hold', 'proceed'] as const) }),
    ...(strategy && { strategy }),
    ...drawNature(seed, minutes, steps),
  };
}

/** Answers of this model take 50 ms, whoever gives them. */
const SLOW_MS = 100;

/** By a stream of its own: what always fails a little, how long answers take, cold starts, and minutes in parts. */
function drawNature(
  seed: number,
  minutes: number,
  steps: readonly Step[],
): Pick<JudgedExtras, 'steps' | 'errors' | 'slowMs'> {
  const chance = chanceOf(seed ^ NATURE_SALT);
  const errors = chance.hits(0.5) ? drawErrors(chance) : undefined;
  const slowMs = chance.hits(0.4) ? SLOW_MS : undefined;
  const more: Step[] = [];
  for (let at = chance.whole(8, 30); at < minutes; at += chance.whole(30, 70)) {
    const behaviour = chance.pick([
      { warmUp: { errorRate: chance.pick([0.1, 0.2]), seconds: 20 } },
      slowMs === undefined ? {} : { latencyFactor: chance.pick([1.5, 3]) },
    ]);
    more.push({ at: at * MINUTE, do: 'push', repository: 'shop/web', behaviour });
  }
  if (chance.hits(0.4)) {
    const at = chance.whole(3, minutes - 1) * MINUTE;
    more.push({ at, do: 'halve', minutes: chance.pick([5, 20]), first: chance.pick([0.5, 0.9]) });
  }
  return {
    ...(errors && { errors }),
    ...(slowMs !== undefined && { slowMs }),
    steps: [...steps, ...more],
  };
}

function drawErrors(chance: Chance): CommonErrors {
  const rate = chance.pick([0.001, 0.005]);
  switch (chance.whole(0, 3)) {
    case 0:
      return { rate };
    case 1:
      return { rate, clusterSize: 8 };
    case 2:
      return { rate, clusterSize: 8, clusterTail: 'heavy' };
    default:
      return { rate, drift: 0.7 };
  }
}

/** As `judged()` makes it, in fewer steps than it would have by itself. */
function drawHeld(chance: Chance): Strategy {
  const stepPercent = chance.pick([10, 25, 40]);
  return { kind: 'linear', stepPercent, stepBakeMinutes: 0, bakeMinutes: 1, heldByJudge: true };
}

/** One in the first half at least, which answers worse from its beginning or later on, or does not. */
function drawRelease(chance: Chance, minutes: number): Step[] {
  const at = chance.whole(5, minutes / 2) * MINUTE;
  const errorRate = chance.pick([0, 0.05, 0.25, 0.6, 1]);
  const onset = chance.hits(0.3) ? { faultyAfterSeconds: chance.whole(60, 1_200) } : {};
  const behaviour = errorRate === 0 ? {} : { errorRate, ...onset };
  return [{ at, do: 'push', repository: 'shop/web', behaviour }];
}

function drawTrouble(chance: Chance, minutes: number): Step {
  const at = chance.whole(3, minutes - 1) * MINUTE + chance.whole(0, 59) * 1_000;
  switch (chance.whole(0, 6)) {
    case 0:
    case 1:
    case 2: {
      const errorRate = chance.pick([0.05, 0.3, 0.9]);
      return { at, do: 'outage', errorRate, minutes: chance.whole(2, 30) };
    }
    case 3: {
      const errorRate = chance.pick([0.2, 0.8]);
      return { at, do: 'blip', errorRate, seconds: chance.pick([15, 30, 240]) };
    }
    case 4:
      return { at, do: 'withhold', minutes: chance.pick([1, 4, 30]) };
    case 5:
      return { at, do: 'withhold', minutes: chance.pick([2, 10]), lateMinutes: chance.whole(1, 6) };
    default: {
      const kind = chance.pick(['throttled', 'refused', 'down'] as const);
      const operation = chance.pick(['GetMetricData', 'GetMetricData', 'DescribeServiceRevisions']);
      return { at, do: 'trouble', operation, kind, minutes: chance.pick([5, 30, 60]) };
    }
  }
}
