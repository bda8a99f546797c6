/** How fast the pure core decides: the history of simulated worlds, decided again. */

import { replay } from '../shared/core/explain/replay.ts';
import type { HistoryEntry } from '../shared/core/model/record/outbox.ts';
import { drawWorld, simulate } from '../test/simulation/simulate.ts';

const WORLDS = 20;
const SECONDS = 2;

export interface CoreSpeed {
  readonly decisionsPerSecond: number;
  readonly decisionsInHistory: number;
}

export async function measureCore(): Promise<CoreSpeed> {
  const histories: (readonly [string, readonly HistoryEntry[]])[] = [];
  for (let seed = 1; seed <= WORLDS; seed++) {
    const { histories: found } = await simulate(drawWorld(seed));
    histories.push(...found);
  }
  const decisionsInHistory = histories.reduce((sum, [, entries]) => sum + entries.length, 0);
  let decided = 0;
  const began = performance.now();
  while (performance.now() - began < SECONDS * 1000) {
    for (const [key, entries] of histories) decided += replay(key, entries).steps.length;
  }
  const seconds = (performance.now() - began) / 1000;
  return { decisionsPerSecond: Math.round(decided / seconds), decisionsInHistory };
}
