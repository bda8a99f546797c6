/** Parameter Store, as one value. */
import type { Service } from '../kernel/service.ts';
import { emptySsm, type SsmState, ssmOperations } from './operations.ts';

export const ssm = {
  emptyState: emptySsm,
  api: { name: 'ssm', operations: ssmOperations },
} as const satisfies Service<SsmState>;
