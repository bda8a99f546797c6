import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import type { LocalAws } from '../../local/server/local-aws.ts';
import { BadStateFile, readState } from '../../local/server/state-file.ts';
import { ask, clientOf, ECS, localAws, post, stopServersAfterwards } from './http-world.ts';

stopServersAfterwards();

function file(name = 'state.json'): string {
  return join(mkdtempSync(join(tmpdir(), 'slipway-state-')), name);
}

/** What is told of a run, without the numbers of entries. */
function told(aws: LocalAws): readonly string[] {
  return aws.live.story.all().map((entry) => JSON.stringify({ ...entry, n: 0 }));
}

describe('the state file', () => {
  test('is one server’s: a second one is refused, and may have it after the first', async () => {
    const stateFile = file();
    const first = await localAws({ stateFile });
    const second = localAws({ stateFile });
    await expect(second).rejects.toThrow(BadStateFile);
    await expect(second).rejects.toThrow(/is in use by another `slipway local`, process \d+/);
    await first.stop();
    const third = await localAws({ stateFile });
    expect(third.resumed).toBe(true);
  });

  test('of a server that was killed may be taken', async () => {
    const stateFile = file();
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(`${stateFile}.lock`, `${gone}\n`);
    expect((await localAws({ stateFile })).resumed).toBe(false);
  });

  test('is free again if its server could not begin', async () => {
    const stateFile = file();
    await expect(localAws({ stateFile, host: '203.0.113.1' })).rejects.toThrow('EADDRNOTAVAIL');
    expect((await localAws({ stateFile })).resumed).toBe(false);
  });

  test('a run that was saved and taken up again goes on as if it had not been', async () => {
    const push = { repository: 'shop/web', tag: 'main-2', behaviour: { errorRate: 0.4 } };
    const whole = await localAws();
    await post(whole, 'push', push);
    await post(whole, 'advance', { seconds: 90 });
    await post(whole, 'advance', { seconds: 900 });

    const stateFile = file();
    const first = await localAws({ stateFile });
    expect(first.resumed).toBe(false);
    await post(first, 'push', push);
    await post(first, 'advance', { seconds: 90 });
    await first.stop();
    const second = await localAws({ stateFile, seed: 77 });
    expect(second.resumed).toBe(true);
    expect(second.live.seed).toBe(1);
    await post(second, 'advance', { seconds: 900 });

    expect(second.live.cloud.world.now).toBe(whole.live.cloud.world.now);
    // What functions remember between invocations is gone, as with a new Lambda: calls may differ.
    const facts = (aws: LocalAws) => told(aws).filter((text) => !text.startsWith('{"type":"call"'));
    expect(facts(second)).toEqual(facts(whole));
    const [one, other] = await Promise.all([second.live.state(), whole.live.state()]);
    expect(one.targets.map(({ phase, running }) => [phase, running])).toEqual(
      other.targets.map(({ phase, running }) => [phase, running]),
    );
    expect(one.timeline.next).toBe(second.live.story.next);
  });

  test('keeps the tables of clients, with indexes and items', async () => {
    const stateFile = file();
    const first = await localAws({ stateFile });
    const dynamo = new DynamoDBClient(clientOf(first));
    await dynamo.send(
      new CreateTableCommand({
        TableName: 'mine',
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'kind', AttributeType: 'S' },
        ],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-kind',
            KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
    for (let id = 0; id < 60; id++) {
      const Item = { id: { S: `i${id}` }, kind: { S: id % 2 ? 'odd' : 'even' }, n: { N: '1.5' } };
      await dynamo.send(new PutItemCommand({ TableName: 'mine', Item }));
    }
    await first.stop();
    const second = await localAws({ stateFile });
    const { Count, Items } = await new DynamoDBClient(clientOf(second)).send(
      new QueryCommand({
        TableName: 'mine',
        IndexName: 'by-kind',
        KeyConditionExpression: 'kind = :kind',
        ExpressionAttributeValues: { ':kind': { S: 'odd' } },
      }),
    );
    expect(Count).toBe(30);
    expect(Items?.[0]?.n).toEqual({ N: '1.5' });
  });

  test('names of JavaScript’s own stay harmless', async () => {
    const stateFile = file();
    const first = await localAws({ stateFile });
    await ask(first, `${ECS}.CreateCluster`, { clusterName: '__proto__' });
    await first.stop();
    const second = await localAws({ stateFile });
    const clusters = { clusters: ['__proto__', 'constructor'] };
    const { body } = await ask(second, `${ECS}.DescribeClusters`, clusters);
    expect(body).toMatchObject({
      clusters: [{ clusterName: '__proto__' }],
      failures: [{ reason: 'MISSING' }],
    });
  });

  test('a world that lacks a service of today gets it empty', async () => {
    const stateFile = file();
    const first = await localAws({ stateFile });
    await first.stop();
    const state = JSON.parse(readFileSync(stateFile, 'utf8'));
    delete state.world.ssm;
    writeFileSync(stateFile, JSON.stringify(state));
    const second = await localAws({ stateFile });
    const { body } = await ask(second, 'AmazonSSM.GetParameter', { Name: 'none' });
    expect(body.__type).toBe('ParameterNotFound');
  });

  test.each([
    ['no JSON', '{"a":', /is not JSON; nothing was started/],
    ['JSON of something else', '{"a":1}', /is no state of the local AWS/],
    ['null', 'null', /is no state of the local AWS/],
    [
      'of a newer version',
      '{"slipwayLocalState":2}',
      /has format 2, and this version reads up to 1/,
    ],
    ['half of one', '{"slipwayLocalState":1,"seed":1}', /is broken: world/],
  ])('a file that is %s is refused, and left as it is', async (_, text, message) => {
    const stateFile = file();
    writeFileSync(stateFile, text);
    const refused = localAws({ stateFile });
    await expect(refused).rejects.toBeInstanceOf(BadStateFile);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(stateFile);
    expect(readFileSync(stateFile, 'utf8')).toBe(text);
  });

  test('no file is a new world; a folder is a mistake', async () => {
    expect(await readState(file())).toBeUndefined();
    await expect(readState(tmpdir())).rejects.toThrow(/cannot be read \(EISDIR\)/);
  });
});
