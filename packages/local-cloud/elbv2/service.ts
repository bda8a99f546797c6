/** Elastic Load Balancing v2 as one value. Its API goes by the name that the older one has, too. */
import type { Service } from '../kernel/service.ts';
import { elbv2Needs } from './authorization.ts';
import { elbv2Operations } from './operations.ts';
import { type Elbv2State, emptyElbv2 } from './state.ts';

export const elbv2 = {
  emptyState: emptyElbv2,
  api: { name: 'elasticloadbalancing', operations: elbv2Operations, needs: elbv2Needs },
} as const satisfies Service<Elbv2State>;
