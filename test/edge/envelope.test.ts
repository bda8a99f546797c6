/** What travels in the queues arrives as it was sent, and nothing else does. */
import { describe, expect, test } from 'vitest';
import { BODY_BYTES_MAX, parseEnvelope } from '../../shared/edge/envelope.ts';
import type { Cause, ImagePushedMessage, Message } from '../../shared/edge/message.ts';
import { UnreadableEvent } from '../../shared/edge/parse-aws-event.ts';

const cause: Cause = { id: 'e-1', source: 'aws.ecr', detailType: 'ECR Image Action' };
const target = 'ecs/production/web';
const digest = `sha256:${'a'.repeat(64)}` as ImagePushedMessage['digest'];
const registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const body = (message: unknown, rest: object = {}) =>
  JSON.stringify({ target, message, cause, ...rest });
const image = { registry, repository: 'shop/web', digest };
const by = { type: 'CommandReceived', by: 'ada', because: 'it is slow' } as const;

const messages: readonly Message[] = [
  { type: 'ImagePushed', ...image, tag: 'main-1', at: 1 },
  {
    type: 'AlarmChanged',
    alarm: 'a b',
    from: 'OK',
    to: 'ALARM',
    changedAt: 2,
    muted: false,
    reason: '',
  },
  {
    type: 'AlarmChanged',
    alarm: 'x',
    from: 'OK',
    to: 'ALARM',
    changedAt: 2,
    breachEndsAt: 1,
    muted: true,
    reason: 'r',
  },
  { type: 'Hinted', cause: 'tick' },
  { type: 'Hinted', cause: 'tick', cluster: 'c', service: 's', urgent: true },
  { type: 'Hinted', cause: 'scan', repository: 'shop/web', happenedAt: 1 },
  { ...by, command: { do: 'deploy', images: { app: { ...image, tags: ['main-1'] } } } },
  { ...by, command: { do: 'rollback' } },
  { ...by, command: { do: 'rollback', to: 'release 7' } },
  { ...by, saidAt: 1_795_255_200_000, command: { do: 'rollback', leaves: 'web:2' } },
  { ...by, command: { do: 'unquarantine', digest } },
  { ...by, command: { do: 'hold' } },
  { ...by, command: { do: 'hold', minutes: 120 } },
  { ...by, command: { do: 'resume' } },
  { ...by, command: { do: 'approve', of: '0a1b2c3d' } },
  { ...by, command: { do: 'reject', of: '0a1b2c3d' } },
];

test.each(messages)('a message arrives as it was sent: $type %#', (message) => {
  expect(parseEnvelope(body(message))).toEqual({ target, message, cause });
});

test('keys of a newer sender are left out', () => {
  const message = { type: 'Hinted', cause: 'tick', colour: 'red' };
  expect(parseEnvelope(body(message, { trace: 1 }))).toEqual({
    target,
    message: { type: 'Hinted', cause: 'tick' },
    cause,
  });
});

describe('anything else is refused', () => {
  const hint = { type: 'Hinted', cause: 'tick' };
  test.each([
    ['hello', ': is "hello", expected JSON'],
    ['', ': is "", expected JSON'],
    ['null', ': is null, expected an envelope with target, message and cause'],
    ['[]', ': is a list of 0, expected an envelope with target, message and cause'],
    [
      body(hint, { target: 'ecs/../web' }),
      ', target: is "ecs/../web", expected ecs/<cluster>/<service>',
    ],
    [body(hint, { target: 'eks/a/b' }), ', target: is "eks/a/b", expected ecs/<cluster>/<service>'],
    [
      body({ type: 'Launch' }),
      ', message.type: is "Launch", expected a message of type ImagePushed, AlarmChanged, Hinted or CommandReceived',
    ],
    [
      body({ ...messages[0], digest: 'sha256:1' }),
      ', message.digest: is "sha256:1", expected sha256: and 64 hex digits',
    ],
    [
      body({ ...messages[0], at: 1.5 }),
      ', message.at: is the number 1.5, expected a time in whole milliseconds since 1970',
    ],
    [body({ ...hint, urgent: false }), ', message.urgent: is false, expected true, or no such key'],
    [
      body({ ...by, command: { do: 'explode' } }),
      ', message.command.do: is "explode", expected deploy, rollback, unquarantine, hold, resume, approve or reject',
    ],
    [
      body({ ...by, command: { do: 'deploy', images: {} } }),
      ', message.command.images: is an object, expected at least one container',
    ],
    [
      body(hint, { cause: undefined }),
      ', cause: is missing, expected the event that this comes from',
    ],
  ])('%s', (text, reason) => {
    const message = `the body of a queue message${reason}; the message goes to the dead-letter queue`;
    expect(() => parseEnvelope(text)).toThrow(
      expect.objectContaining({ name: 'UnreadableEvent', message }),
    );
  });

  test('more than SQS takes, before it is parsed', () => {
    const text = JSON.stringify('ü'.repeat(BODY_BYTES_MAX / 2));
    expect(() => parseEnvelope(text)).toThrow('expected at most 1048576 bytes, not 1048578');
  });

  test('a megabyte of nesting', () => {
    const half = 500_000;
    for (const text of [
      '['.repeat(2 * half),
      '['.repeat(half) + ']'.repeat(half),
      '{"a":'.repeat(200_000),
    ]) {
      expect(() => parseEnvelope(text)).toThrow(UnreadableEvent);
    }
  });

  test('a megabyte of nesting beside the message does no harm', () => {
    const nested = '['.repeat(400_000) + ']'.repeat(400_000);
    const text = body(hint).replace('{', `{"nested":${nested},`);
    expect(parseEnvelope(text).message).toEqual(hint);
  });
});

test('keys of prototypes give nothing', () => {
  const inherited = `{"__proto__":${body({ type: 'Hinted', cause: 'tick' })}}`;
  expect(() => parseEnvelope(inherited)).toThrow(', target: is missing');
  const images = JSON.parse('{"__proto__":{"registry":"r"}}');
  expect(() => parseEnvelope(body({ ...by, command: { do: 'deploy', images } }))).toThrow(
    'at least one container',
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});
