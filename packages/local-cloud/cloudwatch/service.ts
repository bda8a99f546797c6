/** CloudWatch's metrics and alarms, as one value. */
import type { Service } from '../kernel/service.ts';
import { cloudwatchNeeds } from './authorization.ts';
import { cloudwatchOperations } from './operations.ts';
import { type CloudWatchState, emptyCloudWatch } from './state.ts';
import { transitionTimers } from './transitions.ts';

export const cloudwatch = {
  emptyState: emptyCloudWatch,
  api: { name: 'monitoring', operations: cloudwatchOperations, needs: cloudwatchNeeds },
  timers: transitionTimers,
} as const satisfies Service<CloudWatchState>;
