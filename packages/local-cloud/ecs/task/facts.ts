/** What can be said of a task or a revision by looking at it. */

import type { World } from '../../kernel/world.ts';
import type { DeploymentRecord, RevisionRecord, TaskRecord } from '../state.ts';

/** Stopped tasks stay describable for about an hour (docs, stopped-task-errors). */
export const REMEMBERED_MS = 3_600_000;

/** The tasks of a deployment that are to run. */
export function wantedTasks(world: World, deployment: DeploymentRecord): TaskRecord[] {
  const wanted: TaskRecord[] = [];
  for (const id of deployment.tasks) {
    const task = world.ecs.tasks[id];
    if (task !== undefined && task.desiredStatus === 'RUNNING') wanted.push(task);
  }
  return wanted;
}

export function isHealthy(task: TaskRecord, now: number): boolean {
  return (
    task.desiredStatus === 'RUNNING' &&
    task.executionStoppedAt === undefined &&
    task.healthyAt !== undefined &&
    task.healthyAt <= now
  );
}

export function isBalanced({ settings }: RevisionRecord): boolean {
  return (settings.loadBalancers?.length ?? 0) > 0;
}

/** Whether anything but RUNNING says that a task of it is well. */
export function isChecked(revision: RevisionRecord): boolean {
  return isBalanced(revision) || revision.containers.some(({ checksHealth }) => checksHealth);
}
