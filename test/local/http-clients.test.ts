import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
  ResourceNotFound,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  ClusterNotFoundException,
  CreateClusterCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServicesCommand,
  paginateListTaskDefinitions,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { execute } from '@slipway/local-cloud/services.ts';
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor';
import { describe, expect, test } from 'vitest';
import { clientOf, localAws, stopServersAfterwards, warnings } from './http-world.ts';

stopServersAfterwards();

describe('the AWS SDK for JavaScript, over HTTP', () => {
  test('ECS: a read shows the write before it, while our functions’ reads lag', async () => {
    const aws = await localAws();
    const ecs = new ECSClient(clientOf(aws));
    const named = { cluster: 'production', service: 'web' };
    const lagged: number[] = [];
    for (let time = 0; time < 10; time++) {
      await ecs.send(new UpdateServiceCommand({ ...named, forceNewDeployment: true }));
      const { services } = await ecs.send(
        new DescribeServicesCommand({ cluster: 'production', services: ['web'] }),
      );
      expect(services?.[0]?.deployments).toHaveLength(time + 2);
      const { world } = aws.live.cloud;
      const ours = execute(world, 'ecs', 'DescribeServices', {
        cluster: 'production',
        services: ['web'],
      }) as { services: { deployments: unknown[] }[] };
      lagged.push(ours.services[0]?.deployments.length ?? 0);
    }
    expect(lagged).toEqual(Array.from({ length: 10 }, () => 1));
  });

  test('ECS: with a read lag asked for, reads of clients lag', async () => {
    const aws = await localAws({ clientReadLagMs: 30_000 });
    const ecs = new ECSClient(clientOf(aws));
    await ecs.send(
      new UpdateServiceCommand({ cluster: 'production', service: 'web', forceNewDeployment: true }),
    );
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'production', services: ['web'] }),
    );
    expect(services?.[0]?.deployments).toHaveLength(1);
  });

  test('ECS: services with dates, pages, and the SDK’s own exceptions', async () => {
    const aws = await localAws();
    const ecs = new ECSClient(clientOf(aws));
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'production', services: ['web', 'worker'] }),
    );
    expect(services?.map(({ serviceName, runningCount }) => [serviceName, runningCount])).toEqual([
      ['web', 4],
      ['worker', 2],
    ]);
    expect(services?.[0]?.createdAt).toBeInstanceOf(Date);
    const page = await ecs.send(new ListServicesCommand({ cluster: 'production', maxResults: 1 }));
    expect(page.serviceArns).toHaveLength(1);
    expect(page.nextToken).toBeTypeOf('string');
    const arns: string[] = [];
    for await (const { taskDefinitionArns = [] } of paginateListTaskDefinitions(
      { client: ecs, pageSize: 1 },
      {},
    )) {
      arns.push(...taskDefinitionArns.map((arn) => arn.split('/').at(-1) ?? ''));
    }
    expect(arns).toEqual(['web:1', 'worker:1']);
    const missing = ecs.send(new DescribeServicesCommand({ cluster: 'no', services: ['web'] }));
    await expect(missing).rejects.toBeInstanceOf(ClusterNotFoundException);
    await expect(missing).rejects.toMatchObject({ message: 'Cluster not found.' });
    expect(warnings).toEqual([]);
  });

  test('ECS: more than its published bucket holds is throttled, unless that is turned off', async () => {
    // Twenty clusters at once and one a second.
    const refusals = async (options: { throttling?: boolean }) => {
      const ecs = new ECSClient(clientOf(await localAws({ ...options, speed: 1 })));
      const made = Array.from({ length: 60 }, (_, i) =>
        ecs.send(new CreateClusterCommand({ clusterName: `c${i}` })).catch(({ name }) => name),
      );
      return (await Promise.all(made)).filter((answer) => answer === 'ThrottlingException').length;
    };
    expect(await refusals({})).toBeGreaterThan(0);
    expect(await refusals({ throttling: false })).toBe(0);
  });

  test('what a client changes, the world goes on with', async () => {
    const aws = await localAws();
    const ecs = new ECSClient(clientOf(aws));
    await ecs.send(
      new UpdateServiceCommand({ cluster: 'production', service: 'worker', desiredCount: 3 }),
    );
    await aws.live.advance(120_000);
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'production', services: ['worker'] }),
    );
    expect(services?.[0]).toMatchObject({ desiredCount: 3, runningCount: 3 });
  });

  test('SQS: the URL of a queue points here, so that its requests come here too', async () => {
    const aws = await localAws();
    const sqs = new SQSClient(clientOf(aws));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'mine' }));
    expect(QueueUrl).toBe(`${aws.url}/123456789012/mine`);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'hello',
        MessageAttributes: { raw: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) } },
      }),
    );
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }),
    );
    expect(Messages?.[0]?.Body).toBe('hello');
    expect(Messages?.[0]?.MessageAttributes?.raw?.BinaryValue).toEqual(new Uint8Array([0, 255]));
    const { QueueUrls } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'mi' }));
    expect(QueueUrls).toEqual([QueueUrl]);
    const missing = sqs.send(new GetQueueUrlCommand({ QueueName: 'no' }));
    await expect(missing).rejects.toBeInstanceOf(QueueDoesNotExist);
  });

  test('CloudWatch in JSON, and the same in CBOR', async () => {
    const aws = await localAws();
    const at = new Date(aws.live.cloud.world.now - 60_000);
    const inJson = new CloudWatchClient(clientOf(aws));
    const inCbor = new CloudWatchClient({
      ...clientOf(aws),
      protocol: new SmithyRpcV2CborProtocol({
        defaultNamespace: 'com.amazonaws.cloudwatch',
      }),
    });
    for (const [client, value] of [
      [inJson, 3],
      [inCbor, 4.5],
    ] as const) {
      const MetricData = [{ MetricName: 'Errors', Value: value, Timestamp: at }];
      await client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData }));
    }
    const question = {
      Namespace: 'Test',
      MetricName: 'Errors',
      StartTime: new Date(at.getTime() - 60_000),
      EndTime: new Date(at.getTime() + 60_000),
      Period: 60,
      Statistics: ['Sum' as const, 'Maximum' as const],
    };
    const [one, other] = await Promise.all(
      [inJson, inCbor].map((client) => client.send(new GetMetricStatisticsCommand(question))),
    );
    const Timestamp = new Date(Math.floor(at.getTime() / 60_000) * 60_000);
    const expected = [{ Timestamp, Sum: 7.5, Maximum: 4.5, Unit: 'None' }];
    expect(one?.Datapoints).toEqual(expected);
    expect(other?.Datapoints).toEqual(expected);
    const { Metrics } = await inCbor.send(new ListMetricsCommand({ Namespace: 'Test' }));
    expect(Metrics).toEqual([{ Namespace: 'Test', MetricName: 'Errors', Dimensions: [] }]);
    const { MetricAlarms } = await inCbor.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['web-5xx']);
    const state = { StateValue: 'OK' as const, StateReason: 'drill' };
    const refused = inCbor.send(new SetAlarmStateCommand({ AlarmName: 'no', ...state }));
    await expect(refused).rejects.toBeInstanceOf(ResourceNotFound);
    expect(warnings).toEqual([]);
  });

  test('a body that the SDK packs is unpacked', async () => {
    const aws = await localAws();
    const cloudwatch = new CloudWatchClient(clientOf(aws));
    const MetricData = Array.from({ length: 500 }, (_, index) => ({
      MetricName: `Metric${index}`,
      Value: index,
    }));
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Many', MetricData }));
    const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ Namespace: 'Many' }));
    expect(Metrics).toHaveLength(500);
  });

  test('DynamoDB, EventBridge, SSM and ECR', async () => {
    const aws = await localAws();
    const dynamo = new DynamoDBClient(clientOf(aws));
    await dynamo.send(
      new CreateTableCommand({
        TableName: 'mine',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await dynamo.send(new PutItemCommand({ TableName: 'mine', Item: { id: { S: 'a' } } }));
    const { Item } = await dynamo.send(
      new GetItemCommand({ TableName: 'mine', Key: { id: { S: 'a' } } }),
    );
    expect(Item).toEqual({ id: { S: 'a' } });

    const events = new EventBridgeClient(clientOf(aws));
    const entry = { Source: 'me', DetailType: 'hello', Detail: '{}' };
    const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: [entry] }));
    expect(FailedEntryCount).toBe(0);
    const { Rules } = await events.send(new ListRulesCommand({}));
    expect(Rules?.every(({ State }) => State === 'ENABLED')).toBe(true);
    expect(Rules?.length).toBeGreaterThan(2);

    const ssm = new SSMClient(clientOf(aws));
    await ssm.send(new PutParameterCommand({ Name: '/a/b', Value: 'v', Type: 'String' }));
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/a/b' }));
    expect(Parameter).toMatchObject({ Value: 'v', Version: 1 });

    const ecr = new ECRClient(clientOf(aws));
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({ repositoryName: 'shop/web' }),
    );
    expect(imageDetails?.[0]?.imageTags).toEqual(['main-0000000']);
    expect(warnings).toEqual([]);
  });
});
