/** What a story leaves out of a shift: many quick steps are told as one, and a step that a hook let go on by itself. */
import type { Entry, HookAnswered, TrafficMoved } from '../../local/stories/timeline.ts';

/** Steps that come closer than this are told as one. */
const QUICK_MS = 60_000;
/** So many are told one by one. */
const FEW = 3;
/** ECS moves the traffic at once when the hook has let it. */
const AT_ONCE_MS = 5_000;

export interface Folds {
  readonly left: ReadonlySet<Entry>;
  /** By the last of a run of steps, how many they are. */
  readonly steps: ReadonlyMap<Entry, number>;
}

/** `timeline`: in the order of time. */
export function foldsOf(timeline: readonly Entry[]): Folds {
  const left = new Set<Entry>();
  const steps = new Map<Entry, number>();
  for (const [target, moves] of movesByTarget(timeline)) {
    const hooks = timeline.filter((one) => one.type === 'hook' && one.target === target);
    for (const run of quickRuns(moves)) {
      const [first, last] = [run[0], run.at(-1)];
      if (run.length <= FEW || first === undefined || last === undefined) continue;
      for (const move of run.slice(1, -1)) left.add(move);
      for (const hook of hooks) if (hook.at > first.at && hook.at < last.at) left.add(hook);
      steps.set(last, run.length - 1);
    }
    for (const hook of hooks) if (isToldByMove(hook as HookAnswered, moves)) left.add(hook);
  }
  return { left, steps };
}

function movesByTarget(timeline: readonly Entry[]): Map<string, TrafficMoved[]> {
  const moves = timeline.filter((entry) => entry.type === 'traffic');
  return Map.groupBy(moves, ({ target }) => target);
}

/** Which follow each other quickly, a list for each. */
function quickRuns(moves: readonly TrafficMoved[]): readonly (readonly TrafficMoved[])[] {
  const runs: TrafficMoved[][] = [];
  for (const move of moves) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (before !== undefined && move.at - before.at <= QUICK_MS) run?.push(move);
    else runs.push([move]);
  }
  return runs;
}

function isToldByMove({ status, at }: HookAnswered, moves: readonly TrafficMoved[]): boolean {
  return (
    status === 'SUCCEEDED' && moves.some((move) => move.at >= at && move.at <= at + AT_ONCE_MS)
  );
}
