/**
 * Who may send to our queues: said by the queues themselves, whatever the policies of others allow.
 * Plain data: the stack puts it on the queue, and the local AWS evaluates the same.
 */
import type { Pipeline } from '../../shared/config/config.ts';
import { queueNames } from '../../shared/runtime/routing.ts';
import { arnIn, functionRoleName, functionsOf, roleArn } from '../names.ts';
import type { Conditions } from './permission.ts';

/** A statement of a resource's own policy. */
export interface ResourceStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: { readonly AWS: '*' };
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition: Conditions;
}

/**
 * A command is a person's: a function that was taken over must not speak in a person's name. `builders`:
 * ARNs of the roles of the builds, in which runs what anybody pushed.
 */
export function commandSenders(pipeline: Pipeline, builders: readonly string[]): ResourceStatement {
  const ours = functionsOf(pipeline).map((name) =>
    roleArn(pipeline, functionRoleName(name, pipeline.region)),
  );
  return {
    Sid: 'NoneOfOurRoles',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: ['sqs:SendMessage'],
    Resource: [arnIn(pipeline, 'sqs', queueNames.commands)],
    // Of a session of a role it is the role's ARN. (reference_policies_condition-keys)
    Condition: { ArnEquals: { 'aws:PrincipalArn': [...ours, ...builders] } },
  };
}
