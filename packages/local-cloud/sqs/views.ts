/** Messages of SQS as the API writes them, in and out. */
import { createHash } from 'node:crypto';
import type { Message, MessageAttribute } from './state.ts';

interface MessageAttributeInput {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array | string;
}

export interface SendInput {
  readonly MessageBody?: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttributeInput>>;
}

export interface ReceiveInput {
  readonly QueueUrl?: string;
  readonly MaxNumberOfMessages?: number;
  readonly VisibilityTimeout?: number;
  readonly WaitTimeSeconds?: number;
  readonly AttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly MessageAttributeNames?: readonly string[];
}

/** Body and attributes, names and types included, in UTF-8 bytes. */
export function sizeOf({ MessageBody = '', MessageAttributes = {} }: SendInput): number {
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

export function stored({
  DataType,
  StringValue,
  BinaryValue,
}: MessageAttributeInput): MessageAttribute {
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

export function messageOutput(message: Message, input: ReceiveInput) {
  const system: Record<string, string> = {
    SenderId: message.senderId,
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

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
