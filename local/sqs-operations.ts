/** What a client can ask of SQS. Errors have the names of the API; texts as SQS writes them. */
import { createHash } from 'node:crypto';
import {
  BYTES_MOST,
  changeVisibility,
  countMessages,
  createQueue,
  type Message,
  type MessageAttribute,
  type Queue,
  queueArn,
  queueNamed,
  queueUrl,
  receive,
  remove,
  send,
} from './sqs.ts';
import { AwsError, type World } from './world.ts';

interface QueueInput {
  readonly QueueUrl?: string;
}

interface MessageAttributeInput {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array | string;
}

interface SendInput {
  readonly MessageBody?: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttributeInput>>;
}

interface ReceiveInput extends QueueInput {
  readonly MaxNumberOfMessages?: number;
  readonly VisibilityTimeout?: number;
  readonly WaitTimeSeconds?: number;
  readonly AttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly MessageAttributeNames?: readonly string[];
}

interface ReceiptInput {
  readonly ReceiptHandle?: string;
}

interface VisibilityInput extends ReceiptInput {
  readonly VisibilityTimeout?: number;
}

type Batch<Entry> = QueueInput & {
  readonly Entries?: readonly (Entry & { readonly Id?: string })[];
};

const BATCH_MOST = 10;
const DELAY_MOST_SECONDS = 900;
const VISIBILITY_MOST_SECONDS = 43_200;
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
    return { Messages: messages.map((message) => messageOutput(world, message, input)) };
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

/** What makes a whole batch fail. */
function checkedEntries<Entry extends { readonly Id?: string }>({
  Entries: entries = [],
}: {
  readonly Entries?: readonly Entry[];
}): readonly Entry[] {
  if (entries.length === 0) {
    throw new AwsError(
      'EmptyBatchRequest',
      'There should be at least one SendMessageBatchRequestEntry in the request.',
    );
  }
  if (entries.length > BATCH_MOST) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${BATCH_MOST}. You have sent ${entries.length}.`,
    );
  }
  const ids = entries.map(({ Id = '' }) => Id);
  const malformed = ids.find((id) => !/^[\w-]{1,80}$/.test(id));
  if (malformed !== undefined) {
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${twice} repeated.`);
  return entries;
}

/** A batch whose members fail one by one: HTTP 200 with `Failed`. */
function eachEntry<Entry extends { readonly Id?: string }>(
  entries: readonly Entry[],
  carryOut: (entry: Entry) => object,
) {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...carryOut(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return {
    ...(Successful.length === 0 ? {} : { Successful }),
    ...(Failed.length === 0 ? {} : { Failed }),
  };
}

function sendOne(world: World, queue: Queue, input: SendInput) {
  const body = input.MessageBody;
  if (body === undefined || body === '') {
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
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

/** Body and attributes, names and types included, in UTF-8 bytes. */
function sizeOf({ MessageBody = '', MessageAttributes = {} }: SendInput): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, value]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(value.DataType ?? '') +
      Buffer.byteLength(value.StringValue ?? '') +
      (value.BinaryValue?.length ?? 0),
    Buffer.byteLength(MessageBody),
  );
}

function stored({ DataType, StringValue, BinaryValue }: MessageAttributeInput): MessageAttribute {
  return {
    ...(DataType === undefined ? {} : { DataType }),
    ...(StringValue === undefined ? {} : { StringValue }),
    ...(BinaryValue === undefined
      ? {}
      : {
          BinaryValue:
            typeof BinaryValue === 'string'
              ? BinaryValue
              : Buffer.from(BinaryValue).toString('base64'),
        }),
  };
}

function messageOutput(world: World, message: Message, input: ReceiveInput) {
  const system: Record<string, string> = {
    SenderId: world.account,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.received),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    ...(message.deadLetterSource === undefined
      ? {}
      : { DeadLetterQueueSourceArn: message.deadLetterSource }),
  };
  const wanted = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
  const shown = Object.entries(system).filter(
    ([name]) => wanted.includes('All') || wanted.includes(name),
  );
  const attributes = Object.entries(message.attributes).filter(([name]) =>
    (input.MessageAttributeNames ?? []).some((pattern) =>
      /^(All|\.\*)$/.test(pattern)
        ? true
        : pattern.endsWith('.*')
          ? name.startsWith(pattern.slice(0, -2))
          : name === pattern,
    ),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) }),
    ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes) }),
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function invalidValue(value: unknown, parameter: string, reason: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );
}
