/** One release under one rollout, from its history to the end: when it was sent back, and what it cost. */

import type { Chance } from './chance.ts';
import type { Rollout, Said } from './rollouts.ts';
import { type Before, type Published, Traffic, type World } from './traffic.ts';

export interface Ending {
  /** Seconds after the first new request at which it was said; undefined: it was not. */
  readonly saidAt: number | undefined;
  readonly said: Said | undefined;
  /** What the fault did until the traffic was back, or to the horizon. */
  readonly bad: number;
  /** When the rollout was at its end, and nothing had been said. */
  readonly doneAt: number | undefined;
}

export interface Limits {
  readonly horizon: number;
  /** Seconds from the word, said then, to the old weights. */
  wayBack(saidAt: number): number;
  /** Ends when the rollout does. */
  readonly untilOver: boolean;
}

export const LIMITS: Limits = { horizon: 40 * 60, wayBack: () => 60, untilOver: false };

export function playOut(
  world: World,
  before: Before,
  rollout: Rollout,
  chance: Chance,
  { horizon, wayBack, untilOver }: Limits,
): Ending {
  const traffic = new Traffic(world, before, chance);
  const published: Published[] = [];
  let bad = 0;
  let saidAt: number | undefined;
  let said: Said | undefined;
  let end = horizon;
  while (traffic.now < end) {
    if (said === undefined) {
      said = rollout.says(traffic.now, published);
      if (said !== undefined) {
        saidAt = traffic.now;
        end = Math.min(end, saidAt + wayBack(saidAt));
        // A healthy release costs nothing more.
        if (world.fault === 0) break;
      }
    }
    if (untilOver && rollout.over) return { saidAt, said, bad, doneAt: traffic.now };
    const minute = traffic.step(rollout.share);
    if (minute === undefined) continue;
    bad += minute.bad;
    published.push(minute);
  }
  return { saidAt, said, bad: bad + traffic.badSoFar(), doneAt: undefined };
}
