/** What cannot be read or asked takes no other target with it, and is told in words, never guessed at. */
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../../cli/connect/connection.ts';
import { statusOf, type TargetStatus } from '../../../cli/connect/target-status.ts';
import { examineStack, readRecords } from '../../../cli/doctor/examine-stack.ts';
import { statusDetail } from '../../../cli/output/status/status-detail.ts';
import { Fleet } from '../../../cli/view/fleet.ts';
import { viewOf } from '../../../cli/view/server.ts';
import { recordKey } from '../../../shared/aws/table/table.ts';
import type { Target } from '../../../shared/config/config.ts';
import { pipeline, type Standing, standing } from '../world.ts';

const targets = Object.values(pipeline.targets);
const { web, worker } = pipeline.targets;
if (web === undefined || worker === undefined) throw new Error('the example has two targets');
let here: Standing;
let stored = '';
beforeAll(async () => {
  here = await standing();
  stored = JSON.stringify((await here.connection.aws.records.load(web.key))?.record);
});

/** Writes that as the record of web, looks, and puts back what stood there. */
async function withRecord<T>(text: string, look: () => Promise<T>): Promise<T> {
  const { world, dynamo } = here.cloud;
  const client = new DynamoDBClient(
    clientSettings({ world, transport: createTransport({ world, dynamo }) }),
  );
  const write = (record: string) => {
    const { pk, sk } = recordKey(web?.key ?? '');
    return client.send(
      new UpdateItemCommand({
        TableName: 'slipway',
        Key: { pk: { S: pk }, sk: { S: sk } },
        UpdateExpression: 'SET #r = :r',
        ExpressionAttributeNames: { '#r': 'record' },
        ExpressionAttributeValues: { ':r': { S: record } },
      }),
    );
  };
  await write(text);
  try {
    return await look();
  } finally {
    await write(stored);
  }
}

const newer = () => JSON.stringify({ ...JSON.parse(stored), format: 3 });

async function get(path: string, connection = here.connection): Promise<string> {
  const answer = viewOf(connection, new Fleet(connection));
  const url = new URL(path, 'http://localhost');
  const { pathname, searchParams: query } = url;
  const asked = { method: 'GET', path: pathname, query, headers: {}, body: Buffer.alloc(0) };
  return String((await answer(asked)).body);
}

function only(all: readonly TargetStatus[], id: string): TargetStatus {
  const one = all.find(({ target }) => target === id);
  if (one === undefined) throw new Error(`${id} is not shown`);
  return one;
}

describe('a record of a newer Slipway', () => {
  test('takes its own target alone from `status`, which says so, what runs, and what to do', async () => {
    const { targets: shown } = await withRecord(newer(), () => statusOf(here.connection, targets));
    const one = only(shown, 'web');
    expect(one.state).toBe('unreadable');
    expect(one.headline).toBe(
      'what was tried and what waits cannot be told: its record has format 3, this version reads 1 and 2, and a newer Slipway wrote it. web:1 runs, all 4 tasks.',
    );
    expect(one.next).toEqual({
      by: 'a person',
      what: 'install that version, or deploy it again where this one was deployed over it (docs/upgrading.md)',
    });
    expect(one.actions).toEqual([
      { to: 'see which version is deployed', command: 'slipway doctor web' },
    ]);
    expect(one.couldRollBack.possible).toBe(false);
    expect(only(shown, 'worker').state).toBe('well');
    expect(shown[0]).toBe(one);
  });

  test('is told by `status web` and by its page, and the page of all shows the others', async () => {
    const [{ targets: shown, at }, all, page] = await withRecord(newer(), async () => [
      await statusOf(here.connection, [web]),
      await get('/'),
      await get('/targets/web'),
    ]);
    expect(statusDetail(only(shown, 'web'), Date.parse(at))).toContain('a newer Slipway wrote it');
    expect(all).toContain('<h1>1 of 2 targets to look at</h1>');
    expect(all).toContain('a newer Slipway wrote it');
    expect(all).toContain('<summary>1 is well</summary>');
    expect(page).toContain('<code>slipway doctor web</code>');
  });

  test('is what the doctor finds, with what helps', async () => {
    const { check, records } = await withRecord(newer(), () => readRecords(here.connection));
    expect(check).toMatchObject({
      state: 'failed',
      says: 'the record of ecs/production/web has format 3, this version reads 1 and 2, and a newer Slipway wrote it',
      fix: expect.stringContaining('install that version'),
    });
    expect(records?.has(worker.key)).toBe(true);
    const examiner = await here.connection.aws.examiner();
    await examineStack(here.connection, { ...(records && { records }), check }, examiner);
  });
});

test.each([
  ['nothing that is JSON', 'lost', 'cannot be read, for what is stored there is no record'],
  ['no record', '7', 'cannot be read, for what is stored there is no record'],
  ['one of format 1 that is none', '{"format":1}', 'says that it has format 1'],
  ['one with its phase lost', '{"format":2,"key":"ecs/production/web"}', 'is not of the shape'],
])(
  'where the table holds %s, the target is told as unreadable, and the others as they are',
  async (_, text, why) => {
    const { targets: shown } = await withRecord(text, () => statusOf(here.connection, targets));
    expect(only(shown, 'web').headline).toContain(`its record ${why}`);
    expect(only(shown, 'web').next.what).toContain('docs/restore.md');
    expect(only(shown, 'worker').state).toBe('well');
  },
);

describe('what AWS does not tell', () => {
  const denied = (call: string) =>
    Object.assign(new Error(`User: ada is not authorized to perform: ${call}`), {
      name: 'AccessDeniedException',
    });

  test('of alarms is named, and nothing is called well for it', async () => {
    const { aws } = here.connection;
    const because = 'cloudwatch:DescribeAlarms failed: AccessDenied';
    const states: typeof aws.alarms.states = async (names) =>
      Object.fromEntries(names.map((name) => [name, { state: 'unknown', because }]));
    const connection: Connection = {
      ...here.connection,
      aws: { ...aws, alarms: { ...aws.alarms, states } },
    };
    const { targets: shown, unseen } = await statusOf(connection, targets);
    expect(unseen).toEqual([because]);
    expect(only(shown, 'web').state).toBe('unknown');
    expect(only(shown, 'web').headline).toMatch(
      /^whether web-5xx is red could not be asked\. .*\(web:1\) runs, all 4 tasks\.$/,
    );
    expect(await get('/', connection)).toContain(`Could not be seen: ${because}`);
  });

  test('of one cluster takes the others not with it, and is no word of a service that is gone', async () => {
    const { fleet } = here.connection.aws;
    const elsewhere: Target = { ...web, id: 'far', key: 'ecs/other/web', cluster: 'other' };
    const connection: Connection = {
      ...here.connection,
      aws: {
        ...here.connection.aws,
        fleet: {
          ...fleet,
          servicesOf: async (cluster, names) => {
            if (cluster === 'other') throw denied('ecs:DescribeServices');
            return await fleet.servicesOf(cluster, names);
          },
        },
      },
    };
    const { targets: shown, unseen, at } = await statusOf(connection, [...targets, elsewhere]);
    expect(unseen).toEqual([
      'the permission ecs:DescribeServices is missing; the README says under "Commands" what each command needs',
    ]);
    const far = only(shown, 'far');
    expect(far.state).toBe('unknown');
    expect(far.headline).toContain('what runs could not be asked of ECS');
    expect(statusDetail(far, Date.parse(at))).toMatch(/tasks +ECS could not be asked/);
    expect(only(shown, 'worker').state).toBe('well');
    await expect(statusOf(connection, [elsewhere])).rejects.toThrow('not authorized');
  });
});
