/** What happens by itself in the local ECS, by kind of timer. */

import type { World } from '../kernel/world.ts';
import { pollAlarms } from './rollout.ts';
import { runPass } from './scheduler.ts';
import { hookTimers } from './shift/answers.ts';
import { runTaskStep } from './task/steps.ts';

export const ecsTimers: Record<string, (world: World, data: Record<string, unknown>) => void> = {
  'ecs.pass': runPass,
  'ecs.task': runTaskStep,
  'ecs.alarms': pollAlarms,
  ...hookTimers,
};
