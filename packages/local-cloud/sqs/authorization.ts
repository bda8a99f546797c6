/**
 * What each operation of SQS asks of IAM. The queue need not be there: AWS asks IAM first. Actions in
 * small letters, as SQS's own refusals have them (observed); to IAM they are the same.
 */
import { ANY, arnOf, type Need, type NeedsOf, need } from '../kernel/authorization.ts';
import type { World } from '../kernel/world.ts';
import type { sqsOperations } from './operations.ts';

interface Input {
  readonly QueueUrl?: string;
  readonly QueueName?: string;
}

function onQueue(action: string) {
  return (world: World, { QueueUrl, QueueName }: Input): readonly Need[] => {
    const name = (QueueUrl ?? QueueName ?? '').replace(/^.*[/:]/, '');
    return [need(`sqs:${action}`, arnOf(world, 'sqs', name))];
  };
}

/** A batch is allowed by the action of the single one. (sqs-api-permissions-reference) */
export const sqsNeeds: NeedsOf<typeof sqsOperations> = {
  CreateQueue: onQueue('createqueue'),
  ListQueues: () => [need('sqs:listqueues', ANY)],
  GetQueueUrl: onQueue('getqueueurl'),
  GetQueueAttributes: onQueue('getqueueattributes'),
  SetQueueAttributes: onQueue('setqueueattributes'),
  DeleteQueue: onQueue('deletequeue'),
  SendMessage: onQueue('sendmessage'),
  SendMessageBatch: onQueue('sendmessage'),
  ReceiveMessage: onQueue('receivemessage'),
  DeleteMessage: onQueue('deletemessage'),
  DeleteMessageBatch: onQueue('deletemessage'),
  ChangeMessageVisibility: onQueue('changemessagevisibility'),
  ChangeMessageVisibilityBatch: onQueue('changemessagevisibility'),
  PurgeQueue: onQueue('purgequeue'),
};
