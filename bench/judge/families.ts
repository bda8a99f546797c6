/** Healthy releases that look ill, each in its own way: what must not condemn them. */
import type { Chance } from './chance.ts';
import { CALM, type World } from './traffic.ts';

export interface Family {
  readonly name: string;
  draw(chance: Chance): World;
}

/** How long a release is looked at where an event falls somewhere into it. */
const SPAN = 30 * 60;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const OUTAGE_MAX = 10 * 60;
const BLIP_MAX = 30;

export const FAMILIES: readonly Family[] = [
  { name: 'independent errors', draw: (chance) => some(chance) },
  { name: 'clusters, mean 3', draw: (chance) => ({ ...some(chance), clusterSize: 3 }) },
  { name: 'clusters, mean 8', draw: (chance) => ({ ...some(chance), clusterSize: 8 }) },
  {
    name: 'clusters, mean 8, heavy tail',
    draw: (chance) => ({ ...some(chance), clusterSize: 8, clusterTail: 'heavy' }),
  },
  { name: 'drift of both (sd 0.7)', draw: (chance) => ({ ...some(chance), drift: 0.7 }) },
  {
    name: 'an outage of both in every release',
    draw: (chance) => ({ ...some(chance), outage: outage(chance) }),
  },
  {
    name: 'each release comes into an outage of both',
    draw: (chance) => ({ ...some(chance), outage: outageBefore(chance) }),
  },
  {
    name: 'warm-up: up to 10 %, decaying in 20 s',
    draw: (chance) => ({ ...some(chance), warmUp: warmUp(chance) }),
  },
  { name: '5 % of minutes missing', draw: (chance) => ({ ...some(chance), missing: 0.05 }) },
  {
    name: 'a blip of the new one only, at most 30 s, in every release',
    draw: (chance) => ({ ...some(chance), blip: blip(chance) }),
  },
  { name: 'mixture', draw: mixture },
];

function some(chance: Chance): World {
  return {
    ...CALM,
    requestsPerMinute: chance.logUniform(10, 100_000),
    baseRate: chance.oneOf([0, 0.0001, 0.001, 0.005, 0.02]),
  };
}

/** Clusters and a drift in each, and now and then the rest. */
function mixture(chance: Chance): World {
  return {
    ...some(chance),
    clusterSize: 2,
    drift: 0.5,
    missing: 0.01,
    ...(chance.happens(0.01) ? { outage: outage(chance) } : {}),
    ...(chance.happens(0.3) ? { warmUp: warmUp(chance) } : {}),
    ...(chance.happens(0.002) ? { blip: blip(chance) } : {}),
  };
}

function outage(chance: Chance) {
  const from = chance.uniform(0, SPAN);
  const to = from + chance.uniform(0, OUTAGE_MAX);
  return { from, to, rate: chance.logUniform(0.005, 0.9) };
}

/** Young or old, and over soon or not. */
function outageBefore(chance: Chance) {
  const from = -chance.uniform(MINUTE, 2 * HOUR);
  const to = chance.uniform(0, 2 * SPAN);
  return { from, to, rate: chance.logUniform(0.02, 0.9) };
}

function warmUp(chance: Chance) {
  return { rate: chance.uniform(0, 0.1), tau: 20 };
}

function blip(chance: Chance) {
  const from = chance.uniform(0, SPAN);
  const to = from + chance.uniform(0, BLIP_MAX);
  return { from, to, rate: chance.uniform(0.05, 0.5) };
}
