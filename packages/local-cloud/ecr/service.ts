/** ECR, with scans and signatures, as one value. */
import type { Service } from '../kernel/service.ts';
import { ecrNeeds } from './authorization.ts';
import { cosignTimers } from './cosign.ts';
import { ecrOperations } from './operations.ts';
import { scanTimers } from './scans.ts';
import { type EcrState, emptyEcr } from './state.ts';

export const ecr = {
  emptyState: emptyEcr,
  api: { name: 'ecr', operations: ecrOperations, needs: ecrNeeds },
  timers: { ...scanTimers, ...cosignTimers },
} as const satisfies Service<EcrState>;
