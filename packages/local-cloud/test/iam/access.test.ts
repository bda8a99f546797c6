/** Calls of real clients are held against policies: what is missing is refused as AWS refuses it. */
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { startDynamo } from '../../dynamodb/dynalite.ts';
import { createAuthorizer } from '../../iam/authorizer.ts';
import type { PolicyDocument, Statement } from '../../iam/policy.ts';
import { roleSession, user } from '../../iam/principal.ts';
import { emptyWorld } from '../../services.ts';
import { createQueue } from '../../sqs/state.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createTransport } from '../../wire/transport.ts';

const account = '123456789012';
const region = 'eu-central-1';
const me = `arn:aws:sts::${account}:assumed-role/worker/worker`;
const queue = `arn:aws:sqs:${region}:${account}:orders`;
const table = `arn:aws:dynamodb:${region}:${account}:table/orders`;
const everything: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };

/** A world whose one role has these rights; every other key is an administrator's. */
function worldFor(
  statements: readonly Statement[],
  resources: Record<string, PolicyDocument> = {},
) {
  const world = emptyWorld({ now: Date.UTC(2026, 10, 20), seed: 1, account, region });
  const worker = roleSession({ account }, 'worker', 'worker');
  const authorizer = createAuthorizer({
    identities: { ROLE: { principal: worker, policies: [{ Statement: statements }] } },
    others: { principal: user({ account }, 'ada'), policies: [{ Statement: everything }] },
    resources,
  });
  const transport = createTransport({ world, dynamo: startDynamo(), authorizer });
  const settings = (accessKeyId: string) => clientSettings({ world, transport, accessKeyId });
  return { world, role: settings('ROLE'), admin: settings('ada') };
}

function refusalOf(call: Promise<unknown>): Promise<object> {
  return call.then(
    () => ({ answer: 'ok' }),
    ({ name, message, $metadata }) => ({ name, message, status: $metadata?.httpStatusCode }),
  );
}

describe('a queue', () => {
  test('to which the role may not send, refuses, and the administrator sends', async () => {
    const { world, role, admin } = worldFor([]);
    createQueue(world, 'orders');
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/orders`;
    const send = () => new SendMessageCommand({ QueueUrl, MessageBody: 'x' });
    expect(await refusalOf(new SQSClient(role).send(send()))).toEqual({
      name: 'AccessDenied',
      message: `User: ${me} is not authorized to perform: sqs:sendmessage on resource: ${queue} because no identity-based policy allows the sqs:sendmessage action`,
      status: 403,
    });
    await new SQSClient(admin).send(send());
    expect(world.sqs.queues.orders?.messages).toHaveLength(1);
  });

  test('is not told apart from one that is not there by whoever has no right', async () => {
    const { role, admin } = worldFor([]);
    const ask = () => new GetQueueUrlCommand({ QueueName: 'nothing' });
    expect(await refusalOf(new SQSClient(role).send(ask()))).toMatchObject({
      name: 'AccessDenied',
    });
    expect(await refusalOf(new SQSClient(admin).send(ask()))).toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  test('says who sent a message: the id of the role with the session', async () => {
    const { world, role } = worldFor([everything]);
    createQueue(world, 'orders');
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/orders`;
    await new SQSClient(role).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    expect(world.sqs.queues.orders?.messages[0]?.senderId).toMatch(/^AROA[A-Z0-9]{17}:worker$/);
  });

  test('with a Deny of its own refuses a role that may do everything', async () => {
    const deny: Statement = { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: queue };
    const { world, role } = worldFor([everything], { [queue]: { Statement: deny } });
    createQueue(world, 'orders');
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/orders`;
    const sent = new SQSClient(role).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    expect(await refusalOf(sent)).toMatchObject({
      message: `User: ${me} is not authorized to perform: sqs:sendmessage on resource: ${queue} with an explicit deny in a resource-based policy`,
    });
  });
});

describe('a table', () => {
  const mine: Statement = {
    Effect: 'Allow',
    Action: 'dynamodb:*',
    Resource: [table, `${table}/index/*`],
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['mine/*'] } },
  };

  async function tableFor(statements: readonly Statement[]) {
    const made = worldFor(statements);
    await new DynamoDBClient(made.admin).send(
      new CreateTableCommand({
        TableName: 'orders',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    );
    return new DynamoDBClient(made.role);
  }

  const item = (pk: string) => ({ pk: { S: pk } });
  const theirs = {
    name: 'AccessDeniedException',
    message: `User: ${me} is not authorized to perform: dynamodb:PutItem on resource: ${table} because no identity-based policy allows the dynamodb:PutItem action`,
    status: 400,
  };

  test('takes an item of the keys that the role has, and no other', async () => {
    const client = await tableFor([mine]);
    const put = (pk: string) =>
      refusalOf(client.send(new PutItemCommand({ TableName: 'orders', Item: item(pk) })));
    expect(await put('mine/1')).toEqual({ answer: 'ok' });
    expect(await put('theirs/1')).toEqual(theirs);
  });

  test('refuses a batch with one item of another key', async () => {
    const client = await tableFor([mine]);
    const batch = (...keys: string[]) => {
      const puts = keys.map((pk) => ({ PutRequest: { Item: item(pk) } }));
      return refusalOf(client.send(new BatchWriteItemCommand({ RequestItems: { orders: puts } })));
    };
    expect(await batch('mine/1', 'mine/2')).toEqual({ answer: 'ok' });
    expect(await batch('mine/1', 'theirs/1')).toMatchObject({ name: 'AccessDeniedException' });
  });

  test('is read by the keys that the role has: an item, a query with and without names', async () => {
    const client = await tableFor([mine]);
    const get = (pk: string) => new GetItemCommand({ TableName: 'orders', Key: item(pk) });
    const query = (pk: string) =>
      new QueryCommand({
        TableName: 'orders',
        KeyConditionExpression: '#key = :pk',
        ExpressionAttributeNames: { '#key': 'pk' },
        ExpressionAttributeValues: { ':pk': { S: pk } },
      });
    expect(await refusalOf(client.send(get('mine/1')))).toEqual({ answer: 'ok' });
    expect(await refusalOf(client.send(get('theirs/1')))).toMatchObject({ status: 400 });
    expect(await refusalOf(client.send(query('mine/1')))).toEqual({ answer: 'ok' });
    expect(await refusalOf(client.send(query('theirs/1')))).toMatchObject({ status: 400 });
  });
});

test('a revision with roles needs the right to pass each of them to ECS', async () => {
  const register = { Effect: 'Allow', Action: 'ecs:RegisterTaskDefinition', Resource: '*' };
  const { role } = worldFor([register]);
  const command = new RegisterTaskDefinitionCommand({
    family: 'web',
    executionRoleArn: `arn:aws:iam::${account}:role/execution`,
    containerDefinitions: [{ name: 'app', image: 'web', memory: 128 }],
  });
  expect(await refusalOf(new ECSClient(role).send(command))).toMatchObject({
    name: 'AccessDeniedException',
    message: `User: ${me} is not authorized to perform: iam:PassRole on resource: arn:aws:iam::${account}:role/execution because no identity-based policy allows the iam:PassRole action`,
  });
});

test('who starts a revision passes its roles; who changes a service without one does not', async () => {
  const rest = { Effect: 'Allow', Action: 'ecs:*', Resource: '*' } as const;
  const { role, admin } = worldFor([rest]);
  const all = new ECSClient(admin);
  await all.send(new CreateClusterCommand({ clusterName: 'shop' }));
  await all.send(
    new RegisterTaskDefinitionCommand({
      family: 'web',
      executionRoleArn: `arn:aws:iam::${account}:role/execution`,
      containerDefinitions: [{ name: 'app', image: 'web', memory: 128 }],
    }),
  );
  const service = { cluster: 'shop', serviceName: 'web', taskDefinition: 'web:1' };
  await all.send(new CreateServiceCommand({ ...service, desiredCount: 1 }));
  const update = (taskDefinition?: string) =>
    refusalOf(
      new ECSClient(role).send(
        new UpdateServiceCommand({
          cluster: 'shop',
          service: 'web',
          taskDefinition,
          desiredCount: 2,
        }),
      ),
    );
  expect(await update()).toEqual({ answer: 'ok' });
  expect(await update('web:1')).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(
      `not authorized to perform: iam:PassRole on resource: arn:aws:iam::${account}:role/execution`,
    ),
  });
});
