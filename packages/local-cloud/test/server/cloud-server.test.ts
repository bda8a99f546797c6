/** The server within this process: what happens in its world comes to its clients, and the other way. */
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import { pushImage } from '../../ecr/images.ts';
import { putRule } from '../../eventbridge/state.ts';
import { type CloudServer, startCloudServer } from '../../server/cloud-server.ts';
import { createQueue, queueArn } from '../../sqs/state.ts';

const PUSHES = { source: ['aws.ecr'] };
const warnings: string[] = [];
let server: CloudServer | undefined;

afterEach(async () => {
  await server?.stop();
  warnings.length = 0;
});

async function started(): Promise<CloudServer> {
  server = await startCloudServer({
    port: 0,
    host: '127.0.0.1',
    region: 'eu-west-1',
    seed: 1,
    speed: 0,
    onWarning: (line) => warnings.push(line),
  });
  return server;
}

test('an event goes to the queue that its rule names', async () => {
  const { world, url, advance } = await started();
  createQueue(world, 'pushes');
  putRule(world, { name: 'pushes', pattern: PUSHES, target: queueArn(world, 'pushes') });
  pushImage(world, { repository: 'web', tag: 'v1' });
  await advance(1_000);
  const sqs = new SQSClient({
    endpoint: url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: `${url}/${world.account}/pushes` }),
  );
  sqs.destroy();
  expect(JSON.parse(Messages?.[0]?.Body ?? '{}')).toMatchObject({
    'detail-type': 'ECR Image Action',
    detail: { 'repository-name': 'web', 'image-tag': 'v1' },
  });
  expect(warnings).toEqual([]);
});

test.each([
  ['arn:aws:sqs:eu-west-1:123456789012:gone', 'and there is no such queue'],
  ['arn:aws:lambda:eu-west-1:123456789012:function:x', 'only queues are delivered to'],
])('a target that cannot be delivered to is told once: %s', async (target, why) => {
  const { world, advance } = await started();
  putRule(world, { name: 'pushes', pattern: PUSHES, target });
  pushImage(world, { repository: 'web', tag: 'v1' });
  pushImage(world, { repository: 'web', tag: 'v2' });
  await advance(1_000);
  expect(warnings).toEqual([expect.stringContaining(why)]);
});

test('what is no request to AWS is said so, and a body that is none is refused', async () => {
  const { url } = await started();
  const page = await fetch(url);
  expect([page.status, await page.text()]).toEqual([
    400,
    'GET / is no request to AWS: it has neither x-amz-target nor Action, nor a signature\n',
  ]);
  const headers = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' };
  const broken = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-amz-json-1.1' },
    body: '{',
  });
  expect([broken.status, await broken.json()]).toMatchObject([
    400,
    { __type: 'SerializationException' },
  ]);
});
