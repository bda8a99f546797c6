/**
 * SQS standard queues. Deterministic: messages come in the order in which they were sent, nothing
 * is delivered twice by itself (only after a visibility timeout), and nobody waits: a long poll
 * answers at once. The operations are in operations.ts.
 */

import { AwsError } from '../kernel/errors.ts';
import { randomUuid } from '../kernel/random.ts';
import { table } from '../kernel/tables.ts';
import { schedule } from '../kernel/timers.ts';
import type { World } from '../kernel/world.ts';
import { refuseBadAttributes } from './checks.ts';

export interface SqsState {
  /** By name. */
  queues: Record<string, Queue>;
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    sqs: SqsState;
  }
}

export interface Queue {
  readonly name: string;
  readonly createdAt: number;
  modifiedAt: number;
  /** What was set, as the API writes it: every value a text. */
  attributes: Record<string, string>;
  /** Oldest first. */
  messages: Message[];
  purgedAt?: number;
}

export interface MessageAttribute {
  readonly DataType?: string;
  readonly StringValue?: string;
  /** Base64: the state is plain JSON. */
  readonly BinaryValue?: string;
}

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** Who sent it, as SQS itself says: never what the sender writes. */
  readonly senderId: string;
  readonly sentAt: number;
  visibleAt: number;
  received: number;
  firstReceivedAt?: number;
  /** The newest receipt handle: older ones delete nothing. */
  receipt?: string;
  /** The queue that gave it up. */
  deadLetterSource?: string;
}

const DEFAULT_VISIBILITY_SECONDS = 30;
const DEFAULT_RETENTION_SECONDS = 345_600;

export function emptySqs(): SqsState {
  return { queues: table() };
}

/** Nothing to do: the timer only makes `nextTimerAt` name the moment a message can be received. */
export const sqsTimers = { 'sqs.visible': (): void => {} };

export function createQueue(
  world: World,
  name: string,
  attributes: Readonly<Record<string, string>> = {},
): Queue {
  if (!/^[\w-]{1,80}$/.test(name)) {
    throw new AwsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
  refuseBadAttributes(attributes);
  const known = world.sqs.queues[name];
  if (known !== undefined) {
    const differs = Object.entries(attributes).some(
      ([key, value]) => known.attributes[key] !== value,
    );
    if (differs) {
      throw new AwsError(
        'QueueNameExists',
        'A queue already exists with the same name and a different value for attribute',
      );
    }
    return known;
  }
  const queue: Queue = {
    name,
    createdAt: world.now,
    modifiedAt: world.now,
    attributes: { ...attributes },
    messages: [],
  };
  world.sqs.queues[name] = queue;
  return queue;
}

export function queueUrl(world: World, name: string): string {
  return `https://sqs.${world.region}.amazonaws.com/${world.account}/${name}`;
}

export function queueArn(world: World, name: string): string {
  return `arn:aws:sqs:${world.region}:${world.account}:${name}`;
}

/** By name, URL or ARN. Throws QueueDoesNotExist. */
export function queueNamed(world: World, name: string | undefined): Queue {
  const queue = world.sqs.queues[(name ?? '').replace(/^.*[/:]/, '')];
  if (queue === undefined) {
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  }
  return queue;
}

/** Puts a message in a queue. Limits on its size are the operations' business. */
export function send(
  world: World,
  queue: Queue,
  {
    body,
    delaySeconds = Number(queue.attributes.DelaySeconds ?? 0),
    attributes = {},
    senderId = world.caller?.userId ?? world.account,
  }: {
    readonly body: string;
    readonly delaySeconds?: number | undefined;
    readonly attributes?: Readonly<Record<string, MessageAttribute>> | undefined;
    /** The unique id of a user, `<id of a role>:<session>` of a role; whoever is answered, unless told, else the account's root. */
    readonly senderId?: string | undefined;
  },
): Message {
  const message: Message = {
    id: randomUuid(world),
    body,
    attributes,
    senderId,
    sentAt: world.now,
    visibleAt: world.now,
    received: 0,
  };
  queue.messages.push(message);
  hide(world, message, delaySeconds);
  return message;
}

/** Takes up to `most` visible messages; those received too often go to the dead-letter queue. */
export function receive(
  world: World,
  queue: Queue,
  most: number,
  visibilitySeconds = Number(queue.attributes.VisibilityTimeout ?? DEFAULT_VISIBILITY_SECONDS),
): Message[] {
  dropExpired(world, queue);
  const redrive = redriveOf(queue);
  const taken: Message[] = [];
  for (const message of [...queue.messages]) {
    if (taken.length === most) break;
    if (message.visibleAt > world.now) continue;
    if (redrive !== undefined && message.received >= redrive.maxReceiveCount) {
      redriveMessage(world, queue, message, redrive.target);
      continue;
    }
    message.received++;
    message.firstReceivedAt ??= world.now;
    message.receipt = Buffer.from(`${queue.name}#${message.id}#${message.received}`).toString(
      'base64url',
    );
    hide(world, message, visibilitySeconds);
    taken.push(message);
  }
  return taken;
}

/** Deletes by receipt handle. An outdated handle succeeds and deletes nothing (docs). */
export function remove(queue: Queue, receipt: string | undefined): void {
  const message = messageOf(queue, receipt);
  if (message === undefined || message.receipt !== receipt) return;
  queue.messages = queue.messages.filter((other) => other !== message);
}

export function changeVisibility(
  world: World,
  queue: Queue,
  receipt: string | undefined,
  seconds: number,
): void {
  const message = messageOf(queue, receipt);
  if (message === undefined || message.receipt !== receipt || message.visibleAt <= world.now) {
    throw new AwsError(
      'MessageNotInflight',
      `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  }
  hide(world, message, seconds);
}

/** How many messages can be received now, are in flight, and are delayed. */
export function countMessages(
  world: World,
  queue: Queue,
): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
  const hidden = queue.messages.filter(({ visibleAt }) => visibleAt > world.now);
  const delayed = hidden.filter(({ received }) => received === 0).length;
  return {
    visible: queue.messages.length - hidden.length,
    inFlight: hidden.length - delayed,
    delayed,
  };
}

function hide(world: World, message: Message, seconds: number): void {
  message.visibleAt = world.now + seconds * 1000;
  if (seconds > 0) schedule(world, message.visibleAt, 'sqs.visible');
}

function dropExpired(world: World, queue: Queue): void {
  const seconds = Number(queue.attributes.MessageRetentionPeriod ?? DEFAULT_RETENTION_SECONDS);
  const oldest = world.now - seconds * 1000;
  if (queue.messages.some(({ sentAt }) => sentAt < oldest)) {
    queue.messages = queue.messages.filter(({ sentAt }) => sentAt >= oldest);
  }
}

function redriveOf(queue: Queue): { target: string; maxReceiveCount: number } | undefined {
  const policy = queue.attributes.RedrivePolicy;
  if (policy === undefined || policy === '') return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as {
    deadLetterTargetArn: string;
    maxReceiveCount: number | string;
  };
  return { target: deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
}

/** The message keeps its id and, in a standard queue, the time it was sent (docs, DLQ). */
function redriveMessage(world: World, from: Queue, message: Message, target: string): void {
  const to = world.sqs.queues[target.replace(/^.*:/, '')];
  // Without its dead-letter queue the message stays where it is.
  if (to === undefined) return;
  from.messages = from.messages.filter((other) => other !== message);
  const { receipt: _, ...rest } = message;
  to.messages.push({ ...rest, deadLetterSource: queueArn(world, from.name) });
}

/** The message a handle was given for; throws if it is no handle of this queue at all. */
function messageOf(queue: Queue, receipt: string | undefined): Message | undefined {
  const [name, id] = Buffer.from(receipt ?? '', 'base64url')
    .toString()
    .split('#');
  if (name !== queue.name) {
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receipt}" is not a valid receipt handle.`,
      {
        status: 404,
      },
    );
  }
  return queue.messages.find((message) => message.id === id);
}
