/** One world of `npm run simulate`, in this thread or in one of its own. */
import type { FaultName } from './faults.ts';
import { drawWorld, type Outcome, simulate } from './simulate.ts';
import { answerWith } from './workers.ts';

export interface WorldTask {
  readonly seed: number;
  readonly allowed: readonly FaultName[];
  readonly withLog: boolean;
  readonly full: boolean;
  readonly throttling: boolean;
}

export async function playWorld({ seed, allowed, ...how }: WorldTask): Promise<Outcome> {
  return await simulate(drawWorld(seed, allowed), how);
}

answerWith(playWorld);
