/** What happens by itself in the local ECS, by kind of timer; merged by `clockwork.ts`. */
import { pollAlarms } from './ecs-rollout.ts';
import { runPass } from './ecs-scheduler.ts';
import { runTaskStep } from './ecs-task-steps.ts';
import type { World } from './world.ts';

export const ecsTimers: Record<string, (world: World, data: Record<string, unknown>) => void> = {
  'ecs.pass': runPass,
  'ecs.task': runTaskStep,
  'ecs.alarms': pollAlarms,
};
