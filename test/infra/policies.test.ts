/** Least privilege, read off the policies; test/scenarios holds them against the calls that are made. */
import { describe, expect, test } from 'vitest';
import { type FunctionName, functionsOf } from '../../infra/names.ts';
import { buildProjectsOf } from '../../infra/permissions/builds.ts';
import { fittingPolicies } from '../../infra/permissions/statements.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import example from '../../pipeline.config.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { isAllowed, type PolicyStatement } from './iam.ts';
import { pipelineWith, type Resource, resourcesOf, settingsFor, templateOf } from './made.ts';
import { statementsOf } from './statements.ts';

const ONLY_SETTLE = [
  'ecs:UpdateService',
  'ecs:StopServiceDeployment',
  'ecs:RegisterTaskDefinition',
];
const arn = 'arn:aws:ecs:eu-central-1:123456789012';

function actionsOf(pipeline: Pipeline, name: FunctionName): readonly string[] {
  const statements = statementsOf(pipeline, name);
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

/** The policies of a function's role in the template, however they are attached. */
function statementsInTemplate(roles: readonly Resource[], name: FunctionName) {
  const role = roles.find(
    ({ Properties }) => Properties.RoleName === `slipway-${name}-eu-central-1`,
  );
  const policies = role?.Properties.Policies as
    | readonly { PolicyDocument: { Statement: PolicyStatement[] } }[]
    | undefined;
  expect(role?.Properties.ManagedPolicyArns, name).toBeUndefined();
  return policies?.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) ?? [];
}

/** Each action with each resource and condition by itself: how statements are grouped means nothing. */
function atoms(statements: readonly PolicyStatement[]): readonly string[] {
  return statements
    .flatMap(({ Effect, Action, Resource, Condition }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource]
            .flat()
            .map((resource) => JSON.stringify([Effect, action, resource, Condition ?? {}])),
        ),
    )
    .sort();
}

test('the template has these policies and nothing beside them', () => {
  const template = templateOf(example);
  const roles = resourcesOf(template, 'AWS::IAM::Role');
  for (const name of functionsOf(example)) {
    expect(atoms(statementsInTemplate(roles, name)), name).toEqual(
      atoms(statementsOf(example, name)),
    );
  }
  expect(resourcesOf(template, 'AWS::IAM::Policy')).toEqual([]);
  expect(resourcesOf(template, 'AWS::IAM::ManagedPolicy')).toEqual([]);
  // One each, one for the schedule, and those of the builds (builds.test.ts).
  expect(roles).toHaveLength(functionsOf(example).length + 1 + buildProjectsOf(example).length);
});

describe('only reconcile may deploy', () => {
  test.each(functionsOf(example))('%s', (name) => {
    const deploying = actionsOf(example, name).filter(
      (action) =>
        ONLY_SETTLE.includes(action) || action.startsWith('iam:') || action === 'ecs:TagResource',
    );
    expect(deploying.length > 0).toBe(name === 'reconcile');
  });

  test.each(['image-pushed', 'rollout-changed', 'alarm-changed'] as const)(
    '%s has sqs:SendMessage, its log and its traces',
    (name) => {
      expect(actionsOf(example, name)).toEqual([
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'sqs:SendMessage',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ]);
    },
  );

  test('no action has a wildcard', () => {
    for (const name of functionsOf(example))
      expect(actionsOf(example, name).join()).not.toContain('*');
  });
});

describe('the keys of the table', () => {
  const table = 'arn:aws:dynamodb:eu-central-1:123456789012:table/slipway';
  const may = (name: FunctionName, action: string, key: string | undefined, resource = table) =>
    isAllowed(statementsOf(example, name), {
      action: `dynamodb:${action}`,
      resource,
      ...(key !== undefined && { context: { 'dynamodb:LeadingKeys': [key] } }),
    });
  const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'];
  const writers = (key: string | undefined) =>
    functionsOf(example).filter((name) => WRITES.some((action) => may(name, action, key)));

  test.each([
    ['ecs/production/web', ['reconcile']],
    ['git/acme/shop', ['build']],
    ['git/acme/shop/refs/heads/main', ['build']],
    ['feedback/acme/shop@1', ['feedback']],
    ['slipway/sweep', ['tick']],
    ['slipway/budget', ['reconcile']],
    // The stop switch is a person's.
    ['slipway', []],
    ['anything', []],
    [undefined, []],
  ])('%s is written by %j', (key, expected) => {
    expect(writers(key)).toEqual(expected);
  });

  test('no function may delete an item, or call what could', () => {
    const used = functionsOf(example).flatMap((name) =>
      actionsOf(example, name).filter((action) => action.startsWith('dynamodb:')),
    );
    expect([...new Set(used)].sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ]);
  });

  test('feedback and build read no record of a target', () => {
    for (const name of ['feedback', 'build', 'tick'] as const) {
      expect(may(name, 'GetItem', 'ecs/production/web')).toBe(false);
      expect(may(name, 'Query', 'ecs/production/web')).toBe(false);
    }
    expect(may('reconcile', 'GetItem', 'slipway')).toBe(true);
    expect(may('reconcile', 'PutItem', 'slipway')).toBe(false);
  });

  test('of the indexes tick reads what it needs', () => {
    expect(may('tick', 'Query', 'due', `${table}/index/due`)).toBe(true);
    expect(may('tick', 'Query', 'record', `${table}/index/records`)).toBe(true);
    expect(may('tick', 'Query', 'record', `${table}/index/due`)).toBe(false);
    expect(may('tick', 'Query', 'ecs/production/web')).toBe(false);
  });
});

describe('what reconcile may change', () => {
  const pipeline = pipelineWith({ web: {}, seen: { mode: 'watch' } });
  const may = (action: string, resource: string, context?: Record<string, string>) =>
    isAllowed(statementsOf(pipeline, 'reconcile'), {
      action,
      resource,
      ...(context && { context }),
    });

  test.each([
    ['ecs:UpdateService', 'service/production/web', 'service/production/seen'],
    [
      'ecs:StopServiceDeployment',
      'service-deployment/production/web/1',
      'service-deployment/production/seen/1',
    ],
    ['ecs:StopServiceDeployment', 'service/production/web', 'service/production/seen'],
    ['ecs:RegisterTaskDefinition', 'task-definition/web:1', 'task-definition/seen:1'],
    ['ecs:UpdateService', 'service/production/web', 'service/staging/web'],
    ['ecs:RegisterTaskDefinition', 'task-definition/web:1', 'task-definition/web-admin:1'],
  ])('%s on %s, and not on %s', (action, yes, no) => {
    expect(may(action, `${arn}:${yes}`)).toBe(true);
    expect(may(action, `${arn}:${no}`)).toBe(false);
  });

  test('only a target with a migration may have tasks run: of its family, in its cluster', () => {
    const migration = { command: ['migrate'], container: 'app', logGroup: '/ecs/web' };
    const made = pipelineWith({ web: { migration }, api: {}, seen: { mode: 'watch', migration } });
    const run = (family: string, cluster: string) =>
      isAllowed(statementsOf(made, 'reconcile'), {
        action: 'ecs:RunTask',
        resource: `${arn}:task-definition/${family}:7`,
        context: { 'ecs:cluster': `${arn}:cluster/${cluster}` },
      });
    expect(run('web', 'production')).toBe(true);
    expect(run('web', 'staging')).toBe(false);
    expect(run('api', 'production')).toBe(false);
    expect(run('seen', 'production')).toBe(false);
    const logs = 'arn:aws:logs:eu-central-1:123456789012:log-group';
    const read = (group: string) =>
      isAllowed(statementsOf(made, 'reconcile'), {
        action: 'logs:GetLogEvents',
        resource: `${logs}:${group}:log-stream:ecs/app/1`,
      });
    expect([read('/ecs/web'), read('/ecs/api')]).toEqual([true, false]);
    expect(actionsOf(pipeline, 'reconcile')).not.toContain('ecs:RunTask');
  });

  test('a target in watch mode is looked at, and nothing of it is changed', () => {
    const watching = pipelineWith({ seen: { mode: 'watch' } });
    const actions = actionsOf(watching, 'reconcile');
    expect(actions).toContain('ecs:DescribeServices');
    for (const action of [...ONLY_SETTLE, 'iam:PassRole', 'ecs:TagResource']) {
      expect(actions).not.toContain(action);
    }
  });

  test('what runs is published below /slipway/ecs, and no other parameter is touched', () => {
    const parameter = 'arn:aws:ssm:eu-central-1:123456789012:parameter';
    const path = `${parameter}/slipway/ecs/production/web`;
    expect(may('ssm:PutParameter', `${path}/image/app`)).toBe(true);
    expect(may('ssm:PutParameter', `${parameter}/slipway/secret`)).toBe(false);
    expect(may('ssm:PutParameter', `${parameter}/shop/ecs/production/web/revision`)).toBe(false);
    expect(may('ssm:GetParameter', `${path}/image/app`)).toBe(false);
  });

  test('a role is passed only to tasks, and only if the settings name it', () => {
    const role = 'arn:aws:iam::123456789012:role';
    const to = (service: string) => ({ 'iam:PassedToService': service });
    expect(may('iam:PassRole', `${role}/web-task`, to('ecs-tasks.amazonaws.com'))).toBe(true);
    expect(may('iam:PassRole', `${role}/web-task`, to('lambda.amazonaws.com'))).toBe(false);
    expect(may('iam:PassRole', `${role}/admin`, to('ecs-tasks.amazonaws.com'))).toBe(false);
    expect(may('iam:PassRole', `${role}/seen-task`, to('ecs-tasks.amazonaws.com'))).toBe(false);
  });

  test('a rollout opens no shell and makes nothing privileged', () => {
    const service = `${arn}:service/production/web`;
    expect(may('ecs:UpdateService', service, { 'ecs:enable-execute-command': 'false' })).toBe(true);
    expect(may('ecs:UpdateService', service, { 'ecs:enable-execute-command': 'true' })).toBe(false);
    const revision = `${arn}:task-definition/web:7`;
    expect(may('ecs:RegisterTaskDefinition', revision, { 'ecs:privileged': 'false' })).toBe(true);
    expect(may('ecs:RegisterTaskDefinition', revision, { 'ecs:privileged': 'true' })).toBe(false);
  });

  test('unless the settings say that its containers are', () => {
    const settings = settingsFor(pipeline);
    const rights = { family: 'web', roles: [], privileged: true };
    const checked = checkSettings(pipeline, { ...settings, taskDefinitions: { web: rights } });
    const { statements } = fittingPolicies(pipeline, checked);
    expect(
      isAllowed(statements.reconcile.flat(), {
        action: 'ecs:RegisterTaskDefinition',
        resource: `${arn}:task-definition/web:7`,
        context: { 'ecs:privileged': 'true' },
      }),
    ).toBe(true);
  });

  test('tags are set while registering, and never later', () => {
    const revision = `${arn}:task-definition/web:7`;
    const create = { 'ecs:CreateAction': 'RegisterTaskDefinition' };
    expect(may('ecs:TagResource', revision, create)).toBe(true);
    expect(may('ecs:TagResource', revision)).toBe(false);
  });
});

describe('many targets', () => {
  const many = (count: number, watched: number, cluster = (i: number) => `cluster-${i % 3}`) =>
    pipelineWith(
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [
          `team-service-${i}`,
          { cluster: cluster(i), mode: i < watched ? ('watch' as const) : ('act' as const) },
        ]),
      ),
    );

  test('are named one by one in managed policies while there is room', () => {
    const pipeline = many(60, 1);
    const template = templateOf(pipeline);
    const policies = resourcesOf(template, 'AWS::IAM::ManagedPolicy');
    expect(policies.length).toBeGreaterThan(1);
    expect(policies.length).toBeLessThanOrEqual(10);
    for (const { Properties } of policies) {
      expect(JSON.stringify(Properties.PolicyDocument).length).toBeLessThanOrEqual(6_144);
    }
    const byCluster = JSON.stringify(statementsOf(pipeline, 'reconcile')).includes(
      ':service/cluster-0/*',
    );
    expect(byCluster).toBe(false);
  });

  test('are named by cluster beyond that, and those in watch mode are still left out', () => {
    const pipeline = many(300, 1, (i) => (i < 2 ? 'mixed' : 'all'));
    const reconcile = statementsOf(pipeline, 'reconcile');
    const may = (service: string) =>
      isAllowed(reconcile, { action: 'ecs:UpdateService', resource: `${arn}:service/${service}` });
    expect(may('all/team-service-7')).toBe(true);
    expect(may('mixed/team-service-1')).toBe(true);
    expect(may('mixed/team-service-0')).toBe(false);
  });
});
