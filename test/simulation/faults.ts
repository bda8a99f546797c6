/** What can go wrong, by name, and how often it does in a world that has it. */
import type { Chance } from './chance.ts';

export const FAULTS = [
  'event-lost',
  'event-doubled',
  'event-late',
  'message-doubled',
  'killed',
  'paused',
  'answer-lost',
  'throttled',
  'stale-reads',
  'clocks-apart',
  'bus-down',
] as const;

/** Drawn apart, so that the worlds of older seeds stay what they are. */
const SLOW_FAULTS = ['timed-out', 'budget-spent'] as const;

/** Of the function that ECS asks before each step of a shift; drawn where traffic is shifted. */
const HOOK_FAULTS = ['hook-slow', 'hook-doubled', 'hook-late'] as const;

export type FaultName =
  | (typeof FAULTS)[number]
  | (typeof SLOW_FAULTS)[number]
  | (typeof HOOK_FAULTS)[number];

/** Probability for each occasion (event, message or call) in a world that has the fault. */
export type Faults = Readonly<Partial<Record<FaultName, number>>>;

const MOST: Readonly<Record<FaultName, number>> = {
  'event-lost': 0.3,
  'event-doubled': 0.3,
  'event-late': 0.3,
  'message-doubled': 0.2,
  killed: 0.03,
  paused: 0.02,
  'answer-lost': 0.05,
  throttled: 0.1,
  'stale-reads': 1,
  'clocks-apart': 1,
  'bus-down': 0.3,
  'timed-out': 1,
  'budget-spent': 0.5,
  'hook-slow': 0.1,
  'hook-doubled': 0.3,
  'hook-late': 0.2,
};

/** Each world has some faults and not others: a rare mix says more than all of them always. */
export function drawFaults(chance: Chance, allowed: readonly FaultName[] = FAULTS): Faults {
  const drawn: Partial<Record<FaultName, number>> = {};
  for (const name of FAULTS) {
    const has = chance.hits(0.5);
    const share = Math.round((0.2 + 0.8 * chance.next()) * MOST[name] * 1000) / 1000;
    if (has && allowed.includes(name)) drawn[name] = share;
  }
  return drawn;
}

export function describeFaults(faults: Faults): string {
  const parts = Object.entries(faults).map(([name, share]) => `${name} ${share}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
