/** Secrets Manager, as one value. */
import type { Service } from '../kernel/service.ts';
import { secretsNeeds } from './authorization.ts';
import { emptySecrets, type SecretsState, secretsOperations } from './operations.ts';

export const secrets = {
  emptyState: emptySecrets,
  api: { name: 'secretsmanager', operations: secretsOperations, needs: secretsNeeds },
} as const satisfies Service<SecretsState>;
