import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createHandler as alarmChanged } from '../../functions/alarm-changed.ts';
import { createHandler as imagePushed } from '../../functions/image-pushed.ts';
import { createHandler as rolloutChanged } from '../../functions/rollout-changed.ts';
import { TransientError } from '../../shared/ports.ts';
import { listeningLog } from '../aws/wire.ts';
import { contextWith, keepingQueues, pipeline } from './sent.ts';

const sample = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../events/${name}.json`, import.meta.url), 'utf8'));

type Create = typeof imagePushed;

async function run(create: Create, event: unknown) {
  const { sent, queues } = keepingQueues();
  const log = listeningLog();
  const handler = create(() => ({ pipeline, queues, log }));
  const result = await handler(event, contextWith(10_000));
  return { result, sent, log };
}

test('a pushed image becomes one message to the target that takes it', async () => {
  const { result, sent, log } = await run(imagePushed, sample('ecr-image-pushed'));
  expect(result).toEqual({ message: 'ImagePushed', targets: ['web'] });
  expect(sent).toMatchObject([
    {
      queue: 'releases',
      envelope: {
        target: 'ecs/production/web',
        message: { type: 'ImagePushed', repository: 'shop/web' },
        cause: { source: 'aws.ecr', detailType: 'ECR Image Action' },
      },
    },
  ]);
  expect(log.lines).toMatchObject([
    { level: 'info', message: 'heard', facts: { targets: ['web'], cause: { source: 'aws.ecr' } } },
  ]);
});

test.each(['alarm-web-5xx', 'alarm-web-5xx-action', 'alarm-web-5xx-sns'])(
  'an alarm goes to the urgent queue: %s',
  async (name) => {
    const { sent } = await run(alarmChanged, sample(name));
    expect(sent).toMatchObject([
      {
        queue: 'urgent',
        envelope: { target: 'ecs/production/web', message: { alarm: 'web-5xx' } },
      },
    ]);
  },
);

test('what ECS says is only a hint', async () => {
  const { sent } = await run(rolloutChanged, sample('ecs-deployment-failed-web'));
  expect(sent).toMatchObject([
    { queue: 'releases', envelope: { target: 'ecs/production/web', message: { type: 'Hinted' } } },
  ]);
});

test.each([
  'ecr-image-pushed-untagged',
  'ecr-image-delete',
  'ecr-image-push-failure',
  'ecr-image-pushed-other-repository',
  'ecr-image-pushed-other-tag',
])('%s is ignored with one line that says why, and nothing is sent', async (name) => {
  const { result, sent, log } = await run(imagePushed, sample(name));
  expect(result).toEqual({ ignored: expect.any(String) });
  expect(sent).toEqual([]);
  expect(log.lines).toMatchObject([{ message: 'ignored', facts: { because: expect.any(String) } }]);
});

test.each([
  ['nothing', null],
  ['text', 'hello'],
  ['a list', []],
  ['an event without its detail', { ...(sample('ecr-image-pushed') as object), detail: undefined }],
])('what cannot be read fails, with one line: %s', async (_, event) => {
  const { queues } = keepingQueues();
  const log = listeningLog();
  const handler = imagePushed(() => ({ pipeline, queues, log }));
  await expect(handler(event, contextWith(10_000))).rejects.toMatchObject({
    name: 'UnreadableEvent',
  });
  expect(log.lines).toMatchObject([{ level: 'error', facts: { requestId: 'request-1' } }]);
});

test('a message that did not go fails the function, so that the event is heard again', async () => {
  const queues = {
    send: async () => {
      throw new TransientError('sqs did not answer');
    },
  };
  const handler = imagePushed(() => ({ pipeline, queues, log: listeningLog() }));
  const handled = handler(sample('ecr-image-pushed'), contextWith(10_000));
  await expect(handled).rejects.toBeInstanceOf(TransientError);
});
