/** The policies of our queues: what `permissions/senders.ts` says, put on the queues. */
import { aws_iam as iam } from 'aws-cdk-lib';
import type { Pipeline } from '../shared/config/config.ts';
import { commandSenders } from './permissions/senders.ts';
import { type Queues, queueOf } from './queues.ts';

/** `builders`: ARNs of the roles of the builds. */
export function limitSenders(
  pipeline: Pipeline,
  queues: Queues,
  builders: readonly string[],
): void {
  const statement = iam.PolicyStatement.fromJson(commandSenders(pipeline, builders));
  queueOf(queues, 'commands').addToResourcePolicy(statement);
}
