/** The queues `urgent` and `releases`, their dead letters, and what reached no function at all. */
import { Duration, aws_sqs as sqs, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { deadLetterQueueNames, type Queue, queueNames } from '../shared/routing.ts';
import { QUEUE_LIMITS, RECEIVES_MAX } from '../shared/sizes.ts';
import { UNHEARD_QUEUE } from './names.ts';
import { DEAD_LETTER_DAYS } from './sizes.ts';

export interface Queues {
  readonly urgent: sqs.Queue;
  readonly releases: sqs.Queue;
  readonly dead: Readonly<Record<Queue, sqs.Queue>>;
  /** Events that no rule could deliver, and those that failed in a function for good. */
  readonly unheard: sqs.Queue;
}

/** Encrypted with SQS's own key: one of ours would be a permission more for everybody who sends. */
const COMMON = { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true } as const;

export function createQueues(scope: Construct): Queues {
  const dead = {
    urgent: createDeadLetterQueue(scope, deadLetterQueueNames.urgent),
    releases: createDeadLetterQueue(scope, deadLetterQueueNames.releases),
  };
  const unheard = createDeadLetterQueue(scope, UNHEARD_QUEUE);
  return {
    urgent: createQueue(scope, 'urgent', dead.urgent),
    releases: createQueue(scope, 'releases', dead.releases),
    dead,
    unheard,
  };
}

function createQueue(scope: Construct, name: Queue, deadLetters: sqs.Queue): sqs.Queue {
  return new sqs.Queue(scope, name, {
    ...COMMON,
    queueName: queueNames[name],
    visibilityTimeout: Duration.seconds(QUEUE_LIMITS[name].visibilitySeconds),
    // A pipeline that stands still over a long weekend loses nothing.
    retentionPeriod: Duration.days(DEAD_LETTER_DAYS),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: RECEIVES_MAX },
  });
}

function createDeadLetterQueue(scope: Construct, queueName: string): sqs.Queue {
  const queue = new sqs.Queue(scope, queueName.replace('slipway-', ''), {
    ...COMMON,
    queueName,
    retentionPeriod: Duration.days(DEAD_LETTER_DAYS),
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'This queue is the end of the line for others; an alarm watches that it stays empty.',
  });
  return queue;
}
