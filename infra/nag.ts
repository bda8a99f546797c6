/**
 * cdk-nag asks of every wildcard in a policy why it is there. The answers come from the permissions
 * themselves, so that no wildcard is there without one.
 */
import { type Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import type { Permission } from './permissions.ts';

/** Checks the AwsSolutions rules at every synth; a finding without an answer fails it. */
export function checkWithNag(scope: IConstruct): void {
  Validations.of(scope).addPlugins(new AwsSolutionsChecks(scope, { verbose: true }));
}

/** One answer for each function and resource, in which every permission on it has its say. */
export function acknowledgePermissions(stack: Stack, permissions: readonly Permission[]): void {
  const reasons = new Map<string, string[]>();
  for (const { function: name, resources, actions, on, why } of permissions) {
    for (const resource of resources.filter((each) => each.includes('*'))) {
      const key = `${name} ${resource}`;
      const reason = `${actions.join(', ')} on ${on}: ${why}.`;
      reasons.set(key, [...(reasons.get(key) ?? []), reason]);
    }
  }
  for (const [key, sentences] of reasons) {
    const [name = '', resource = ''] = key.split(' ');
    for (const construct of rolesAndPolicies(stack, name)) {
      const id = `AwsSolutions-IAM5[Resource::${resource}]`;
      Validations.of(construct).acknowledge({ id, reason: sentences.join(' ') });
    }
  }
}

function rolesAndPolicies(stack: Stack, name: string): readonly IConstruct[] {
  return stack.node.children.filter(
    ({ node: { id } }) => id === `${name}-role` || id.startsWith(`${name}-policy-`),
  );
}
