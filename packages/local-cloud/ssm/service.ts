/** Parameter Store, as one value. */
import type { Service } from '../kernel/service.ts';
import { ssmNeeds } from './authorization.ts';
import { emptySsm, type SsmState, ssmOperations } from './operations.ts';

export const ssm = {
  emptyState: emptySsm,
  api: { name: 'ssm', operations: ssmOperations, needs: ssmNeeds },
} as const satisfies Service<SsmState>;
