/** Roles with their policies: in the role itself, else in managed policies beside it. */
import { aws_iam as iam } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type FunctionName, functionName, functionRoleName, type Home } from '../names.ts';
import type { Statement } from './statements.ts';

/** The role of one function. Nothing is added to it later: what it may do stands here. */
export function functionRole(
  scope: Construct,
  name: FunctionName,
  pipeline: Pick<Home, 'region' | 'name'>,
  parts: readonly (readonly Statement[])[],
): iam.Role {
  const documents = parts.map((statements) =>
    iam.PolicyDocument.fromJson({ Version: '2012-10-17', Statement: statements }),
  );
  const [first, ...others] = documents;
  const inline = others.length === 0 && first !== undefined ? { permissions: first } : {};
  return new iam.Role(scope, `${name}-role`, {
    roleName: functionRoleName(pipeline, name),
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: `What ${functionName(pipeline, name)} may do: infra/permissions/permissions.ts`,
    inlinePolicies: inline,
    managedPolicies:
      others.length === 0
        ? []
        : documents.map(
            (document, index) =>
              new iam.ManagedPolicy(scope, `${name}-policy-${index + 1}`, { document }),
          ),
  });
}
