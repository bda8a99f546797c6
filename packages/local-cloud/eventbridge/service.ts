/** EventBridge's buses and rules, as one value. */
import type { Service } from '../kernel/service.ts';
import { eventbridgeNeeds } from './authorization.ts';
import { eventbridgeOperations } from './operations.ts';
import { type EventBridgeState, emptyEventBridge, eventbridgeTimers } from './state.ts';

export const eventbridge = {
  emptyState: emptyEventBridge,
  api: { name: 'events', operations: eventbridgeOperations, needs: eventbridgeNeeds },
  timers: eventbridgeTimers,
} as const satisfies Service<EventBridgeState>;
