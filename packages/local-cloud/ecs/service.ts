/** ECS, with its scheduler, as one value. */
import type { Service } from '../kernel/service.ts';
import { ecsNeeds } from './authorization.ts';
import { ecsOperations } from './operations.ts';
import { type EcsState, emptyEcs } from './state.ts';
import { ecsTimers } from './timers.ts';

export const ecs = {
  emptyState: emptyEcs,
  api: { name: 'ecs', operations: ecsOperations, needs: ecsNeeds },
  timers: ecsTimers,
} as const satisfies Service<EcsState>;
