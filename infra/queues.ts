/** The queues of this pipeline, their dead letters, and what reached no function at all. */
import { Duration, RemovalPolicy, aws_sqs as sqs, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Pipeline } from '../shared/config/config.ts';
import type { Named } from '../shared/parsing/pipeline-name.ts';
import {
  type AnyQueue,
  deadLetterQueueName,
  kindOf,
  queueName,
  queuesOf,
} from '../shared/runtime/routing.ts';
import { QUEUE_LIMITS, RECEIVES_MAX } from '../shared/runtime/sizes.ts';
import { unheardQueueName } from './names.ts';
import { DEAD_LETTER_DAYS } from './sizes.ts';

export interface Queues {
  /** In the order of `queuesOf`. */
  readonly all: readonly WorkQueue[];
  /** Events that no rule could deliver, and those that failed in a function for good. */
  readonly unheard: sqs.Queue;
}

export interface WorkQueue {
  readonly name: AnyQueue;
  readonly queue: sqs.Queue;
  readonly dead: sqs.Queue;
}

/** Encrypted with SQS's own key: one of ours would be a permission more for everybody who sends. */
const COMMON = {
  encryption: sqs.QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  // What it holds is evidence, and outlives the stack; a creation that failed leaves nothing behind.
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
} as const;

export function createQueues(scope: Construct, pipeline: Pipeline): Queues {
  const withDead = queuesOf(pipeline).map((name) => ({
    name,
    dead: createDeadLetterQueue(scope, `${name}-dead`, deadLetterQueueName(pipeline, name)),
  }));
  const unheard = createDeadLetterQueue(scope, 'unheard', unheardQueueName(pipeline));
  const all = withDead.map(({ name, dead }) => ({
    name,
    dead,
    queue: createQueue(scope, pipeline, name, dead),
  }));
  return { all, unheard };
}

/** Of a queue that this pipeline has. */
export function queueOf({ all }: Queues, name: AnyQueue): sqs.Queue {
  const found = all.find((each) => each.name === name);
  if (found === undefined) throw new Error(`This pipeline has no queue ${name}.`);
  return found.queue;
}

function createQueue(
  scope: Construct,
  pipeline: Named,
  name: AnyQueue,
  deadLetters: sqs.Queue,
): sqs.Queue {
  // There is a function `feedback` as well.
  const id = name === 'feedback' ? 'feedback-queue' : name;
  return new sqs.Queue(scope, id, {
    ...COMMON,
    queueName: queueName(pipeline, name),
    visibilityTimeout: Duration.seconds(QUEUE_LIMITS[kindOf(name)].visibilitySeconds),
    // A pipeline that stands still over a long weekend loses nothing.
    retentionPeriod: Duration.days(DEAD_LETTER_DAYS),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: RECEIVES_MAX },
  });
}

function createDeadLetterQueue(scope: Construct, id: string, queueName: string): sqs.Queue {
  const queue = new sqs.Queue(scope, id, {
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
