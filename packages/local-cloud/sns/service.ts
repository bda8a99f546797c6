/** SNS's topics, as one value. */
import type { Service } from '../kernel/service.ts';
import { snsNeeds } from './authorization.ts';
import { emptySns, type SnsState, snsOperations } from './operations.ts';

export const sns = {
  emptyState: emptySns,
  api: { name: 'sns', operations: snsOperations, needs: snsNeeds },
} as const satisfies Service<SnsState>;
