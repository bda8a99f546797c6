/** What a client can ask of SQS. Errors have the names of the API; texts as SQS writes them. */

import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { type Batch, checkedEntries, eachEntry } from './batches.ts';
import { BYTES_MOST, refuseBadAttributes, refuseBadCharacters } from './checks.ts';
import {
  changeVisibility,
  countMessages,
  createQueue,
  type Queue,
  queueArn,
  queueNamed,
  queueUrl,
  receive,
  remove,
  send,
} from './state.ts';
import { md5, messageOutput, type ReceiveInput, type SendInput, sizeOf, stored } from './views.ts';

interface QueueInput {
  readonly QueueUrl?: string;
}

interface ReceiptInput {
  readonly ReceiptHandle?: string;
}

interface VisibilityInput extends ReceiptInput {
  readonly VisibilityTimeout?: number;
}

const DELAY_MOST_SECONDS = 900;
const VISIBILITY_MOST_SECONDS = 43_200;
const LISTED_MOST = 1_000;
const PURGE_EVERY_MS = 60_000;

export const sqsOperations = {
  CreateQueue(
    world: World,
    input: { readonly QueueName?: string; readonly Attributes?: Readonly<Record<string, string>> },
  ) {
    const name = input.QueueName ?? '';
    if (name.endsWith('.fifo') || input.Attributes?.FifoQueue === 'true') {
      throw new AwsError('UnsupportedOperation', 'The local SQS has standard queues only.');
    }
    createQueue(world, name, input.Attributes);
    return { QueueUrl: queueUrl(world, name) };
  },

  /** In the order of their names (unverified). Pages only if MaxResults asks for them (API reference). */
  ListQueues(
    world: World,
    input: {
      readonly QueueNamePrefix?: string;
      readonly MaxResults?: number;
      readonly NextToken?: string;
    },
  ) {
    const { QueueNamePrefix: prefix = '', MaxResults: most = LISTED_MOST, NextToken } = input;
    if (most < 1 || most > LISTED_MOST) {
      throw invalidValue(most, 'MaxResults', `Must be between 1 and ${LISTED_MOST}, if provided.`);
    }
    const names = Object.keys(world.sqs.queues).filter((name) => name.startsWith(prefix));
    const from = NextToken ?? '';
    const left = names.sort().filter((name) => name > from);
    const page = left.slice(0, most);
    return {
      ...(page.length > 0 && { QueueUrls: page.map((name) => queueUrl(world, name)) }),
      ...(left.length > most && { NextToken: page.at(-1) ?? '' }),
    };
  },

  GetQueueUrl(world: World, input: { readonly QueueName?: string }) {
    return { QueueUrl: queueUrl(world, queueNamed(world, input.QueueName).name) };
  },

  GetQueueAttributes(
    world: World,
    input: QueueInput & { readonly AttributeNames?: readonly string[] },
  ) {
    const asked = input.AttributeNames ?? [];
    const all = attributesOf(world, queueNamed(world, input.QueueUrl));
    const entries = Object.entries(all).filter(
      ([name]) => asked.includes('All') || asked.includes(name),
    );
    return entries.length === 0 ? {} : { Attributes: Object.fromEntries(entries) };
  },

  SetQueueAttributes(
    world: World,
    input: QueueInput & { readonly Attributes?: Readonly<Record<string, string>> },
  ) {
    const queue = queueNamed(world, input.QueueUrl);
    refuseBadAttributes(input.Attributes ?? {});
    Object.assign(queue.attributes, input.Attributes);
    queue.modifiedAt = world.now;
    return {};
  },

  DeleteQueue(world: World, input: QueueInput) {
    delete world.sqs.queues[queueNamed(world, input.QueueUrl).name];
    return {};
  },

  SendMessage(world: World, input: QueueInput & SendInput) {
    return sendOne(world, queueNamed(world, input.QueueUrl), input);
  },

  SendMessageBatch(world: World, input: Batch<SendInput>) {
    const queue = queueNamed(world, input.QueueUrl);
    const entries = checkedEntries(input);
    const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
    if (bytes > BYTES_MOST) {
      throw new AwsError(
        'BatchRequestTooLong',
        `Batch requests cannot be longer than ${BYTES_MOST} bytes. You have sent ${bytes} bytes.`,
      );
    }
    return eachEntry(entries, (entry) => sendOne(world, queue, entry));
  },

  /** Never waits: WaitTimeSeconds is read by nobody, virtual time stands still during a call. */
  ReceiveMessage(world: World, input: ReceiveInput) {
    const queue = queueNamed(world, input.QueueUrl);
    const most = input.MaxNumberOfMessages ?? 1;
    if (most < 1 || most > 10) {
      throw invalidValue(most, 'MaxNumberOfMessages', 'Must be between 1 and 10, if provided.');
    }
    const messages = receive(world, queue, most, input.VisibilityTimeout);
    if (messages.length === 0) return {};
    return { Messages: messages.map((message) => messageOutput(message, input)) };
  },

  DeleteMessage(world: World, input: QueueInput & ReceiptInput) {
    remove(queueNamed(world, input.QueueUrl), input.ReceiptHandle);
    return {};
  },

  DeleteMessageBatch(world: World, input: Batch<ReceiptInput>) {
    const queue = queueNamed(world, input.QueueUrl);
    return eachEntry(checkedEntries(input), (entry) => {
      remove(queue, entry.ReceiptHandle);
      return {};
    });
  },

  ChangeMessageVisibility(world: World, input: QueueInput & VisibilityInput) {
    changeOne(world, queueNamed(world, input.QueueUrl), input);
    return {};
  },

  ChangeMessageVisibilityBatch(world: World, input: Batch<VisibilityInput>) {
    const queue = queueNamed(world, input.QueueUrl);
    return eachEntry(checkedEntries(input), (entry) => {
      changeOne(world, queue, entry);
      return {};
    });
  },

  /** Once in 60 seconds (docs, PurgeQueue). The local one is done at once. */
  PurgeQueue(world: World, input: QueueInput) {
    const queue = queueNamed(world, input.QueueUrl);
    if (queue.purgedAt !== undefined && world.now - queue.purgedAt < PURGE_EVERY_MS) {
      throw new AwsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        { status: 403 },
      );
    }
    queue.purgedAt = world.now;
    queue.messages = [];
    return {};
  },
};

function attributesOf(world: World, queue: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = countMessages(world, queue);
  return {
    QueueArn: queueArn(world, queue.name),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    VisibilityTimeout: '30',
    MaximumMessageSize: String(BYTES_MOST),
    MessageRetentionPeriod: '345600',
    DelaySeconds: '0',
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
    ...queue.attributes,
  };
}

function sendOne(world: World, queue: Queue, input: SendInput) {
  const body = input.MessageBody;
  if (body === undefined || body === '') {
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
  refuseBadCharacters(body);
  const most = Number(queue.attributes.MaximumMessageSize ?? BYTES_MOST);
  if (sizeOf(input) > most) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
    );
  }
  const delay = input.DelaySeconds;
  if (delay !== undefined && (delay < 0 || delay > DELAY_MOST_SECONDS)) {
    throw invalidValue(
      delay,
      'DelaySeconds',
      `DelaySeconds must be >= 0 and <= ${DELAY_MOST_SECONDS}.`,
    );
  }
  const attributes = Object.fromEntries(
    Object.entries(input.MessageAttributes ?? {}).map(([name, value]) => [name, stored(value)]),
  );
  const message = send(world, queue, { body, delaySeconds: delay, attributes });
  return { MessageId: message.id, MD5OfMessageBody: md5(body) };
}

function changeOne(world: World, queue: Queue, input: VisibilityInput): void {
  const seconds = input.VisibilityTimeout ?? 0;
  if (seconds < 0 || seconds > VISIBILITY_MOST_SECONDS) {
    throw invalidValue(
      seconds,
      'VisibilityTimeout',
      `VisibilityTimeout must be between 0 and ${VISIBILITY_MOST_SECONDS}.`,
    );
  }
  changeVisibility(world, queue, input.ReceiptHandle, seconds);
}

function invalidValue(value: unknown, parameter: string, reason: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );
}
