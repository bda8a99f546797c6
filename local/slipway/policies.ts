/** The policies of the local account: what the stack puts into it, with the roles that the local world has. */
import { functionsOf, roleArn } from '../../infra/names.ts';
import { fittingPolicies, type Statement } from '../../infra/permissions/statements.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import type { FunctionName } from './lambda.ts';

/** What the task definitions of the local world run with. */
export const EXECUTION_ROLE = 'ecsTaskExecutionRole';

/** Of the role of each function. */
export function statementsOf(
  pipeline: Pipeline,
): Readonly<Record<FunctionName, readonly Statement[]>> {
  const targets = Object.values(pipeline.targets);
  const taskDefinitions = targets.map(({ id, service }) => [
    id,
    { family: service, roles: [roleArn(pipeline, EXECUTION_ROLE)] },
  ]);
  const { statements } = fittingPolicies(pipeline, {
    taskDefinitions: Object.fromEntries(taskDefinitions),
  });
  const flat = functionsOf(pipeline).map((name) => [name, statements[name].flat()]);
  return Object.fromEntries(flat);
}
