/**
 * cdk-nag asks of every wildcard in a policy why it is there. The answers come from the permissions
 * themselves, so that no wildcard is there without one.
 */
import { type Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import type { Permission, Right } from './permission.ts';

/** Checks the AwsSolutions rules at every synth; a finding without an answer fails it. */
export function checkWithNag(scope: IConstruct): void {
  Validations.of(scope).addPlugins(new AwsSolutionsChecks(scope, { verbose: true }));
}

/** One answer for each function and resource, in which every permission on it has its say. */
export function acknowledgePermissions(stack: Stack, permissions: readonly Permission[]): void {
  const lists = Object.groupBy(permissions, (permission) => permission.function);
  for (const [name, list] of Object.entries(lists)) {
    for (const construct of rolesAndPolicies(stack, name)) acknowledgeRights(construct, list);
  }
}

/** The same for one role. */
export function acknowledgeRights(construct: IConstruct, rights: readonly Right[]): void {
  const reasons = new Map<string, string[]>();
  for (const { resources, actions, on, why } of rights) {
    for (const resource of resources.filter((each) => each.includes('*'))) {
      const reason = `${actions.join(', ')} on ${on}: ${why}.`;
      reasons.set(resource, [...(reasons.get(resource) ?? []), reason]);
    }
  }
  for (const [resource, sentences] of reasons) {
    const id = `AwsSolutions-IAM5[Resource::${resource}]`;
    Validations.of(construct).acknowledge({ id, reason: sentences.join(' ') });
  }
}

function rolesAndPolicies(stack: Stack, name: string): readonly IConstruct[] {
  return stack.node.children.filter(
    ({ node: { id } }) => id === `${name}-role` || id.startsWith(`${name}-policy-`),
  );
}
