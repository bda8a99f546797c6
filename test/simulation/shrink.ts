/** A smaller story that breaks the same rule: steps and faults are left out while it still breaks. */
import type { Faults } from './faults.ts';
import { type Outcome, simulate, type World } from './simulate.ts';

const ATTEMPTS_MAX = 200;

export interface Shrunk {
  readonly world: World;
  readonly outcome: Outcome;
}

/** `ruleOf` the first broken sentence: what stands before its facts. */
export async function shrink(world: World, outcome: Outcome): Promise<Shrunk> {
  const rule = ruleOf(outcome);
  let best: Shrunk = { world, outcome };
  let attempts = 0;
  const attempt = async (smaller: World): Promise<boolean> => {
    if (attempts++ >= ATTEMPTS_MAX) return false;
    const next = await simulate(smaller);
    if (ruleOf(next) !== rule) return false;
    best = { world: smaller, outcome: next };
    return true;
  };
  for (const name of Object.keys(world.faults) as (keyof Faults)[]) {
    const { [name]: _, ...faults } = best.world.faults;
    await attempt({ ...best.world, faults });
  }
  for (let size = Math.ceil(world.story.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.world.story.length; ) {
      const { story } = best.world;
      const gone = await attempt({ ...best.world, story: story.toSpliced(at, size) });
      if (!gone) at += size;
    }
  }
  return best;
}

function ruleOf({ broken }: Outcome): string {
  return broken[0]?.split(':')[0] ?? '';
}
