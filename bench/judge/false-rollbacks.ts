/** How many healthy releases of a family are sent back. */
import { Chance } from './chance.ts';
import type { Family } from './families.ts';
import { LIMITS, playOut } from './play-out.ts';
import { gated, judgedByTheClock } from './rollouts.ts';
import { linear } from './steps.ts';
import { drawBefore } from './traffic.ts';

export interface FalseRollbacks {
  readonly releases: number;
  /** LINEAR in steps of 5 or 10 %, each held by the gate, to its end. */
  readonly linear: { readonly condemned: number; readonly alone: number };
  /** CANARY 5 or 10 % for ten minutes, then everything, over half an hour. */
  readonly canary: { readonly condemned: number; readonly alone: number };
}

const HOUR = 3_600;

export function countFalseRollbacks(
  family: Family,
  releases: number,
  seed: number,
): FalseRollbacks {
  const chance = new Chance(seed);
  const linearly = { condemned: 0, alone: 0 };
  const canary = { condemned: 0, alone: 0 };
  for (let i = 0; i < releases; i++) {
    const percent = chance.oneOf([5, 10]);
    const middle = percent === 5 ? 30 : 60;
    const world = family.draw(chance);
    const before = drawBefore(world, chance);
    const gate = gated(before.history, linear(percent), middle);
    const held = playOut(world, before, gate, chance, {
      ...LIMITS,
      horizon: 2 * HOUR,
      untilOver: true,
    });
    if (held.said === 'condemned' || held.said === 'alone') linearly[held.said]++;
    const twoSteps = judgedByTheClock(before.history, [percent, 100], 600);
    const shifted = playOut(world, before, twoSteps, chance, { ...LIMITS, horizon: HOUR / 2 });
    if (shifted.said === 'condemned' || shifted.said === 'alone') canary[shifted.said]++;
  }
  return { releases, linear: linearly, canary };
}

/** Of two samples that were drawn from different seeds. */
export function together(one: FalseRollbacks, other: FalseRollbacks): FalseRollbacks {
  const sum = (strategy: 'linear' | 'canary') => ({
    condemned: one[strategy].condemned + other[strategy].condemned,
    alone: one[strategy].alone + other[strategy].alone,
  });
  return {
    releases: one.releases + other.releases,
    linear: sum('linear'),
    canary: sum('canary'),
  };
}
