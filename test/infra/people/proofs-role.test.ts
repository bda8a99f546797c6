/** For pipelines of other accounts: a role each, which one function there takes on, and which reads records alone. */
import { expect, test } from 'vitest';
import { fittingPolicies } from '../../../infra/permissions/statements.ts';
import { checkSettings } from '../../../infra/settings-check.ts';
import { parsePipeline } from '../../../shared/config/config.ts';
import type { ReaderSettings } from '../../../shared/config/infra.ts';
import { isAllowed } from '../iam.ts';
import { pipelineWith, resourcesOf, settingsFor, templateOf } from '../made.ts';

const EXTERNAL_ID = 'staging-to-production-9f2c';
const READER: ReaderSettings = {
  account: '222222222222',
  region: 'eu-west-1',
  pipeline: 'shop',
  externalId: EXTERNAL_ID,
  targets: ['web'],
};
const staging = pipelineWith({ web: {}, worker: {} });
const ROLE = 'slipway-proofs-222222222222-eu-central-1';

/** The config of account 222222222222, whose `web` is after the one of staging. */
const production = parsePipeline({
  name: 'shop',
  account: '222222222222',
  region: 'eu-west-1',
  targets: {
    web: {
      type: 'ecs-service',
      mode: 'act',
      cluster: 'production',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: '*' } } },
      alarms: { noAlarmsBecause: 'a test' },
      after: ['web-staging'],
    },
  },
  upstream: {
    'web-staging': {
      account: staging.account,
      region: staging.region,
      cluster: 'production',
      service: 'web',
      externalId: EXTERNAL_ID,
    },
  },
});

function proofsRoles(readBy: readonly ReaderSettings[]) {
  const template = templateOf(staging, settingsFor(staging, { readBy }));
  return resourcesOf(template, 'AWS::IAM::Role').filter(({ Properties }) =>
    String(Properties.RoleName).includes('-proofs-'),
  );
}

test('one function of one account may take it on, with the external id, and read the records that are named', () => {
  const [role, ...others] = proofsRoles([READER]);
  expect(others).toEqual([]);
  expect(role?.Properties.RoleName).toBe(ROLE);
  expect(role?.Properties.AssumeRolePolicyDocument).toMatchObject({
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: 'arn:aws:iam::222222222222:root' },
        Condition: {
          StringEquals: { 'sts:ExternalId': EXTERNAL_ID },
          ArnEquals: {
            'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/shop-slipway-reconcile-eu-west-1',
          },
        },
      },
    ],
  });
  expect(role?.Properties.Policies).toEqual([
    {
      PolicyName: 'read',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'dynamodb:GetItem',
            Resource: 'arn:aws:dynamodb:eu-central-1:123456789012:table/slipway',
            Condition: {
              'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ecs/production/web'] },
              Null: { 'dynamodb:LeadingKeys': ['false'] },
            },
          },
        ],
      },
    },
  ]);
});

test('the other pipeline takes on the role that this one makes, by the same external id, and no other', () => {
  const [upstream] = production.targets.web?.rules.after?.targets ?? [];
  expect(upstream).toEqual({
    id: 'web-staging',
    key: 'ecs/production/web',
    elsewhere: {
      region: 'eu-central-1',
      table: 'slipway',
      role: `arn:aws:iam::123456789012:role/${ROLE}`,
      externalId: EXTERNAL_ID,
    },
  });
  const { statements } = fittingPolicies(
    production,
    checkSettings(production, settingsFor(production)),
  );
  const may = (role: string) =>
    isAllowed(statements.reconcile.flat(), { action: 'sts:AssumeRole', resource: role });
  expect(may(`arn:aws:iam::123456789012:role/${ROLE}`)).toBe(true);
  expect(may('arn:aws:iam::123456789012:role/admin')).toBe(false);
  expect(JSON.stringify(statements.tick)).not.toContain('sts:AssumeRole');
});

test.each<[what: string, change: Partial<ReaderSettings>, expected: RegExp]>([
  ['a list of no targets', { targets: [] }, /readBy\.0\.targets.*at least one target/],
  [
    'a target that is not there',
    { targets: ['wep'] },
    /readBy\.0\.targets\.0.*those are web, worker/,
  ],
])('%s is refused', (_, change, expected) => {
  const settings = settingsFor(staging, { readBy: [{ ...READER, ...change }] });
  expect(() => checkSettings(staging, settings)).toThrow(expected);
});

test('an account that is named twice would have one role for both, and is refused', () => {
  const settings = settingsFor(staging, { readBy: [READER, READER] });
  expect(() => checkSettings(staging, settings)).toThrow(/readBy\.1\.account.*each account once/);
});

test('another pipeline of the same account may read, too, and this one itself has no need to', () => {
  const own = { ...READER, account: staging.account };
  const [role] = proofsRoles([own]);
  expect(role?.Properties.RoleName).toBe('slipway-proofs-123456789012-eu-central-1');
  expect(JSON.stringify(role?.Properties.AssumeRolePolicyDocument)).toContain(
    'arn:aws:iam::123456789012:role/shop-slipway-reconcile-eu-west-1',
  );
  const { pipeline: _, ...itself } = { ...own, region: staging.region };
  expect(() => checkSettings(staging, settingsFor(staging, { readBy: [itself] }))).toThrow(
    /infra\.readBy\.0\.account.*another pipeline/,
  );
});

test('all targets are one pattern, since a policy has no room for hundreds of names; so many by name are refused', () => {
  const { targets: _, ...ofAll } = READER;
  expect(JSON.stringify(proofsRoles([ofAll])[0]?.Properties.Policies)).toContain('["ecs/*"]');
  const ids = Array.from({ length: 400 }, (__, i) => `target-${i}`);
  const many = pipelineWith(Object.fromEntries(ids.map((id) => [id, {}])));
  const check = (targets: readonly string[]) => () =>
    checkSettings(many, settingsFor(many, { readBy: [{ ...READER, targets }] }));
  expect(check(ids)).toThrow(/readBy\.0\.targets.*no more than a policy has room for/);
  expect(check(ids.slice(0, 100))).not.toThrow();
});
