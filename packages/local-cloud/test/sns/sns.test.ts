import {
  InvalidParameterException,
  NotFoundException,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { beforeEach, expect, test } from 'vitest';
import type { World } from '../../kernel/world.ts';
import { emptyWorld } from '../../services.ts';
import { createTopic } from '../../sns/operations.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createTransport } from '../../wire/transport.ts';

const START = Date.UTC(2026, 10, 21, 10, 0, 0);
let world: World;
let publish: (input: object) => Promise<unknown>;
let topic: string;

beforeEach(() => {
  world = emptyWorld({ now: START, seed: 5, account: '123456789012', region: 'eu-west-1' });
  topic = createTopic(world, 'people');
  const client = new SNSClient(clientSettings({ world, transport: createTransport({ world }) }));
  publish = (input) =>
    client.send(new PublishCommand({ TopicArn: topic, Message: 'a text', ...input }));
});

test('what is published is kept, with its subject', async () => {
  expect(topic).toBe('arn:aws:sns:eu-west-1:123456789012:people');
  const answer = await publish({ Subject: 'web: main-2 was rolled back' });
  expect(answer).toMatchObject({ MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  await publish({ Message: 'zwölf' });
  expect(world.sns.topics[topic]).toEqual([
    { at: START, subject: 'web: main-2 was rolled back', message: 'a text' },
    { at: START, message: 'zwölf' },
  ]);
});

test('a topic that nobody made takes nothing', async () => {
  await expect(publish({ TopicArn: `${topic}-2` })).rejects.toBeInstanceOf(NotFoundException);
});

test.each([
  { Subject: 'zwölf' },
  { Subject: 'two\nlines' },
  { Subject: 'x'.repeat(100) },
  { Message: 'x'.repeat(262_145) },
])('SNS refuses what a mail cannot carry', async (input) => {
  await expect(publish(input)).rejects.toBeInstanceOf(InvalidParameterException);
});
