/** Who may send to our queues: said by the queues themselves, whatever the policies of others allow. */
import { aws_iam as iam } from 'aws-cdk-lib';
import type { Pipeline } from '../shared/config/config.ts';
import { functionRoleName, functionsOf, roleArn } from './names.ts';
import { type Queues, queueOf } from './queues.ts';

/**
 * A command is a person's: a function that was taken over must not speak in a person's name. `builders`:
 * ARNs of the roles of the builds, in which runs what anybody pushed.
 */
export function limitSenders(
  pipeline: Pipeline,
  queues: Queues,
  builders: readonly string[],
): void {
  const ours = functionsOf(pipeline).map((name) =>
    roleArn(pipeline, functionRoleName(name, pipeline.region)),
  );
  const commands = queueOf(queues, 'commands');
  commands.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'NoneOfOurRoles',
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['sqs:SendMessage'],
      resources: [commands.queueArn],
      // Of a session of a role it is the role's ARN. (reference_policies_condition-keys)
      conditions: { ArnEquals: { 'aws:PrincipalArn': [...ours, ...builders] } },
    }),
  );
}
