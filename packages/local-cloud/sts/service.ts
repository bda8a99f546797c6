/** STS, which remembers nothing, as one value. */
import type { Service } from '../kernel/service.ts';
import { stsOperations } from './operations.ts';

export const sts = {
  emptyState: () => undefined,
  api: { name: 'sts', operations: stsOperations },
} as const satisfies Service<undefined>;
