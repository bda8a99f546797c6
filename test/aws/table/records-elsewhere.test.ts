/** The record of another pipeline: read by its role and external id; whatever goes wrong is a sentence, and no proof. */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readSettings } from '../../../shared/aws/connect/client-settings.ts';
import { readElsewhere } from '../../../shared/aws/table/records-elsewhere.ts';
import type { Elsewhere } from '../../../shared/core/model/rules.ts';
import { observeProofs } from '../../../shared/reconcile/answers/proofs.ts';
import { at, candidate, digest, image, record } from '../../build.ts';

const KEY = 'ecs/staging/web';
const WHERE: Elsewhere = {
  region: 'eu-west-1',
  table: 'slipway',
  role: 'arn:aws:iam::111111111111:role/slipway-proofs-222222222222-eu-west-1',
  externalId: 'staging-to-production-9f2c',
};
const MINUTE = 60_000;

const sts = mockClient(STSClient);
const table = mockClient(DynamoDBDocumentClient);
afterAll(() => {
  sts.restore();
  table.restore();
});

let now = 0;
const begin = () => readElsewhere(readSettings({ region: 'eu-central-1' }), { now: () => now });
const staging = record({ key: KEY, rollbackCandidates: [candidate(2)] });

beforeEach(() => {
  sts.reset();
  table.reset();
  now = 0;
  sts.on(AssumeRoleCommand).callsFake(() => ({
    Credentials: {
      AccessKeyId: 'ASIAEXAMPLE',
      SecretAccessKey: 'secret',
      SessionToken: 'token',
      Expiration: new Date(now + 60 * MINUTE),
    },
  }));
  table.on(GetCommand).resolves({ Item: { record: JSON.stringify(staging) } });
});

/** As STS and DynamoDB refuse. */
function refused(name: string, message: string, status = 403): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

test('the role is taken on with the external id, and that one record is read', async () => {
  expect(await begin()(WHERE, KEY)).toEqual({ record: staging });
  expect(sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input)).toEqual([
    {
      RoleArn: WHERE.role,
      RoleSessionName: 'slipway-reconcile',
      ExternalId: 'staging-to-production-9f2c',
    },
  ]);
  const [read] = table.commandCalls(GetCommand);
  expect(read?.args[0].input).toMatchObject({
    TableName: 'slipway',
    Key: { pk: KEY },
    ProjectionExpression: '#a0',
    ExpressionAttributeNames: { '#a0': 'record' },
  });
});

test('a session is used until five minutes before its end', async () => {
  const read = begin();
  for (const minute of [0, 30, 54]) {
    now = minute * MINUTE;
    await read(WHERE, KEY);
  }
  expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(1);
  now = 55 * MINUTE;
  await read(WHERE, KEY);
  expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(2);
});

test('a target that was never looked at there has no record, which is an answer', async () => {
  table.on(GetCommand).resolves({});
  expect(await begin()(WHERE, KEY)).toEqual({ record: undefined });
});

describe('held, and told why', () => {
  const because = async () => {
    const read = await begin()(WHERE, KEY);
    return 'because' in read ? read.because : 'it was read';
  };

  test('a role that is missing, trusts others, or wants another external id', async () => {
    sts.on(AssumeRoleCommand).rejects(refused('AccessDenied', 'not authorized to perform'));
    expect(await because()).toMatch(
      /^the role arn:aws:iam::111111111111:role\/slipway-proofs-222222222222-eu-west-1 cannot be taken on \(.*not authorized.*\); is it there, does infra\.readBy of its pipeline name this one, and with this external id\?$/,
    );
    expect(table.commandCalls(GetCommand)).toEqual([]);
  });

  test('an STS that does not answer: that says nothing of the role', async () => {
    sts.on(AssumeRoleCommand).rejects(new Error('socket hang up'));
    expect(await because()).toMatch(/cannot be taken on \(.*socket hang up.*\)$/);
  });

  test('no right to the table, or no table; and the next look begins a new session', async () => {
    table.on(GetCommand).rejects(refused('AccessDeniedException', 'is not authorized', 400));
    const read = begin();
    expect(await read(WHERE, KEY)).toEqual({
      because: expect.stringMatching(/^ecs\/staging\/web cannot be read in slipway by arn:/),
    });
    table.on(GetCommand).resolves({ Item: { record: JSON.stringify(staging) } });
    expect(await read(WHERE, KEY)).toEqual({ record: staging });
    expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(2);
  });

  test('a record of a newer Slipway', async () => {
    const newer = { ...staging, format: 99 };
    table.on(GetCommand).resolves({ Item: { record: JSON.stringify(newer) } });
    expect(await because()).toContain('cannot be read in slipway by');
  });
});

describe('what becomes of it', () => {
  const asked = {
    targets: [{ id: 'web-staging', key: KEY, elsewhere: WHERE }],
    images: [image(2), image(3)],
  } as const;
  const records = {
    load: async () => {
      throw new Error('its own table knows nothing of it');
    },
  };

  test('the same digest is proven, another one is not', async () => {
    const proofs = await observeProofs(asked, { records, recordsElsewhere: begin() });
    expect(proofs['web-staging']).toEqual({
      [digest(2)]: { state: 'proven', at: at(-60) },
      [digest(3)]: { state: 'absent' },
    });
  });

  test('a record that is not of its shape proves nothing, and says so: it is thrown through to nobody', async () => {
    const broken = { ...staging, rollbackCandidates: null } as never;
    const recordsElsewhere = async () => ({ record: broken });
    expect(
      (await observeProofs(asked, { records, recordsElsewhere }))['web-staging'],
    ).toMatchObject({
      [digest(2)]: {
        state: 'unknown',
        because: expect.stringMatching(
          /^the record of ecs\/staging\/web in slipway is not of its shape: /,
        ),
      },
    });
  });

  test('what could not be read is unknown, and who may not read it says so', async () => {
    const recordsElsewhere = async () => ({ because: 'a reason' });
    expect((await observeProofs(asked, { records, recordsElsewhere }))['web-staging']).toEqual({
      [digest(2)]: { state: 'unknown', because: 'a reason' },
      [digest(3)]: { state: 'unknown', because: 'a reason' },
    });
    expect(await observeProofs(asked, { records })).toMatchObject({
      'web-staging': {
        [digest(2)]: { because: `only the function reconcile may take on ${WHERE.role}` },
      },
    });
  });
});
