/** What `slipway init` guesses, on plain values, and that what it writes is a config. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadPipeline } from '../../cli/connect/pipeline.ts';
import { definitionFacts } from '../../cli/doctor/definition-facts.ts';
import { choose } from '../../cli/init/choose.ts';
import { guessTags, guessTarget, withIds } from '../../cli/init/guess.ts';
import { renderConfig } from '../../cli/init/render.ts';

const HERE = { account: '123456789012', region: 'eu-central-1' };
const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const GROUP = 'targetgroup/web/0a1b2c3d4e5f6071';

const service = (change: object = {}) => ({
  cluster: 'production',
  service: 'web',
  controller: 'ECS',
  scheduling: 'REPLICA',
  revision: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7',
  targetGroups: [GROUP],
  ...change,
});
const definition = (image = `${REGISTRY}/shop/web:main-8f3c2a1`) =>
  definitionFacts({
    family: 'web',
    taskRoleArn: 'arn:aws:iam::123456789012:role/team/web-task',
    executionRoleArn: 'arn:aws:iam::123456789012:role/web-execution',
    containerDefinitions: [
      { name: 'app', image },
      { name: 'log-router', image: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:stable' },
    ],
  });
const alarm = (name: string, ...dimensions: readonly (readonly [string, string])[]) => ({
  name,
  dimensions: dimensions.map(([key, value]) => ({ name: key, value })),
});

describe('a service', () => {
  test('has the containers of the own registry, the alarms on it, and the roles that it needs', () => {
    const alarms = [
      alarm('web-5xx', ['LoadBalancer', 'app/a/1'], ['TargetGroup', GROUP]),
      alarm('web-cpu', ['ServiceName', 'web'], ['ClusterName', 'production']),
      alarm('other-cpu', ['ServiceName', 'web'], ['ClusterName', 'staging']),
      alarm('billing'),
    ];
    expect(guessTarget(HERE, service(), definition(), alarms)).toEqual({
      cluster: 'production',
      service: 'web',
      containers: [
        {
          name: 'app',
          repository: 'shop/web',
          tags: { filter: "{ glob: 'main-*' }", because: 'a guess from "main-8f3c2a1"' },
        },
      ],
      others: ['log-router'],
      alarms: ['web-5xx', 'web-cpu'],
      family: 'web',
      roles: ['team/web-task', 'web-execution'],
    });
  });

  test.each([
    [service({ controller: 'CODE_DEPLOY' }), definition(), "its deployments are CODE_DEPLOY's"],
    [service({ scheduling: 'DAEMON' }), definition(), 'it is a DAEMON service'],
    [service(), definition('nginx:1'), 'none of its images is in the ECR of 123456789012'],
    [
      service(),
      definition('123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/web:1'),
      'none of its images is in the ECR of 123456789012 in eu-central-1',
    ],
  ])('that Slipway cannot drive is left out, in words', (one, task, why) => {
    expect(guessTarget(HERE, one, task, [])).toContain(why);
  });
});

test.each([
  ['main-8f3c2a1', "{ glob: 'main-*' }"],
  ['feature-x-8f3c2a1b9d04', "{ glob: 'feature-x-*' }"],
  ['build-42', "{ glob: 'build-*' }"],
  ['v1.2.3', "{ semver: '>=0.0.0' }"],
  ['latest', "{ glob: '*' }"],
  ['8f3c2a1b9d04', "{ glob: '*' }"],
  [undefined, "{ glob: '*' }"],
])('of the tag %s the next ones are %s', (tag, filter) => {
  expect(guessTags(tag).filter).toBe(filter);
});

test('two services of one name have their cluster in the name, and every name is one that the config takes', () => {
  const of = (cluster: string, name: string) => ({
    ...service({ cluster, service: name }),
    containers: [],
    others: [],
    alarms: [],
    family: 'web',
    roles: [],
  });
  const long = 'x'.repeat(60);
  const ids = withIds([
    of('a', 'web'),
    of('b', 'web'),
    of('a', '1st'),
    of('a', long),
    of('b', `${long}y`),
  ]);
  expect(ids.map(({ id }) => id).slice(0, 3)).toEqual(['web-a', 'web-b', 't-1st']);
  expect(new Set(ids.map(({ id }) => id)).size).toBe(5);
  for (const { id } of ids) expect(id).toMatch(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/);
});

test('what it writes is a config that is right, in watch mode, whatever the names are', async () => {
  const module = fileURLToPath(new URL('../../shared/config/config.ts', import.meta.url));
  const found = guessTarget(HERE, service(), definition(), [
    alarm(`it's "red" \\ ${'`'}now${'`'}`, ['TargetGroup', GROUP]),
  ]);
  const bare = guessTarget(HERE, service({ service: '0-worker' }), definition(), []);
  if (typeof found === 'string' || typeof bare === 'string') throw new Error('no guess');
  const file = join(mkdtempSync(join(tmpdir(), 'slipway-init-')), 'a.config.ts');
  writeFileSync(file, renderConfig(HERE, withIds([found, bare]), module));
  const { targets, account } = await loadPipeline({ config: file });
  expect(account).toBe(HERE.account);
  expect(Object.keys(targets)).toEqual(['web', 't-0-worker']);
  expect(targets.web?.rules).toMatchObject({
    mode: 'watch',
    alarms: [`it's "red" \\ ${'`'}now${'`'}`],
    containers: { app: { repository: 'shop/web' } },
  });
  expect(targets['t-0-worker']?.noAlarmsBecause).toBe('slipway init found none');
});

describe('which services', () => {
  const account = (all: Readonly<Record<string, readonly string[]>>) => ({
    clusters: async () => Object.keys(all),
    services: async (cluster: string) => all[cluster] ?? [],
  });
  const two = account({ production: ['web', 'worker'], staging: ['web'] });
  const of = (asked: object, where = two) =>
    choose(where, { services: [], all: false, yes: true, ...asked }, 'account 1');

  test('by name, by cluster and name, all of one cluster, or all', async () => {
    expect(await of({ services: ['worker'] })).toEqual([
      { cluster: 'production', services: ['worker'] },
    ]);
    expect(await of({ services: ['staging/web'] })).toEqual([
      { cluster: 'staging', services: ['web'] },
    ]);
    expect(await of({ cluster: 'staging' })).toEqual([{ cluster: 'staging', services: ['web'] }]);
    expect(await of({ all: true })).toHaveLength(2);
  });

  test('what is not clear is asked for, and what is not there is said', async () => {
    await expect(of({})).rejects.toThrow(
      'has 3 services: say which with --service, or --all; there is: production/web, worker, staging/web',
    );
    await expect(of({ services: ['web'] })).rejects.toThrow(
      '"web" is said of production/web and staging/web: say which',
    );
    await expect(of({ services: ['wrker'] })).rejects.toThrow('did you mean worker?');
    await expect(of({ cluster: 'prod' })).rejects.toThrow('there is no cluster "prod"');
    await expect(of({}, account({}))).rejects.toThrow(
      'account 1 has no ECS service; make one first',
    );
    await expect(of({}, account({ empty: [] }))).rejects.toThrow('has no ECS service');
  });

  test('of five hundred not all are listed', async () => {
    const many = account({ big: Array.from({ length: 500 }, (_, i) => `service-${i}`) });
    const error = await of({}, many).catch((one: Error) => one);
    expect(String(error)).toContain('has 500 services');
    expect(String(error)).toContain('and 480 more');
  });
});
