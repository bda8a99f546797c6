/** What `doctor` says of what it saw: each rule on plain values. */
import { describe, expect, test } from 'vitest';
import { alarmChecks } from '../../cli/doctor/alarm-checks.ts';
import { definitionFacts } from '../../cli/doctor/definition-facts.ts';
import { githubChecks } from '../../cli/doctor/github-checks.ts';
import { modeCheck } from '../../cli/doctor/mode-check.ts';
import {
  containersAreThere,
  logChecks,
  platformCheck,
  rightsCheck,
  roleChecks,
  secretChecks,
} from '../../cli/doctor/needs-checks.ts';
import { balancerCheck, isThere, serviceChecks } from '../../cli/doctor/service-checks.ts';
import type { Found, ServiceFacts } from '../../shared/aws/examine.ts';
import { definePipeline, ecsService } from '../../shared/config/config.ts';
import { at, green, red } from '../build.ts';
import { shopPipeline } from '../shop.ts';

const target = definePipeline({
  account: '123456789012',
  region: 'eu-central-1',
  targets: {
    web: ecsService({
      mode: 'act',
      cluster: 'production',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      alarms: ['web-5xx'],
      bakeMinutes: 10,
    }),
  },
}).targets.web;
if (target === undefined) throw new Error('no target');

const service = (change: Partial<ServiceFacts> = {}): ServiceFacts => ({
  status: 'ACTIVE',
  controller: 'ECS',
  scheduling: 'REPLICA',
  desired: 2,
  revision: 'web:1',
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  runsOn: ['FARGATE'],
  circuitBreaker: true,
  deploymentAlarms: [],
  graceSeconds: 60,
  balancers: [],
  ...change,
});

const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-a1b2c3';
const container = {
  name: 'app',
  image: 'shop/web',
  portMappings: [{ containerPort: 8080 }],
  healthCheck: { startPeriod: 60 },
  secrets: [
    { name: 'DB', valueFrom: `${SECRET}:password::` },
    { name: 'FLAG', valueFrom: 'arn:aws:ssm:eu-central-1:123456789012:parameter/web/flag' },
  ],
  logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/web' } },
};
const raw = {
  family: 'web',
  status: 'ACTIVE',
  networkMode: 'awsvpc',
  executionRoleArn: 'arn:aws:iam::123456789012:role/team/web-execution',
  runtimePlatform: { cpuArchitecture: 'ARM64' },
  containerDefinitions: [container],
};
const facts = definitionFacts(raw);
const seen = <T>(value: T): Found<T> => ({ state: 'seen', value });
const MISSING = { state: 'missing' } as const;
const unseen = (because: string) => ({ state: 'unseen', because }) as const;

test('what a task definition says is read as ECS writes it', () => {
  expect(facts).toEqual({
    family: 'web',
    isActive: true,
    networkMode: 'awsvpc',
    executionRole: 'arn:aws:iam::123456789012:role/team/web-execution',
    platform: 'linux/arm64',
    containers: [
      {
        name: 'app',
        image: 'shop/web',
        ports: [8080],
        secrets: [
          { variable: 'DB', store: 'secret', id: SECRET, key: 'password' },
          { variable: 'FLAG', store: 'parameter', id: '/web/flag' },
        ],
        usesAwsLogs: true,
        logGroup: '/ecs/web',
        startPeriod: 60,
      },
    ],
  });
});

test('a target that acted, and whose config says no mode, fails: it would stop deploying', () => {
  const { mode: _, ...rest } = target.rules;
  const watching = { ...target, rules: { ...rest, mode: 'watch' as const } };
  const leftOut = { ...watching, isModeLeftOut: true as const };
  const stored = (mode: 'watch' | 'act') => ({ rules: { ...target.rules, mode } });
  expect(modeCheck(leftOut, stored('act'))).toMatchObject({
    state: 'failed',
    fix: expect.stringContaining("targets.web.mode: 'act'"),
  });
  expect(modeCheck(leftOut, stored('watch')).state).toBe('skipped');
  expect(modeCheck(leftOut, undefined).state).toBe('skipped');
  expect(modeCheck(watching, stored('act')).state).toBe('skipped');
  expect(modeCheck(target, stored('act')).state).toBe('ok');
});

describe('the service', () => {
  test.each<[string, Found<ServiceFacts>, object]>([
    ['missing', MISSING, { state: 'failed', fix: expect.stringContaining('list-services') }],
    ['draining', seen(service({ status: 'DRAINING' })), { state: 'failed' }],
    ['unseen', unseen('the permission ecs:DescribeServices is missing'), { state: 'skipped' }],
    ['there', seen(service()), { state: 'ok' }],
  ])('%s', (_, found, expected) => {
    expect(isThere(target, found)).toMatchObject(expected);
  });

  const failing = (change: Partial<ServiceFacts>) =>
    serviceChecks(target, service(change))
      .filter(({ state }) => state === 'failed')
      .map(({ name }) => name);

  test('is driven by ECS, has room to roll, and ECS has no alarm that the config does not name', () => {
    expect(failing({})).toEqual([]);
    expect(failing({ controller: 'CODE_DEPLOY' })).toEqual(['controller']);
    expect(failing({ scheduling: 'DAEMON' })).toEqual(['controller']);
    expect(failing({ maximumPercent: 149 })).toEqual(['room for a rollout']);
    expect(failing({ maximumPercent: 100, minimumHealthyPercent: 50 })).toEqual([]);
    expect(failing({ deploymentAlarms: ['web-5xx'] })).toEqual([]);
    expect(failing({ deploymentAlarms: ['web-slow'] })).toEqual(["ECS's own guards"]);
  });
});

describe('the load balancer', () => {
  const group = { name: 'web', targetType: 'ip' };
  const check = (
    change: Partial<ServiceFacts> = {},
    { port = 8080, name = 'app', found = seen(group) as Found<typeof group> } = {},
  ) =>
    balancerCheck(
      { target, service: service(change), definition: facts },
      { container: name, port, targetGroup: 'arn' },
      found,
    ).state;

  test('sends to a container and port that are there, of the kind that the network needs', () => {
    expect(check()).toBe('ok');
    expect(check({}, { port: 80 })).toBe('failed');
    expect(check({}, { name: 'web' })).toBe('failed');
    expect(check({}, { found: MISSING })).toBe('failed');
    expect(check({}, { found: seen({ ...group, targetType: 'instance' }) })).toBe('failed');
  });

  test('does not count before a container may have started', () => {
    expect(check({ graceSeconds: 59 })).toBe('failed');
  });
});

describe('what a task needs', () => {
  test('the containers of the config', () => {
    expect(containersAreThere(target, facts).state).toBe('ok');
    const renamed = definitionFacts({ ...raw, containerDefinitions: [{ name: 'main' }] });
    expect(containersAreThere(target, renamed)).toMatchObject({
      state: 'failed',
      fix: 'pipeline.config.ts: containers: { main: … }',
    });
  });

  const roles = async (trusts: readonly string[] | undefined, task: typeof facts = facts) =>
    await roleChecks(task, {
      role: async () => (trusts === undefined ? MISSING : seen({ trusts })),
    });

  test('roles that exist and that ECS may take on; an execution role, where something needs one', async () => {
    expect(await roles(['ecs-tasks.amazonaws.com'])).toMatchObject([
      { name: 'execution role web-execution', state: 'ok' },
    ]);
    expect(await roles(undefined)).toMatchObject([{ state: 'failed' }]);
    expect(await roles(['ec2.amazonaws.com'])).toMatchObject([
      { state: 'failed', says: 'it trusts ec2.amazonaws.com: ECS cannot take it on' },
    ]);
    const { executionRoleArn: _, ...without } = raw;
    expect(await roles([], definitionFacts(without))).toMatchObject([
      { state: 'failed', says: expect.stringContaining('app has secrets') },
    ]);
  });

  test('the rights of Slipway, where it acts', () => {
    const role = 'arn:aws:iam::123456789012:role/team/web-execution';
    const of = (rights: Parameters<typeof rightsCheck>[2]) => rightsCheck(target, facts, rights);
    expect(of({ families: ['web'], roles: [role] }).state).toBe('ok');
    expect(of({ families: ['web'], roles: [] })).toMatchObject({
      state: 'failed',
      fix: "pipeline.config.ts: infra.taskDefinitions: { web: { family: 'web', roles: ['team/web-execution'] } }, then slipway infra deploy",
    });
    expect(of({ families: [], roles: [role] }).state).toBe('failed');
    expect(of(undefined).state).toBe('skipped');
  });

  test('secrets by name, and their keys only when they may be read', async () => {
    const asked: string[] = [];
    const examiner = {
      secret: async () => seen(true as const),
      parameter: async () => MISSING,
      secretKeys: async (id: string) => {
        asked.push(id);
        return seen(['user'] as readonly string[]);
      },
    };
    const closed = await secretChecks(facts, examiner, false);
    expect(closed.map(({ state }) => state)).toEqual(['skipped', 'failed']);
    expect(asked).toEqual([]);
    const opened = await secretChecks(facts, examiner, true);
    expect(opened[0]).toMatchObject({
      state: 'failed',
      says: 'the secret has no key password: it has user',
    });
  });

  test('a log group, unless the container makes it', async () => {
    const gone = { logGroup: async () => MISSING };
    expect(await logChecks(facts, gone)).toMatchObject([
      { state: 'failed', fix: 'aws logs create-log-group --log-group-name /ecs/web' },
    ]);
    const options = { ...container.logConfiguration.options, 'awslogs-create-group': 'true' };
    const made = { ...container, logConfiguration: { logDriver: 'awslogs', options } };
    const own = definitionFacts({ ...raw, containerDefinitions: [made] });
    expect(await logChecks(own, gone)).toEqual([]);
  });

  test('an image for its machine', () => {
    const of = (...has: readonly string[]) =>
      platformCheck({ name: 'app' }, 'shop/web:main-1', 'linux/arm64', seen(has));
    expect(of('linux/amd64', 'linux/arm64').state).toBe('ok');
    expect(of('linux/amd64')).toMatchObject({
      state: 'failed',
      fix: 'docker build --platform linux/arm64, or change runtimePlatform in the task definition',
    });
  });
});

test('an alarm exists, has data, is not red, is not muted, and judges within the bake', () => {
  const of = (state: Parameters<typeof alarmChecks>[1][string], muted = {}) =>
    alarmChecks(target, { 'web-5xx': state }, muted)[0];
  expect(of(green())?.state).toBe('ok');
  expect(of({ state: 'missing' })?.state).toBe('failed');
  expect(of({ state: 'unknown', because: 'no answer' })?.state).toBe('skipped');
  expect(of(red(at(0)))?.state).toBe('failed');
  expect(of({ state: 'INSUFFICIENT_DATA', since: at(0) })?.state).toBe('failed');
  // Whether data came since, no alarm tells.
  expect(of({ state: 'OK', since: at(0), okForWantOfData: true })?.state).toBe('ok');
  expect(of(green(), { 'web-5xx': at(0) })?.state).toBe('failed');
  expect(of({ state: 'OK', since: at(0), judgesInMs: 15 * 60_000 })).toMatchObject({
    state: 'failed',
    fix: expect.stringMatching(/^pipeline\.config\.ts: targets\.web\.bakeMinutes: 1[78]$/),
  });
});

test('the secrets for GitHub are asked for by name, where there are sources', async () => {
  const asked: string[] = [];
  const examiner = (found: Found<true>) => ({
    secret: async (id: string) => {
      asked.push(id);
      return found;
    },
  });
  const states = async (pipeline: Parameters<typeof githubChecks>[0], found: Found<true>) =>
    (await githubChecks(pipeline, examiner(found), async () => undefined)).map(
      ({ name, state }) => `${name} ${state}`,
    );
  const built = shopPipeline();
  expect(await states(built, seen(true))).toEqual([
    'secret slipway/github-webhook ok',
    'secret slipway/github ok',
    'webhook of acme/shop main skipped',
    'webhook of codertocat/hello-world master skipped',
  ]);
  expect(asked).toEqual(['slipway/github-webhook', 'slipway/github']);
  const [webhook] = await githubChecks(built, examiner(MISSING), async () => undefined);
  expect(webhook).toMatchObject({
    state: 'failed',
    fix: expect.stringContaining('create-secret --name slipway/github-webhook'),
  });
  expect(await states({ ...built, sources: {} }, MISSING)).toEqual(['webhook skipped']);
  const elsewhere = shopPipeline({
    ...{ builtBy: 'elsewhere', branches: ['main'], tags: [], webhookSecret: 'shop/webhook' },
    images: { web: { repository: 'shop/web' } },
  });
  expect(await states(elsewhere, MISSING)).toEqual([
    'secret shop/webhook skipped',
    'secret slipway/github-webhook failed',
    'secret slipway/github failed',
    'webhook of acme/shop main skipped',
    'webhook of codertocat/hello-world master skipped',
    'images of acme/shop main skipped',
  ]);
  const none = await githubChecks(elsewhere, examiner(MISSING), async () => undefined);
  expect(none.at(2)?.says).toBe(
    'Secrets Manager has no such secret: no commit can be confirmed, so nothing is built and no image that others build is deployed',
  );
});
