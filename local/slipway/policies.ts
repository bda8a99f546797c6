/** The policies of the local account: what the stack puts into it, with the roles that the local world has. */
import { evaluate } from '@slipway/local-cloud/iam/evaluate.ts';
import { roleSession } from '@slipway/local-cloud/iam/principal.ts';
import { need } from '@slipway/local-cloud/kernel/authorization.ts';
import {
  arnIn,
  functionName,
  functionsOf,
  type Home,
  hookRoleName,
  roleArn,
} from '../../infra/names.ts';
import { buildProjectsOf, buildRights } from '../../infra/permissions/builds.ts';
import { hookStatements } from '../../infra/permissions/hook.ts';
import type { RightsSettings } from '../../infra/permissions/permission.ts';
import { taskRightsOf } from '../../infra/permissions/reconcile.ts';
import { commandSenders, type ResourceStatement } from '../../infra/permissions/senders.ts';
import {
  fittingPolicies,
  type Statement,
  statementOf,
} from '../../infra/permissions/statements.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { commandQueuesOf, queueName } from '../../shared/runtime/routing.ts';
import type { FunctionName } from './lambda.ts';

/** What the task definitions of the local world run with. */
export const EXECUTION_ROLE = 'ecsTaskExecutionRole';

/** Of the role of each function. */
export function statementsOf(
  pipeline: Pipeline,
  table?: string,
): Readonly<Record<FunctionName, readonly Statement[]>> {
  const { statements } = fittingPolicies(pipeline, {
    taskDefinitions: taskDefinitionsOf(pipeline),
    ...(table !== undefined && { table }),
  });
  const flat = functionsOf(pipeline).map((name) => [name, statements[name].flat()]);
  return Object.fromEntries(flat);
}

/** The config as the stack bundles it. */
export function bundled(pipeline: Pipeline): Pipeline {
  const taskDefinitions = taskDefinitionsOf(pipeline);
  const targets = Object.values(pipeline.targets);
  return { ...pipeline, taskRights: taskRightsOf(targets, { taskDefinitions }) };
}

/** Beside the role of its own services, those of the config: a client of it may make services that have them. */
function taskDefinitionsOf(pipeline: Pipeline): RightsSettings['taskDefinitions'] {
  const configured = pipeline.infra.taskDefinitions ?? {};
  return Object.fromEntries(
    Object.values(pipeline.targets).map(({ id, service }) => {
      const roles = [EXECUTION_ROLE, ...(configured[id]?.roles ?? [])];
      // They may stand there as ARNs, and with a path.
      const arns = [...new Set(roles)].map((role) =>
        roleArn(pipeline, role.replace(/^.*:role\//, '')),
      );
      return [id, { family: service, roles: arns }];
    }),
  );
}

/** The role of the first project that the stack makes; its name is CloudFormation's to choose there. */
export const BUILD_ROLE = 'Slipway-build-role';

/** Of that role; nothing where the config has no sources. */
export function buildStatementsOf(pipeline: Pipeline): readonly Statement[] {
  const [project] = buildProjectsOf(pipeline);
  return project === undefined
    ? []
    : buildRights(pipeline, project, { pullsFrom: [] }).map(statementOf);
}

/** Of the queues themselves, by ARN. */
export function queuePoliciesOf(pipeline: Pipeline): Readonly<Record<string, ResourceStatement>> {
  const builders = [roleArn(pipeline, BUILD_ROLE)];
  return Object.fromEntries(
    commandQueuesOf(pipeline).map((queue) => [
      arnIn(pipeline, 'sqs', queueName(pipeline, queue)),
      commandSenders(pipeline, builders, queue),
    ]),
  );
}

/** ARNs of the roles that may invoke a function and wait for its answer: that of ECS, as IAM decides. */
export function invokersOf(pipeline: Home, name: FunctionName): readonly string[] {
  const role = hookRoleName(pipeline);
  const { allowed } = evaluate(
    roleSession(pipeline, role, 'ECS-Lambda-Execution'),
    need(
      'lambda:InvokeFunction',
      arnIn(pipeline, 'lambda', `function:${functionName(pipeline, name)}`),
    ),
    { identity: hookStatements(pipeline) },
  );
  return allowed ? [roleArn(pipeline, role)] : [];
}
