/** The settings of whom the stack trusts: what they make, and what is refused before anything is made. */
import { describe, expect, test } from 'vitest';
import { noticesOf } from '../../infra/notices.ts';
import { fittingPolicies } from '../../infra/permissions/statements.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import { ConfigError, type Pipeline } from '../../shared/config/config.ts';
import type { Settings } from '../../shared/config/infra.ts';
import { isAllowed } from './iam.ts';
import {
  pipelineWith,
  resourcesOf,
  settingsFor,
  stackOf,
  templateOf,
  withSources,
} from './made.ts';

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/0f6f1f7e-1d2c-4a55-9f2e-6a4b0f1e8a11';
const templateWith = (more: Partial<Settings>) =>
  templateOf(withSources, settingsFor(withSources, more));

describe('refused', () => {
  test.each<[Partial<Settings>, string]>([
    [{ people: { command: ['*'] } }, 'people.command.0'],
    [{ people: { command: [] } }, 'people.command'],
    [{ people: { breakGlass: ['*/*'] } }, 'people.breakGlass.0'],
    [{ people: { command: ['arn:aws:iam::999999999999:role/Deployers'] } }, 'people.command.0'],
    [{ people: { command: ['arn:aws:iam::123456789012:role/*'] } }, 'people.command.0'],
    [{ secretKeys: ['alias/ours'] }, 'secretKeys.0'],
    [{ secretKeys: [KEY.replace('eu-central-1', 'us-east-1')] }, 'secretKeys.0'],
    [{ permissionsBoundary: 'a policy' }, 'permissionsBoundary'],
    [{ table: 'no' }, 'table'],
    [{ trail: { bucket: 'arn:aws:s3:::ours' } }, 'trail.bucket'],
    [{ trail: { days: 0 } }, 'trail.days'],
    [{ trail: { bucket: 'ours', days: 7 } }, 'trail.days'],
    [{ builds: { sharedLayersBecause: '' } }, 'builds.sharedLayersBecause'],
    [{ builds: { tools: { buildkit: 'moby/buildkit:latest' } } }, 'builds.tools.buildkit'],
    [{ concurrency: { urgent: 2, releases: 2, alarms: 0 } }, 'concurrency.alarms'],
  ])('%j', (more, path) => {
    const check = () => checkSettings(withSources, settingsFor(withSources, more));
    expect(check).toThrow(ConfigError);
    expect(check).toThrow(`infra.${path}: `);
  });
});

test('a role is named with its path, and an ARN stays as it is', () => {
  const arn = 'arn:aws:iam::123456789012:user/ada';
  const people = { command: ['team/Deployers', arn] };
  const { people: checked } = checkSettings(withSources, settingsFor(withSources, { people }));
  expect(checked).toEqual({
    command: ['arn:aws:iam::123456789012:role/team/Deployers', arn],
    commandQueues: {},
    breakGlass: [],
  });
});

test('a boundary bounds every role of the stack', () => {
  const bounded = templateWith({ permissionsBoundary: 'team/bounds' });
  for (const { Properties } of resourcesOf(bounded, 'AWS::IAM::Role')) {
    expect(Properties.PermissionsBoundary).toBe('arn:aws:iam::123456789012:policy/team/bounds');
  }
});

test('a key of the secrets opens for those who read them, through Secrets Manager only', () => {
  const checked = checkSettings(withSources, settingsFor(withSources, { secretKeys: [KEY] }));
  const { statements } = fittingPolicies(withSources, checked);
  const may = (name: keyof typeof statements, service: string) =>
    isAllowed(statements[name].flat(), {
      action: 'kms:Decrypt',
      resource: KEY,
      context: { 'kms:ViaService': `${service}.eu-central-1.amazonaws.com` },
    });
  for (const name of ['github-push', 'build', 'feedback'] as const) {
    expect(may(name, 'secretsmanager')).toBe(true);
    expect(may(name, 's3')).toBe(false);
  }
  expect(may('reconcile', 'secretsmanager')).toBe(false);
  expect(JSON.stringify(templateWith({}).toJSON())).not.toContain('kms:Decrypt');
});

test('another table is the one of the stack, of the functions, and of their rights', () => {
  const other = templateWith({ table: 'slipway-restored' });
  other.hasResourceProperties('AWS::DynamoDB::Table', { TableName: 'slipway-restored' });
  const text = JSON.stringify(other.toJSON());
  expect(text).toContain('"SLIPWAY_TABLE":"slipway-restored"');
  expect(text).not.toMatch(/"SLIPWAY_TABLE":"slipway"|table\/slipway["/]/);
});

describe('the trail', () => {
  test('is not there unless it is asked for', () => {
    const none = templateWith({});
    none.resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 0);
    none.resourceCountIs('AWS::S3::Bucket', 0);
  });

  test("keeps announcements under a lock that nobody shortens, in the stack's own bucket", () => {
    const kept = templateWith({ trail: { days: 30 } });
    kept.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } },
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
    kept.hasResourceProperties('AWS::Events::Rule', {
      Name: 'slipway-trail',
      EventPattern: { account: ['123456789012'] },
    });
  });

  test('goes to a bucket of your own, in whatever account, with the right to add and no other', () => {
    const theirs = templateWith({ trail: { bucket: 'audit-of-acme' } });
    theirs.resourceCountIs('AWS::S3::Bucket', 0);
    const writer = resourcesOf(theirs, 'AWS::IAM::Role').find(
      ({ Properties }) => Properties.RoleName === 'slipway-trail-writes-eu-central-1',
    );
    expect(writer?.Properties.Policies).toMatchObject([
      {
        PolicyDocument: {
          Statement: [
            {
              Action: ['s3:AbortMultipartUpload', 's3:PutObject'],
              Effect: 'Allow',
              Resource: 'arn:aws:s3:::audit-of-acme/slipway/*',
            },
          ],
        },
      },
    ]);
  });
});

describe('whoever deploys is told', () => {
  const noticesWith = (pipeline: Pipeline, more: Partial<Settings> = {}) => {
    const checked = checkSettings(pipeline, settingsFor(pipeline, more));
    return noticesOf(pipeline, checked, fittingPolicies(pipeline, checked)).join('\n');
  };
  const many = (count: number) =>
    pipelineWith(
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`shop-service-${i}`, {}])),
    );

  test('that nobody hears of an ill pipeline, until somebody does', () => {
    expect(noticesWith(withSources)).toContain('NOBODY IS TOLD');
    const alarmTopic = 'arn:aws:sns:eu-central-1:123456789012:on-call';
    const people = { command: ['Deployers'] };
    const told = { ...withSources, notices: { mail: alarmTopic, of: [] } };
    expect(noticesWith(told, { alarmTopic, people })).toBe('');
  });

  test('that a target only watches, and that it does since nobody wrote its mode', () => {
    const said = noticesWith(pipelineWith({ web: {}, seen: { mode: 'watch' } }));
    expect(said).toContain(
      'NOTHING IS DEPLOYED OR ROLLED BACK in seen: such a target only watches.',
    );
    expect(said).not.toContain('the config says no mode');
    const { seen } = pipelineWith({ seen: { mode: 'watch' } }).targets;
    if (seen === undefined) throw new Error('no target');
    const leftOut = {
      ...withSources,
      targets: { seen: { ...seen, isModeLeftOut: true as const } },
    };
    expect(noticesWith(leftOut)).toContain('Of seen the config says no mode');
  });

  test('that rights became wider than the config', () => {
    expect(noticesWith(many(3))).not.toContain('WIDER');
    expect(noticesWith(many(200))).toContain('RIGHTS ARE WIDER');
  });

  test('that everybody may command whom a policy lets', () => {
    expect(noticesWith(withSources)).toContain('slipway-commands');
  });
});

describe('what outlives the stack', () => {
  const KEPT = ['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::Logs::LogGroup'];
  const template = templateWith({});

  test('the stack is not deleted in passing', () => {
    expect(stackOf(withSources).terminationProtection).toBe(true);
  });

  test.each(KEPT)('%s stays, under a name by which a new stack can take it over', (type) => {
    const found = resourcesOf(template, type);
    expect(found.length).toBeGreaterThan(0);
    for (const { Properties, ...rest } of found) {
      expect(String(rest.DeletionPolicy)).toMatch(/^Retain/);
      expect(String(rest.UpdateReplacePolicy)).toMatch(/^Retain$/);
      const name = Properties.TableName ?? Properties.QueueName ?? Properties.LogGroupName;
      expect(typeof name).toBe('string');
    }
  });

  test('and nothing else does, so that a first deploy that failed can be repeated', () => {
    const kept = Object.values(template.toJSON().Resources as Record<string, { Type: string }>)
      .filter((each) =>
        String((each as { DeletionPolicy?: string }).DeletionPolicy).startsWith('R'),
      )
      .map(({ Type }) => Type);
    expect(new Set(kept)).toEqual(new Set(KEPT));
  });
});
