/** What a judgement costs: microseconds, and that over parsing the same counts from JSON, which any look must. */

import { judge } from '../../shared/judge/judge.ts';
import type { History, Minute } from '../../shared/judge/minute.ts';
import { Chance } from './chance.ts';
import { CALM, drawBefore, Traffic } from './traffic.ts';

export interface LookSpeed {
  readonly microseconds: number;
  readonly judgementsPerMinute: number;
  /** Over `JSON.parse` of the counts. */
  readonly ratio: number;
  readonly ratioMax: number;
}

/** A judgement reads four hours of history and half an hour of a release, from the start. */
const MINUTES = 30;
const RATIO_MAX = 4;
const ROUNDS = 41;
const CALLS = 200;

export function measureLook(): LookSpeed {
  const { history, minutes } = someRelease();
  const text = JSON.stringify({ history, minutes });
  const judged: number[] = [];
  const parsed: number[] = [];
  // Turn by turn, so that a busy machine slows both.
  for (let round = 0; round < ROUNDS; round++) {
    judged.push(microsecondsOf(() => judge(history, minutes)));
    parsed.push(microsecondsOf(() => JSON.parse(text)));
  }
  const microseconds = median(judged);
  return {
    microseconds: Math.round(microseconds),
    judgementsPerMinute: Math.round(60_000_000 / microseconds),
    ratio: Number((microseconds / median(parsed)).toFixed(2)),
    ratioMax: RATIO_MAX,
  };
}

function someRelease(): { readonly history: History; readonly minutes: readonly Minute[] } {
  const chance = new Chance(1);
  const world = { ...CALM, requestsPerMinute: 3_000, baseRate: 0.001 };
  const before = drawBefore(world, chance);
  const traffic = new Traffic(world, before, chance);
  const minutes: Minute[] = [];
  while (minutes.length < MINUTES) {
    const published = traffic.step(0.05);
    if (published !== undefined) minutes.push(published.minute);
  }
  return { history: before.history, minutes };
}

/** CPU time: what others do on the machine is not counted. */
function microsecondsOf(call: () => unknown): number {
  const began = process.cpuUsage();
  for (let i = 0; i < CALLS; i++) call();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / CALLS;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
