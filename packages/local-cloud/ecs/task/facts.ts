/** What can be said of a task or a revision by looking at it. */

import type { World } from '../../kernel/world.ts';
import { tell } from '../events.ts';
import { serviceChanges } from '../read-lag.ts';
import type {
  DeploymentRecord,
  RevisionRecord,
  ServiceRecord,
  TargetGroups,
  TaskRecord,
} from '../state.ts';

/** Stopped tasks stay describable for about an hour (docs, stopped-task-errors). */
export const REMEMBERED_MS = 3_600_000;

/** AWS's defaults: 5 passed or 2 failed checks of 30 s, 300 s to drain (docs, target-group-health-checks,
 * edit-target-group-attributes). */
export const DEFAULT_TARGET_GROUPS: TargetGroups = {
  healthyMs: 150_000,
  unhealthyMs: 60_000,
  drainingMs: 300_000,
};
/** As somebody sets them who wants rollouts to be quick. */
const TUNED_TARGET_GROUPS: TargetGroups = {
  healthyMs: 30_000,
  unhealthyMs: 60_000,
  drainingMs: 30_000,
};

export function targetGroups(world: World): TargetGroups {
  return world.ecs.targetGroups ?? TUNED_TARGET_GROUPS;
}

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

export function targetGroup({
  settings,
}: RevisionRecord): { arn: string; port: number } | undefined {
  const balancer = settings.loadBalancers?.[0];
  if (balancer === undefined) return undefined;
  return { arn: balancer.targetGroupArn ?? '', port: balancer.containerPort ?? 80 };
}

/** A line of the load balancer's, as public logs show it. */
export function tellTargets(
  world: World,
  service: ServiceRecord,
  revision: RevisionRecord,
  what: 'registered' | 'deregistered',
): void {
  const target = targetGroup(revision);
  if (target === undefined) return;
  serviceChanges(world, service);
  tell(world, service, `${what} 1 targets in (target-group ${target.arn})`);
}
