/** Lambda, as much of it as ECS invokes, as one value. It has no API here. */
import type { Service } from '../kernel/service.ts';
import { emptyLambda, type LambdaState, lambdaTimers } from './state.ts';

export const lambda = {
  emptyState: emptyLambda,
  timers: lambdaTimers,
} as const satisfies Service<LambdaState>;
