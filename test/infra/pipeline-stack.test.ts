/** The pipeline in the template, part by part: what a reviewer would look for. */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { countStack, countTemplate } from '../../bench/cost/counted.ts';
import { costPage } from '../../bench/cost/page.ts';
import { ROSE_AT } from '../../infra/monitoring/dora.ts';
import { functionsOf } from '../../infra/names.ts';
import { concurrencyNeeds } from '../../infra/reserved-concurrency.ts';
import example from '../../pipeline.config.ts';
import { TTL_ATTRIBUTE } from '../../shared/aws/table/table.ts';
import { clockTime } from '../../shared/core/model/moment.ts';
import { RECONCILE_TIMEOUT_MS } from '../../shared/core/when-to-look.ts';
import { ENVIRONMENT } from '../../shared/runtime/environment.ts';
import { kindOf, queuesOf } from '../../shared/runtime/routing.ts';
import { FUNCTION_LIMITS, QUEUE_LIMITS, QUEUE_READERS } from '../../shared/runtime/sizes.ts';
import { textOf } from '../docs/pages.ts';
import { resourcesOf, settingsFor, templateOf } from './made.ts';

const template = templateOf(example);

test('docs/cost.md is what `npm run cost -- --write` prints of this template', () => {
  const plain = countStack({ ...example, sources: {} });
  const page = costPage({ plain, building: countTemplate(example, template) });
  expect(textOf('docs/cost.md')).toBe(page);
});

describe('queues', () => {
  test.each([
    ['slipway-commands', 30],
    ['slipway-urgent', 30],
    ['slipway-releases', 180],
    ['slipway-builds', 180],
    ['slipway-feedback', 360],
  ])('%s has dead letters after five receives, and outlasts a crashed reader', (name, seconds) => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: name,
      VisibilityTimeout: seconds,
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: Match.anyValue() },
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: `${name}-dead`,
      MessageRetentionPeriod: 1_209_600,
    });
  });

  test('every queue refuses what is not encrypted on the way', () => {
    const policies = resourcesOf(template, 'AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(resourcesOf(template, 'AWS::SQS::Queue').length);
    expect(policies).toHaveLength(11);
    for (const { Properties } of policies) {
      expect(JSON.stringify(Properties)).toContain('"Bool":{"aws:SecureTransport":"false"}');
    }
  });

  test('a person sends commands: each of our own roles is refused by the queue itself', () => {
    const [denied] = resourcesOf(template, 'AWS::SQS::QueuePolicy').flatMap(({ Properties }) => {
      const { Statement } = Properties.PolicyDocument as { Statement: { Sid?: string }[] };
      return Statement.filter(({ Sid }) => Sid === 'NoneOfOurRoles');
    });
    const role = 'arn:aws:iam::123456789012:role';
    const builders = Object.keys(template.findResources('AWS::IAM::Role')).filter((id) =>
      id.startsWith('buildslipway'),
    );
    expect(denied).toEqual({
      Sid: 'NoneOfOurRoles',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'sqs:SendMessage',
      Resource: 'arn:aws:sqs:eu-central-1:123456789012:slipway-commands',
      Condition: {
        ArnEquals: {
          'aws:PrincipalArn': [
            ...functionsOf(example).map((name) => `${role}/slipway-${name}-eu-central-1`),
            ...builders.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })),
          ],
        },
      },
    });
  });

  test('no function is told where commands go', () => {
    for (const { Properties } of resourcesOf(template, 'AWS::Lambda::Function')) {
      expect(JSON.stringify(Properties.Environment)).not.toMatch(/"commands[0-9A-F]/);
    }
  });

  test('only our rules may send from outside, to slipway-unheard and slipway-feedback', () => {
    const allowing = resourcesOf(template, 'AWS::SQS::QueuePolicy').flatMap(({ Properties }) => {
      const { Statement } = Properties.PolicyDocument as { Statement: { Effect: string }[] };
      return Statement.filter(({ Effect }) => Effect === 'Allow');
    });
    const [toUnheard, toFeedback, ...others] = allowing;
    expect(toUnheard).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': expect.arrayContaining([expect.anything()]) } },
    });
    expect(toFeedback).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['announcedfeedback', 'Arn'] } } },
    });
    expect(others).toEqual([]);
  });
});

describe('functions', () => {
  test.each(functionsOf(example))('%s', (name) => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: `slipway-${name}`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: FUNCTION_LIMITS[name].timeoutSeconds,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogGroup: Match.anyValue() },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: `/aws/lambda/slipway-${name}`,
      RetentionInDays: 30,
    });
  });

  test('reconcile has the time that the core counts with', () => {
    expect(FUNCTION_LIMITS.reconcile.timeoutSeconds).toBe(30);
    expect(FUNCTION_LIMITS.reconcile.timeoutSeconds * 1_000).toBe(RECONCILE_TIMEOUT_MS);
  });

  test('a message stays away for as long as its function may take', () => {
    for (const queue of queuesOf(example).map(kindOf)) {
      const { timeoutSeconds } = FUNCTION_LIMITS[QUEUE_READERS[queue]];
      expect(QUEUE_LIMITS[queue].visibilitySeconds).toBeGreaterThanOrEqual(timeoutSeconds);
    }
  });

  test('GitHub gets its answer before it gives up', () => {
    expect(FUNCTION_LIMITS['github-push'].timeoutSeconds).toBeLessThanOrEqual(10);
  });

  test('what starts a rollback waits behind nobody: alarm-changed and tick have their own share', () => {
    const reserved = Object.fromEntries(
      resourcesOf(template, 'AWS::Lambda::Function').map(({ Properties }) => [
        Properties.FunctionName,
        Properties.ReservedConcurrentExecutions,
      ]),
    );
    expect(reserved).toMatchObject({
      'slipway-reconcile': 22,
      'slipway-alarm-changed': 10,
      'slipway-tick': 2,
      'slipway-github-push': 10,
    });
    const all = Object.values(reserved).filter((one) => typeof one === 'number');
    expect(concurrencyNeeds(example).reserved).toBe(all.reduce((sum, one) => sum + one, 0));
  });

  test('reconcile reserves what its three queues may use at a time', () => {
    const settings = settingsFor(example, { concurrency: { commands: 4, urgent: 3, releases: 5 } });
    const small = templateOf(example, settings);
    small.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'slipway-reconcile',
      ReservedConcurrentExecutions: 12,
    });
    for (const [BatchSize, MaximumConcurrency] of [
      [1, 4],
      [1, 3],
      [10, 5],
    ]) {
      small.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
        BatchSize,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency },
      });
    }
    small.resourceCountIs('AWS::Lambda::EventSourceMapping', 5);
  });

  test('who sends to its own queue is not taken for a loop, and nobody else may loop', () => {
    const looping = resourcesOf(template, 'AWS::Lambda::Function')
      .filter(({ Properties }) => Properties.RecursiveLoop === 'Allow')
      .map(({ Properties }) => Properties.FunctionName);
    expect(looping).toEqual(['slipway-reconcile', 'slipway-build', 'slipway-feedback']);
  });

  test('what is invoked asynchronously keeps what failed for good', () => {
    const configs = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig');
    expect(configs).toHaveLength(5);
    for (const { Properties } of configs) {
      expect(JSON.stringify(Properties.DestinationConfig)).toContain('"OnFailure"');
    }
  });

  test('the names of environment variables are those that the functions read', () => {
    const known: readonly string[] = Object.values(ENVIRONMENT);
    for (const { Properties } of resourcesOf(template, 'AWS::Lambda::Function')) {
      const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
      for (const name of Object.keys(Variables)) expect(known).toContain(name);
    }
    const variablesOf = (name: string) =>
      JSON.stringify(
        resourcesOf(template, 'AWS::Lambda::Function').find(
          ({ Properties }) => Properties.FunctionName === name,
        )?.Properties.Environment,
      );
    expect(variablesOf('slipway-reconcile')).toContain(ENVIRONMENT.table);
    expect(variablesOf('slipway-reconcile')).toContain(ENVIRONMENT.bus);
    expect(variablesOf('slipway-image-pushed')).not.toContain(ENVIRONMENT.table);
    expect(variablesOf('slipway-github-push')).toContain(ENVIRONMENT.buildsQueue);
    expect(variablesOf('slipway-github-push')).not.toContain(ENVIRONMENT.releasesQueue);
    expect(variablesOf('slipway-build')).toContain(ENVIRONMENT.releasesQueue);
    expect(variablesOf('slipway-feedback')).toContain(ENVIRONMENT.feedbackQueue);
  });
});

test('tick is woken once a minute, by a role that can do nothing else', () => {
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'rate(1 minute)',
    FlexibleTimeWindow: { Mode: 'OFF' },
  });
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'slipway-tick-schedule-eu-central-1',
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '123456789012' },
            ArnEquals: {
              'aws:SourceArn': 'arn:aws:scheduler:eu-central-1:123456789012:schedule-group/slipway',
            },
          },
        }),
      ],
    },
    Policies: [
      Match.objectLike({
        PolicyDocument: { Statement: [Match.objectLike({ Action: 'lambda:InvokeFunction' })] },
      }),
    ],
  });
});

test('the table can be looked into by what is due and by its records, and is hard to lose', () => {
  template.hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: 'slipway',
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'due',
          KeySchema: [
            { AttributeName: 'due', KeyType: 'HASH' },
            { AttributeName: 'lookAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['phase'] },
        },
        {
          IndexName: 'records',
          KeySchema: [
            { AttributeName: 'kind', KeyType: 'HASH' },
            { AttributeName: 'pk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['phase', 'revision'] },
        },
      ],
    },
  });
});

describe('nobody outside the account is let in', () => {
  test('the policy of the bus only refuses', () => {
    template.resourceCountIs('AWS::Events::EventBus', 1);
    const policies = resourcesOf(template, 'AWS::Events::EventBusPolicy');
    expect(policies.map(({ Properties }) => Properties.Statement)).toMatchObject([
      { Effect: 'Deny' },
    ]);
  });

  test('functions are invoked by our rules only, but for the webhook (sources.test.ts)', () => {
    const permissions = resourcesOf(template, 'AWS::Lambda::Permission').filter(
      ({ Properties }) => !JSON.stringify(Properties.FunctionName).includes('githubpush'),
    );
    const rules = resourcesOf(template, 'AWS::Events::Rule').filter(
      ({ Properties }) => Properties.EventBusName === undefined,
    );
    expect(permissions).toHaveLength(rules.length);
    for (const { Properties } of permissions) {
      expect(Properties).toMatchObject({
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': [expect.any(String), 'Arn'] },
      });
    }
  });
});

describe('alarms on the pipeline itself', () => {
  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map((each) => each.Properties);
  const names = alarms.map(({ AlarmName }) => AlarmName);

  test('on dead letters, waiting messages, errors, throttles, silence and questions', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'slipway-commands-dead-letters',
        'slipway-urgent-dead-letters',
        'slipway-releases-dead-letters',
        'slipway-unheard-letters',
        'slipway-builds-dead-letters',
        'slipway-feedback-dead-letters',
        'slipway-commands-waits',
        'slipway-urgent-waits',
        'slipway-releases-waits',
        'slipway-builds-waits',
        'slipway-feedback-waits',
        ...functionsOf(example).flatMap((name) => [
          `slipway-${name}-errors`,
          `slipway-${name}-throttles`,
        ]),
        'slipway-calls-throttled',
        'slipway-tick-silent',
        'slipway-person-needed',
      ]),
    );
  });

  test('silence of tick is an alarm, silence of everything else is peace', () => {
    for (const { AlarmName, TreatMissingData } of alarms) {
      const expected = AlarmName === 'slipway-tick-silent' ? 'breaching' : 'notBreaching';
      expect(TreatMissingData, String(AlarmName)).toBe(expected);
    }
  });

  test('they tell the topic of the settings, and nobody without one', () => {
    const alarmTopic = 'arn:aws:sns:eu-central-1:123456789012:on-call';
    const told = templateOf(example, settingsFor(example, { alarmTopic }));
    for (const { Properties } of resourcesOf(told, 'AWS::CloudWatch::Alarm')) {
      expect(Properties.AlarmActions).toEqual([alarmTopic]);
    }
    for (const { AlarmActions } of alarms) expect(AlarmActions).toBeUndefined();
  });

  test('every alarm says what to do', () => {
    for (const { AlarmDescription } of alarms) {
      expect(String(AlarmDescription).length).toBeGreaterThan(40);
    }
  });
});

test('the dashboard has releases, rollbacks, questions, queue age, and the time to a rollback', () => {
  const [dashboard] = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  for (const title of [
    'Releases',
    'Rollbacks, and releases that ended otherwise',
    'Releases that ask a person',
    'Age of the oldest message',
    'From hearing an alarm to asking ECS for the way back, in seconds',
  ]) {
    expect(body).toContain(title);
  }
});

test('the dashboard has how often, how many failed, how fast restored, and the seconds of the way back', () => {
  const [dashboard] = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  for (const title of [
    'Deployment frequency: releases started a day',
    'Change failure rate of a day',
    'Lead time: from the push to serving everybody, in seconds',
    'Time to restore',
    'From the evidence (an alarm) to the old version serving everybody, in seconds',
  ]) {
    expect(body).toContain(title);
  }
});

test('the moment of the evidence is read out of the sentence that an announcement says', () => {
  const at = Date.UTC(2026, 10, 20, 0, 1, 40);
  const roseAt = clockTime(Date.UTC(2026, 10, 19, 23, 59, 59));
  const because = `at 5 % of the traffic: alarm web-5xx rose at ${roseAt}: 25 % of answers were errors`;
  const { h, m, s } = new RegExp(ROSE_AT).exec(because)?.groups ?? {};
  const seconds = Math.floor(at / 1000) - Number(h) * 3600 - Number(m) * 60 - Number(s) + 86_400;
  expect(seconds % 86_400).toBe(101);
});

test('what the dashboard counts is written like that', () => {
  const patterns = resourcesOf(template, 'AWS::Logs::MetricFilter').map(
    ({ Properties }) => Properties.FilterPattern,
  );
  expect(patterns).toContain('{ $.message = "Slipway Release Rolled Back" }');
  expect(patterns).toContain('{ $.message = "Slipway Person Needed" }');
});
