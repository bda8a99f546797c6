/** CloudWatch Logs, which remembers nothing: its lines are those that the tasks of the world wrote. */
import type { Service } from '../kernel/service.ts';
import { logsNeeds } from './authorization.ts';
import { logsOperations } from './operations.ts';

export const logs = {
  emptyState: () => undefined,
  api: { name: 'logs', operations: logsOperations, needs: logsNeeds },
} as const satisfies Service<undefined>;
