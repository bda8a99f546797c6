/** A message says nothing that its queue does not carry, and a command is what SQS says a person sent. */
import { describe, expect, test } from 'vitest';
import type { Envelope, Message } from '../../shared/edge/message.ts';
import { UnreadableEvent } from '../../shared/parsing/unreadable.ts';
import { checkQueue, senderOf } from '../../shared/reconcile/origin.ts';
import { digest, REGISTRY } from '../build.ts';

const command: Message = {
  type: 'CommandReceived',
  by: 'ada',
  because: 'it is slow',
  command: { do: 'hold' },
};
const alarm: Message = {
  type: 'AlarmChanged',
  alarm: 'web-5xx',
  from: 'OK',
  to: 'ALARM',
  changedAt: 0,
  muted: false,
  reason: '',
};
const hint: Message = { type: 'Hinted', cause: 'a look' };
const push: Message = {
  type: 'ImagePushed',
  registry: REGISTRY,
  repository: 'shop/web',
  digest: digest(2),
  tag: 'main-2',
  at: 0,
};
const QUEUES = [
  'slipway-commands',
  'slipway-urgent',
  'slipway-releases',
  'slipway-builds',
  undefined,
];

const envelope = (message: Message): Envelope => ({
  target: 'ecs/production/web',
  message,
  cause: { id: 'e1', source: 'a test', detailType: 'a test' },
});

test.each<[message: Message, carriedBy: readonly (string | undefined)[]]>([
  [command, ['slipway-commands']],
  [alarm, ['slipway-urgent', undefined]],
  [hint, ['slipway-urgent', 'slipway-releases', undefined]],
  [push, ['slipway-urgent', 'slipway-releases', undefined]],
])('a message comes by its own queue only: $type', (message, carriedBy) => {
  for (const queue of QUEUES) {
    const check = () => checkQueue(envelope(message), queue === undefined ? {} : { queue });
    if (carriedBy.includes(queue)) expect(check).not.toThrow();
    else expect(check).toThrow(UnreadableEvent);
  }
});

test('one line says what came by which queue, and where it would have had to come from', () => {
  expect(() => checkQueue(envelope(command), { queue: 'slipway-releases' })).toThrow(
    'a CommandReceived, the queue that it came by: is "slipway-releases", expected slipway-commands: who may send to another one may not say this; the message goes to the dead-letter queue',
  );
});

test('a command comes by the queue of its target, and by that of no other', () => {
  const check = (queue: string) => () => checkQueue(envelope(command), { queue }, ['commands-web']);
  expect(check('slipway-commands-web')).not.toThrow();
  for (const queue of [
    'slipway-commands',
    'slipway-commands-worker',
    'slipway-commands-web-dead',
  ]) {
    expect(check(queue)).toThrow(/expected slipway-commands-web: who may send to another one/);
  }
  expect(() => checkQueue(envelope(command), { queue: 'slipway-commands-web' })).toThrow(
    UnreadableEvent,
  );
});

test('of a target that nobody names any more it may be any queue of commands, and no other one', () => {
  const check = (queue: string) => () =>
    checkQueue(envelope(command), { queue }, ['commands', 'commands-web']);
  expect(check('slipway-commands')).not.toThrow();
  expect(check('slipway-commands-web')).not.toThrow();
  expect(check('slipway-releases')).toThrow(/expected slipway-commands or slipway-commands-web:/);
});

test('of a pipeline with a name it is the queue of that name', () => {
  const check = (queue: string) => () =>
    checkQueue(envelope(command), { queue }, ['commands'], { name: 'shop' });
  expect(check('shop-slipway-commands')).not.toThrow();
  expect(check('slipway-commands')).toThrow(/expected shop-slipway-commands: who may send/);
});

describe('who sent a command', () => {
  const sent = (by: string, senderId?: string) =>
    senderOf({ by }, senderId === undefined ? {} : { senderId });

  test.each([
    ['ada@example.com (Deployer)', 'AROAEXAMPLE:ada@example.com'],
    ['Ada Lovelace', 'AROAEXAMPLE:Ada-Lovelace'],
    ['ada', 'AIDAEXAMPLE'],
    ['root of 123456789012', '123456789012'],
  ])('stands beside the name: %s', (by, sender) => {
    expect(sent(by, sender)).toEqual({ by, sender });
  });

  test('and is told with it where the message names somebody else', () => {
    const sender = 'AROAEXAMPLE:mallory@example.com';
    expect(sent('ada@example.com (Deployer)', sender)).toEqual({
      by: 'ada@example.com (Deployer), sent as mallory@example.com',
      sender,
    });
  });

  test.each([
    'slipway-image-pushed',
    'slipway-feedback',
    'slipway-tick',
    'slipway-build',
    'slipway-reconcile',
    // Of another pipeline.
    'shop-slipway-reconcile',
    'AWSCodeBuild-3f1f0d5a-0001',
  ])('is no function of ours, and no build: %s', (session) => {
    const sender = `AROAEXAMPLE:${session}`;
    const refused = `it was sent by ${session}, which is no person`;
    expect(sent('ada', sender)).toEqual({ by: 'ada', sender, refused });
  });

  test('is somebody: a command without a sender is refused', () => {
    expect(sent('ada')).toEqual({ by: 'ada', refused: 'SQS does not say who sent it' });
  });
});
