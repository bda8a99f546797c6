/** IAM's answer for the statements that our policies have, by the local cloud's own evaluator. */
import { evaluate } from '@slipway/local-cloud/iam/evaluate.ts';
import { type Statement, statementsIn } from '@slipway/local-cloud/iam/policy.ts';
import { roleSession } from '@slipway/local-cloud/iam/principal.ts';
import type { Need } from '@slipway/local-cloud/kernel/authorization.ts';

/** Ours say what and on what, and never what not. */
export type PolicyStatement = Statement & Required<Pick<Statement, 'Action' | 'Resource'>>;

const SOMEBODY = roleSession({ account: '123456789012' }, 'somebody', 'somebody');

/** To a role that has these policies and no others. */
export function isAllowed(statements: readonly PolicyStatement[], request: Need): boolean {
  return evaluate(SOMEBODY, request, { identity: statementsIn({ Statement: statements }) }).allowed;
}
