/**
 * Where requests go right now. Without a rule all of a service's healthy tasks share them evenly, as
 * behind one target group. With one, the weights of the rule divide them among its target groups.
 */

import { connectShares, type ServingTask, servingTasks, tasksIn } from '../ecs/serving.ts';
import { weightsAt } from '../elbv2/forward.ts';
import { targetGroupPath } from '../elbv2/state.ts';
import type { World } from '../kernel/world.ts';
import type { Route } from './state.ts';

/** The requests that one target group gets. */
export interface Portion {
  /** Tells it from the source's others. */
  readonly key: string;
  /** `targetgroup/<name>/<id>`, as metrics name it. */
  readonly targetGroup: string;
  /** Of all requests; the shares of a source's portions add up to 1. */
  readonly share: number;
  /** Who answers; nobody: the load balancer answers 503. */
  readonly tasks: readonly ServingTask[];
  readonly healthy: number;
  readonly unhealthy: number;
}

export function portionsOf(world: World, source: Route): Portion[] {
  const { cluster, service, rule } = source;
  if (rule !== undefined) return portionsByRule(world, source, rule);
  const tasks = servingTasks(world, cluster, service);
  const shares = connectShares(world, `${cluster}/${service}`);
  if (shares !== undefined) return portionsByRevision(source, tasks, shares);
  const running = runningCount(world, source);
  return [
    {
      key: source.targetGroup,
      targetGroup: source.targetGroup,
      share: 1,
      tasks,
      healthy: tasks.length,
      unhealthy: Math.max(0, running - tasks.length),
    },
  ];
}

/**
 * The share of a group is its weight by the sum of the weights (docs, load-balancer-listeners). A group
 * whose targets are all unhealthy gets its requests all the same (docs, target-group-health-checks:
 * fail open); a group without targets answers 503, whatever the other one has.
 */
function portionsByRule(world: World, { cluster, service, targetGroup }: Route, rule: string) {
  const weights = weightsAt(world, rule) ?? [];
  const sum = weights.reduce((total, { weight }) => total + weight, 0);
  if (sum === 0)
    return [{ key: targetGroup, targetGroup, share: 1, tasks: [], healthy: 0, unhealthy: 0 }];
  return weights.map((one): Portion => {
    const { healthy, unhealthy } = tasksIn(world, `${cluster}/${service}`, one.targetGroup);
    return {
      key: one.targetGroup,
      targetGroup: targetGroupPath(one.targetGroup),
      share: one.weight / sum,
      tasks: healthy.length > 0 ? healthy : unhealthy,
      healthy: healthy.length,
      unhealthy: unhealthy.length,
    };
  });
}

/** A revision without tasks answers 503 (unverified). */
function portionsByRevision(
  { targetGroup }: Route,
  tasks: readonly ServingTask[],
  shares: Readonly<Record<string, number>>,
): Portion[] {
  return Object.entries(shares).map(([revision, percent]) => {
    const own = tasks.filter((task) => task.revision === revision);
    const share = percent / 100;
    return { key: revision, targetGroup, share, tasks: own, healthy: own.length, unhealthy: 0 };
  });
}

/** Tasks that run but do not serve are the target group's unhealthy ones. */
function runningCount(world: World, { cluster, service }: Route): number {
  let count = 0;
  for (const { tasks } of world.ecs.services[`${cluster}/${service}`]?.deployments ?? []) {
    for (const id of tasks) if (world.ecs.tasks[id]?.lastStatus === 'RUNNING') count++;
  }
  return count;
}
