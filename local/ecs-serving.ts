/** Which tasks of a service answer requests now: those that stand and passed their health check. */
import type { Behaviour } from './behaviour.ts';
import { taskBehaviour } from './ecs-images.ts';
import type { World } from './world.ts';

export interface ServingTask {
  readonly behaviour: Behaviour;
  /** When it reached RUNNING, ms since 1970. */
  readonly runningSince: number;
}

export function servingTasks(world: World, cluster: string, service: string): ServingTask[] {
  const deployments = world.ecs.services[`${cluster}/${service}`]?.deployments ?? [];
  return deployments.flatMap(({ tasks }) =>
    tasks.flatMap((id) => {
      const task = world.ecs.tasks[id];
      const revision = task && world.ecs.revisions[task.revision];
      if (task === undefined || revision === undefined || task.startedAt === undefined) return [];
      const serves =
        task.lastStatus === 'RUNNING' &&
        task.desiredStatus === 'RUNNING' &&
        task.healthyAt !== undefined &&
        task.healthyAt <= world.now;
      if (!serves) return [];
      return [{ behaviour: taskBehaviour(world, revision), runningSince: task.startedAt }];
    }),
  );
}
