import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyWorld } from '../../services.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createTransport } from '../../wire/transport.ts';

const TableName = 'records';
let client: DynamoDBDocumentClient;

beforeEach(async () => {
  const world = emptyWorld({ now: 0, seed: 1, account: '123456789012', region: 'eu-west-1' });
  const plain = new DynamoDBClient(
    clientSettings({ world, transport: createTransport({ world }) }),
  );
  await plain.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  client = DynamoDBDocumentClient.from(plain);
});

describe('DynamoDB under the real client', () => {
  it('keeps an item and answers it', async () => {
    const Item = { pk: 'ecs/main/web', version: 1, rollbackCandidates: ['a', 'b'], note: 'grüße' };
    await client.send(new PutCommand({ TableName, Item }));
    const found = await client.send(
      new GetCommand({ TableName, Key: { pk: 'ecs/main/web' }, ConsistentRead: true }),
    );
    expect(found.Item).toEqual(Item);
    const query = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'ecs/main/web' },
      }),
    );
    expect(query.Items).toEqual([Item]);
  });

  it('a condition that fails is the typed exception', async () => {
    await client.send(new PutCommand({ TableName, Item: { pk: 'a', version: 2 } }));
    const update = (seen: number) =>
      client.send(
        new UpdateCommand({
          TableName,
          Key: { pk: 'a' },
          UpdateExpression: 'SET version = :next',
          ConditionExpression: 'version = :seen',
          ExpressionAttributeValues: { ':next': seen + 1, ':seen': seen },
        }),
      );
    await expect(update(1)).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    await update(2);
  });

  it('of two writers of one version one wins', async () => {
    const put = () =>
      client.send(
        new PutCommand({
          TableName,
          Item: { pk: 'lease' },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    const results = await Promise.allSettled([put(), put(), put()]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('each transport has a DynamoDB of its own', async () => {
    const world = emptyWorld({ now: 0, seed: 1, account: '123456789012', region: 'eu-west-1' });
    const other = DynamoDBDocumentClient.from(
      new DynamoDBClient(clientSettings({ world, transport: createTransport({ world }) })),
    );
    await expect(other.send(new GetCommand({ TableName, Key: { pk: 'a' } }))).rejects.toMatchObject(
      {
        name: 'ResourceNotFoundException',
      },
    );
  });
});
