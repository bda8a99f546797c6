/** The server within this process: what happens in its world comes to its clients, and the other way. */
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import { pushImage } from '../../ecr/images.ts';
import { putRule } from '../../eventbridge/state.ts';
import {
  type CloudServer,
  type CloudServerOptions,
  startCloudServer,
} from '../../server/cloud-server.ts';
import { createQueue, queueArn } from '../../sqs/state.ts';

const PUSHES = { source: ['aws.ecr'] };
const warnings: string[] = [];
let server: CloudServer | undefined;

afterEach(async () => {
  await server?.stop();
  warnings.length = 0;
});

async function started(options: Partial<CloudServerOptions> = {}): Promise<CloudServer> {
  server = await startCloudServer({
    port: 0,
    host: '127.0.0.1',
    region: 'eu-west-1',
    seed: 1,
    speed: 0,
    onWarning: (line) => warnings.push(line),
    ...options,
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

test('a web page elsewhere can change nothing with its reader’s browser', async () => {
  const { url, world } = await started();
  const create = (origin?: string) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(origin !== undefined && { origin }),
      },
      body: 'Action=CreateQueue&Version=2012-11-05&QueueName=mine',
    });
  const refused = await create('http://evil.example');
  expect([refused.status, await refused.json()]).toEqual([
    403,
    { error: 'a page of http://evil.example may do nothing here' },
  ]);
  expect(Object.keys(world.sqs.queues)).toEqual([]);
  expect((await create(url)).status).toBe(200);
  expect((await create()).status).toBe(200);
});

test('reads of ECS show the write before them, or lag as much as was asked for', async () => {
  const seen = async (readLagMs: number) => {
    await server?.stop();
    const { url } = await started({ readLagMs });
    const ecs = new ECSClient({
      endpoint: url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const service = { cluster: 'main', serviceName: 'web', taskDefinition: 'web', desiredCount: 0 };
    await ecs.send(new CreateClusterCommand({ clusterName: 'main' }));
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        containerDefinitions: [{ name: 'web', image: 'public.ecr.aws/nginx/nginx:1', memory: 128 }],
      }),
    );
    await ecs.send(new CreateServiceCommand(service));
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'main', services: ['web'] }),
    );
    ecs.destroy();
    return services?.length;
  };
  expect(await seen(0)).toBe(1);
  expect(await seen(5_000)).toBe(0);
});
