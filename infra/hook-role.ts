/**
 * The role that ECS takes on to ask `lifecycle-hook` at each stage of a release that shifts traffic: it may
 * invoke that function, and nothing else. (lambda-lifecycle-hooks, "Permissions required for Lambda functions")
 */
import { aws_iam as iam } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Pipeline } from '../shared/config/config.ts';
import { hookRoleName, shiftsTraffic } from './names.ts';
import { hookStatements } from './permissions/hook.ts';

export function createHookRole(scope: Construct, pipeline: Pipeline): void {
  if (!Object.values(pipeline.targets).some(shiftsTraffic)) return;
  new iam.Role(scope, 'ecs-hook-role', {
    roleName: hookRoleName(pipeline),
    assumedBy: new iam.ServicePrincipal('ecs.amazonaws.com'),
    description: 'ECS asks with it whether a shift of traffic may go on',
    inlinePolicies: {
      invoke: new iam.PolicyDocument({
        statements: hookStatements(pipeline).map((each) => iam.PolicyStatement.fromJson(each)),
      }),
    },
  });
}
