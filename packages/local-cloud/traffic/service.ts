/** Requests through a load balancer, as one value. */
import type { Service } from '../kernel/service.ts';
import { emptyTraffic, type TrafficState, trafficTimers } from './state.ts';

export const traffic = {
  emptyState: emptyTraffic,
  timers: trafficTimers,
} as const satisfies Service<TrafficState>;
