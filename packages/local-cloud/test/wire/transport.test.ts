import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  ResourceNotFound,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CodeBuildClient, ListBuildsCommand } from '@aws-sdk/client-codebuild';
import { DescribeImagesCommand, ECRClient, RepositoryNotFoundException } from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  ServiceNotFoundException,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { pushImage } from '../../ecr/images.ts';
import { createBus, eventsOn } from '../../eventbridge/state.ts';
import type { Call, CallResult, Fault } from '../../kernel/call.ts';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld, execute } from '../../services.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createTransport } from '../../wire/transport.ts';

const START = Date.UTC(2026, 10, 21, 10, 0, 0, 250);

let world: World;
let calls: CallResult[];
/** Faults of the next calls, one each; then none. */
let faults: Fault[];
let settings: ReturnType<typeof clientSettings>;

beforeEach(() => {
  world = emptyWorld({ now: START, seed: 11, account: '123456789012', region: 'eu-west-1' });
  calls = [];
  faults = [];
  const transport = createTransport({
    world,
    onCall: (result) => calls.push(result),
    fault: (_call: Call) => faults.shift() ?? 'none',
  });
  settings = clientSettings({ world, transport });
});

describe('the real clients against the local AWS', () => {
  it('CloudWatch: alarms, their history and metrics, with dates as Date', async () => {
    const client = new CloudWatchClient(settings);
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: 'web-errors',
        Namespace: 'Test',
        MetricName: 'Errors',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 5,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    await client.send(
      new SetAlarmStateCommand({
        AlarmName: 'web-errors',
        StateValue: 'ALARM',
        StateReason: 'drill',
      }),
    );
    const { MetricAlarms } = await client.send(
      new DescribeAlarmsCommand({ AlarmNames: ['web-errors'] }),
    );
    expect(MetricAlarms?.[0]).toMatchObject({ StateValue: 'ALARM', Threshold: 5 });
    expect(MetricAlarms?.[0]?.StateTransitionedTimestamp).toEqual(new Date(START));
    const history = await client.send(
      new DescribeAlarmHistoryCommand({
        AlarmName: 'web-errors',
        HistoryItemType: 'StateUpdate',
        StartDate: new Date(START - 1000),
        EndDate: new Date(START),
      }),
    );
    expect(history.AlarmHistoryItems?.[0]?.Timestamp).toEqual(new Date(START));
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'Test',
        MetricData: [{ MetricName: 'Errors', Value: 3, Timestamp: new Date(START) }],
      }),
    );
    const data = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(START - 250),
        EndTime: new Date(START + 60_000),
        MetricDataQueries: [
          {
            Id: 'm',
            MetricStat: {
              Metric: { Namespace: 'Test', MetricName: 'Errors' },
              Period: 60,
              Stat: 'Sum',
            },
          },
        ],
      }),
    );
    expect(data.MetricDataResults?.[0]).toMatchObject({
      Timestamps: [new Date(START - 250)],
      Values: [3],
    });
  });

  it('EventBridge: events of ours can be read back', async () => {
    createBus(world, 'announcements');
    const client = new EventBridgeClient(settings);
    const output = await client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: 'announcements',
            Source: 'slipway',
            DetailType: 'Rolled back',
            Detail: '{"target":"web"}',
            Time: new Date('2026-11-21T09:00:00Z'),
          },
        ],
      }),
    );
    expect(output.FailedEntryCount).toBe(0);
    expect(eventsOn(world, 'announcements')[0]).toMatchObject({
      time: '2026-11-21T09:00:00Z',
      detail: { target: 'web' },
    });
  });

  it('SQS: a message goes round, its checksums hold', async () => {
    const client = new SQSClient(settings);
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'urgent' }));
    expect(QueueUrl).toBe('https://sqs.eu-west-1.amazonaws.com/123456789012/urgent');
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'grüße' }));
    const batch = await client.send(
      new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: 'second' }] }),
    );
    expect(batch.Failed).toBeUndefined();
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    expect(Messages.map(({ Body }) => Body)).toEqual(['grüße', 'second']);
    expect(Messages[0]?.Attributes).toEqual({ ApproximateReceiveCount: '1' });
    const ReceiptHandle = Messages[0]?.ReceiptHandle;
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 60 }),
    );
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    expect(world.sqs.queues.urgent?.messages).toHaveLength(1);
  });

  it('ECR: images, with the time of the push as Date', async () => {
    const digest = pushImage(world, { repository: 'web', tag: 'v1' });
    const client = new ECRClient(settings);
    const { imageDetails } = await client.send(
      new DescribeImagesCommand({ repositoryName: 'web' }),
    );
    expect(imageDetails?.[0]).toMatchObject({ imageDigest: digest, imageTags: ['v1'] });
    expect(imageDetails?.[0]?.imagePushedAt).toBeInstanceOf(Date);
  });
});

describe('ECS under the real client', () => {
  let client: ECSClient;
  const register = () =>
    client.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        containerDefinitions: [
          { name: 'app', image: 'public.ecr.aws/nginx/nginx:1', essential: true },
        ],
      }),
    );

  beforeEach(async () => {
    client = new ECSClient(settings);
    await client.send(new CreateClusterCommand({ clusterName: 'main' }));
  });

  it('a service comes up in virtual time, with dates as Date', async () => {
    const { taskDefinition } = await register();
    expect(taskDefinition?.registeredAt).toBeInstanceOf(Date);
    await client.send(
      new CreateServiceCommand({
        cluster: 'main',
        serviceName: 'web',
        taskDefinition: 'web:1',
        desiredCount: 2,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      }),
    );
    advance(world, START + 600_000);
    const { services } = await client.send(
      new DescribeServicesCommand({ cluster: 'main', services: ['web'] }),
    );
    expect(services?.[0]).toMatchObject({ runningCount: 2, desiredCount: 2 });
    expect(services?.[0]?.createdAt).toEqual(new Date(START));
    const list = (after: number) =>
      client.send(
        new ListServiceDeploymentsCommand({
          cluster: 'main',
          service: 'web',
          createdAt: { after: new Date(after) },
        }),
      );
    expect((await list(START - 1000)).serviceDeployments).toHaveLength(1);
    expect((await list(START + 599_000)).serviceDeployments).toHaveLength(0);
  });

  it('a service that is not there: ServiceNotFoundException', async () => {
    await register();
    const call = client.send(
      new UpdateServiceCommand({ cluster: 'main', service: 'no', taskDefinition: 'web:1' }),
    );
    await expect(call).rejects.toBeInstanceOf(ServiceNotFoundException);
  });

  it('a lost answer of RegisterTaskDefinition, retried, leaves two revisions', async () => {
    faults = ['lost-answer'];
    expect((await register()).taskDefinition?.revision).toBe(2);
    const { taskDefinition } = await client.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: 'web:1' }),
    );
    expect(taskDefinition?.status).toBe('ACTIVE');
  });
});

describe('errors arrive as the exceptions of the SDK', () => {
  it('CloudWatch: ResourceNotFound', async () => {
    const call = new CloudWatchClient(settings).send(
      new SetAlarmStateCommand({ AlarmName: 'no', StateValue: 'OK', StateReason: 'x' }),
    );
    await expect(call).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(call).rejects.toMatchObject({
      name: 'ResourceNotFound',
      $fault: 'client',
      $metadata: { httpStatusCode: 404, attempts: 1 },
    });
  });

  it('SQS: QueueDoesNotExist, with the old code beside it', async () => {
    const call = new SQSClient(settings).send(new GetQueueUrlCommand({ QueueName: 'no' }));
    await expect(call).rejects.toBeInstanceOf(QueueDoesNotExist);
    await expect(call).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      message: 'The specified queue does not exist.',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  });

  it('ECR: RepositoryNotFoundException', async () => {
    const call = new ECRClient(settings).send(new DescribeImagesCommand({ repositoryName: 'no' }));
    await expect(call).rejects.toBeInstanceOf(RepositoryNotFoundException);
  });

  it('an operation or a service that the local AWS lacks says what it has', async () => {
    const call = new CodeBuildClient(settings).send(new ListBuildsCommand({}));
    await expect(call).rejects.toThrow('the local AWS has not; it has BatchGetBuilds, ');
    const lacking = () => execute(world, 'lambda', 'Invoke', {});
    expect(lacking).toThrow('it has ecs, ecr, monitoring');
  });
});

describe('faults', () => {
  const list = () => new SQSClient(settings).send(new GetQueueUrlCommand({ QueueName: 'urgent' }));
  const create = (more: object = {}) =>
    new SQSClient({ ...settings, ...more }).send(new CreateQueueCommand({ QueueName: 'urgent' }));

  it('throttling is retried, without waiting', async () => {
    faults = ['throttle', 'throttle'];
    const before = performance.now();
    const output = await create();
    expect(output.$metadata.attempts).toBe(3);
    expect(performance.now() - before).toBeLessThan(500);
    expect(calls.map(({ error }) => error?.code)).toEqual([
      'ThrottlingException',
      'ThrottlingException',
      undefined,
    ]);
  });

  it('attempts are limited to three', async () => {
    faults = ['throttle', 'throttle', 'throttle'];
    await expect(create()).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { attempts: 3 },
    });
    expect(world.sqs.queues).toEqual({});
  });

  it('a lost answer throws although the call was carried out', async () => {
    faults = ['lost-answer', 'lost-answer', 'lost-answer'];
    await expect(create()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(world.sqs.queues).toHaveProperty('urgent');
    expect(calls).toHaveLength(3);
  });

  it('a timeout throws and nothing was carried out', async () => {
    faults = ['timeout', 'timeout', 'timeout'];
    await expect(create()).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(world.sqs.queues).toEqual({});
  });

  it('AWS breaking down is retried, and an error of ours stands', async () => {
    await create();
    faults = ['server-error'];
    expect((await list()).$metadata.attempts).toBe(2);
    faults = [new AwsError('AccessDeniedException', 'not yours')];
    await expect(list()).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'not yours',
    });
  });
});

it('calls are carried out one after the other, in the order in which they came', async () => {
  const client = new SQSClient(settings);
  await client.send(new CreateQueueCommand({ QueueName: 'q' }));
  const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/q';
  const sent = Array.from({ length: 20 }, (_, index) => `m${index}`);
  await Promise.all(
    sent.map((MessageBody) => client.send(new SendMessageCommand({ QueueUrl, MessageBody }))),
  );
  expect(world.sqs.queues.q?.messages.map(({ body }) => body)).toEqual(sent);
});
