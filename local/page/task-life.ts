/** Where tasks stand in their lives, in the five kinds that a reader tells apart, and in words. */
import type { PageTask } from '../server/page-state.ts';

/** `running` is not answering requests yet, or answers none at all. */
export type TaskLife = 'serving' | 'running' | 'starting' | 'stopping' | 'stopped';

/** In the order in which they are shown. */
export const LIVES: readonly TaskLife[] = ['serving', 'running', 'starting', 'stopping', 'stopped'];

export function taskLife({ lastStatus, desiredStatus, serving }: PageTask): TaskLife {
  if (lastStatus === 'STOPPED') return 'stopped';
  if (desiredStatus === 'STOPPED') return 'stopping';
  if (serving) return 'serving';
  return lastStatus === 'RUNNING' ? 'running' : 'starting';
}

/** `3 serving, 1 starting`; without those that stopped if `ofLiving`. */
export function livesText(tasks: readonly PageTask[]): string {
  const groups = Map.groupBy(tasks, taskLife);
  const parts = LIVES.flatMap((life) => {
    const count = groups.get(life)?.length ?? 0;
    return count === 0 ? [] : [`${count} ${life}`];
  });
  return parts.length === 0 ? 'no tasks' : parts.join(', ');
}

/** Why tasks stopped, the newest first, each reason once; not those that were asked to go. */
export function failuresOf(tasks: readonly PageTask[]): readonly string[] {
  const reasons = tasks
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .flatMap(({ stoppedReason }) => stoppedReason ?? [])
    // ECS's own words when a deployment no longer wants a task.
    .filter((reason) => !/^Scaling activity initiated by/.test(reason));
  return [...new Set(reasons)];
}
