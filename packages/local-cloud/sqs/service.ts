/** SQS's standard queues, as one value. */
import type { Service } from '../kernel/service.ts';
import { sqsNeeds } from './authorization.ts';
import { sqsOperations } from './operations.ts';
import { emptySqs, type SqsState, sqsTimers } from './state.ts';

export const sqs = {
  emptyState: emptySqs,
  api: { name: 'sqs', operations: sqsOperations, needs: sqsNeeds },
  timers: sqsTimers,
} as const satisfies Service<SqsState>;
