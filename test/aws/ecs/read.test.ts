import { ECSClient } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../shared/aws/connect/client-settings.ts';
import { parseReference } from '../../../shared/aws/ecs/answers.ts';
import { readServices } from '../../../shared/aws/ecs/read.ts';
import type { TaskDefinitionArn } from '../../../shared/core/model/image.ts';
import { TransientError } from '../../../shared/ports.ts';
import { broken, listeningLog, lost, Trouble, throttled, type WireAnswer, wire } from '../wire.ts';

const ref = { cluster: 'production', service: 'web' };
const arn = (resource: string) => `arn:aws:ecs:eu-west-1:111122223333:${resource}`;
const revision = (n: number) => arn(`task-definition/web:${n}`) as TaskDefinitionArn;
const serviceRevision = (n: number) => arn(`service-revision/production/web/${n}`);
const rollout = (id: string) => arn(`service-deployment/production/web/${id}`);
const T0 = Date.parse('2026-11-20T10:00:00Z');
/** ECS writes seconds. */
const seconds = (minute: number) => (T0 + minute * 60_000) / 1000;

function connected(answers: Record<string, readonly WireAnswer[]>) {
  const far = wire(answers);
  const log = listeningLog();
  return { far, log, services: readServices(new ECSClient(readSettings(far.settings)), log) };
}

const service = {
  serviceName: 'web',
  status: 'ACTIVE',
  schedulingStrategy: 'REPLICA',
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  deploymentController: { type: 'ECS' },
  deploymentConfiguration: {
    maximumPercent: 200,
    deploymentCircuitBreaker: { enable: true, rollback: true, newIn2030: 'kept' },
    alsoNew: [{ kept: true }],
  },
  deployments: [
    {
      id: 'ecs-svc/42',
      status: 'PRIMARY',
      taskDefinition: revision(7),
      desiredCount: 2,
      runningCount: 2,
      failedTasks: 0,
      createdAt: seconds(0),
      rolloutState: 'COMPLETED',
    },
  ],
  currentServiceRevisions: [{ arn: serviceRevision(41) }, { arn: serviceRevision(42) }],
};

test('a service is described with its deployment configuration as ECS wrote it, unknown keys too', async () => {
  const { services, far } = connected({
    DescribeServices: [{ services: [service], failures: [] }],
  });
  expect(await services.describe(ref)).toEqual({
    status: 'ACTIVE',
    controller: 'ECS',
    schedulingStrategy: 'REPLICA',
    desired: 2,
    running: 2,
    pending: 0,
    primary: {
      id: 'ecs-svc/42',
      revision: revision(7),
      createdAt: T0,
      rolloutState: 'COMPLETED',
      desired: 2,
      running: 2,
      failedTasks: 0,
    },
    deployments: 1,
    deploymentConfiguration: service.deploymentConfiguration,
    serviceRevision: serviceRevision(42),
  });
  expect(far.bodies('DescribeServices')).toEqual([{ cluster: 'production', services: ['web'] }]);
});

test.each([
  ['a service', { services: [], failures: [{ arn: 'x', reason: 'MISSING' }] }],
  ['a cluster', new Trouble(400, 'ClusterNotFoundException', 'Cluster not found.')],
])('%s that does not exist is an answer', async (_, answer) => {
  const { services } = connected({ DescribeServices: [answer] });
  expect(await services.describe(ref)).toBeUndefined();
});

test.each([
  ['another failure of ECS', { services: [], failures: [{ reason: 'STRANGE' }] }],
  ['a throttle that lasts', throttled],
  ['a 500 that lasts', broken],
  ['no answer', lost],
  ['no permission', new Trouble(400, 'AccessDeniedException', 'not authorized')],
])('a read that fails by %s is a world that is ill, with its cause', async (_, answer) => {
  const { services } = connected({ DescribeServices: [answer] });
  const error = await services.describe(ref).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(TransientError);
  expect(error).toMatchObject({ message: expect.stringContaining('ecs:DescribeServices') });
  expect((error as Error).cause).toBeInstanceOf(Error);
});

test('a read is repeated after a throttle, a 500 and a lost answer', async () => {
  for (const trouble of [throttled, broken, lost]) {
    const { services, far } = connected({
      DescribeServices: [trouble, { services: [service], failures: [] }],
    });
    expect(await services.describe(ref)).toMatchObject({ desired: 2 });
    expect(far.calls).toHaveLength(2);
  }
});

test('behind a Classic Load Balancer there is no rolloutState: one full deployment is a completed one', async () => {
  const { rolloutState: _, ...primary } = service.deployments[0] as Record<string, unknown>;
  for (const [runningCount, expected] of [
    [2, 'COMPLETED'],
    [1, 'IN_PROGRESS'],
  ]) {
    const deployments = [{ ...primary, runningCount }];
    const { services } = connected({
      DescribeServices: [{ services: [{ ...service, deployments }] }],
    });
    expect((await services.describe(ref))?.primary.rolloutState).toBe(expected);
  }
});

test('a service with task sets has no deployments and is described all the same', async () => {
  const external = {
    ...service,
    deployments: [],
    taskDefinition: revision(3),
    deploymentController: { type: 'EXTERNAL' },
  };
  const { services } = connected({ DescribeServices: [{ services: [external] }] });
  expect(await services.describe(ref)).toMatchObject({
    controller: 'EXTERNAL',
    deployments: 0,
    primary: { revision: revision(3) },
  });
});

test('rollouts come newest first, with their task definitions and where ECS went back to', async () => {
  const brief = (id: string, minute: number, n: number, status: string) => ({
    serviceDeploymentArn: rollout(id),
    targetServiceRevisionArn: serviceRevision(n),
    createdAt: seconds(minute),
    status,
  });
  const { services, far } = connected({
    ListServiceDeployments: [
      { serviceDeployments: [brief('a', 1, 41, 'SUCCESSFUL')], nextToken: 'more' },
      {
        serviceDeployments: [
          {
            ...brief('b', 2, 42, 'ROLLBACK_SUCCESSFUL'),
            finishedAt: seconds(5),
            statusReason: 'why',
          },
          brief('z', -9, 39, 'STOPPED'),
        ],
      },
    ],
    DescribeServiceDeployments: [
      {
        serviceDeployments: [
          {
            serviceDeploymentArn: rollout('b'),
            rollback: { serviceRevisionArn: serviceRevision(40) },
          },
        ],
      },
    ],
    DescribeServiceRevisions: [
      {
        serviceRevisions: [
          { serviceRevisionArn: serviceRevision(42), taskDefinition: revision(8) },
          { serviceRevisionArn: serviceRevision(40), taskDefinition: revision(6) },
        ],
      },
    ],
  });
  const known = { [serviceRevision(41)]: revision(7) };
  expect(await services.rollouts(ref, T0, known)).toEqual([
    {
      arn: rollout('b'),
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'why',
      createdAt: T0 + 120_000,
      finishedAt: T0 + 300_000,
      serviceRevision: serviceRevision(42),
      revision: revision(8),
      rolledBackTo: revision(6),
    },
    {
      arn: rollout('a'),
      status: 'SUCCESSFUL',
      createdAt: T0 + 60_000,
      serviceRevision: serviceRevision(41),
      revision: revision(7),
    },
  ]);
  expect(far.bodies('DescribeServiceRevisions')).toEqual([
    { serviceRevisionArns: [serviceRevision(42), serviceRevision(40)] },
  ]);
  expect(far.bodies('ListServiceDeployments')[0]).toMatchObject({
    createdAt: { after: T0 / 1000 - 1 },
  });
});

test('what is known is not asked again, and no rollout means no further call', async () => {
  const { services, far } = connected({ ListServiceDeployments: [{ serviceDeployments: [] }] });
  expect(await services.rollouts(ref, T0, {})).toEqual([]);
  expect(far.operations()).toEqual(['ListServiceDeployments']);
});

test('a status that we do not know is in progress, and told', async () => {
  const { services, log } = connected({
    ListServiceDeployments: [
      {
        serviceDeployments: [
          {
            serviceDeploymentArn: rollout('a'),
            targetServiceRevisionArn: serviceRevision(41),
            createdAt: seconds(1),
            status: 'TURNED_TO_GOLD',
          },
        ],
      },
    ],
  });
  const rollouts = (await services.rollouts(ref, T0, { [serviceRevision(41)]: revision(7) })) ?? [];
  expect(rollouts).toMatchObject([{ status: 'IN_PROGRESS' }]);
  expect(log.lines).toMatchObject([{ level: 'warn', facts: { status: 'TURNED_TO_GOLD' } }]);
});

test('a rollout whose service revision cannot be read yet is as if it were not listed', async () => {
  const { services } = connected({
    ListServiceDeployments: [
      {
        serviceDeployments: [
          {
            serviceDeploymentArn: rollout('a'),
            targetServiceRevisionArn: serviceRevision(41),
            createdAt: seconds(1),
            status: 'PENDING',
          },
        ],
      },
    ],
    DescribeServiceRevisions: [{ serviceRevisions: [], failures: [{ reason: 'MISSING' }] }],
  });
  expect(await services.rollouts(ref, T0, {})).toEqual([]);
});

test('more than 20 service revisions are asked in parts, each once', async () => {
  const briefs = Array.from({ length: 45 }, (_, n) => ({
    serviceDeploymentArn: rollout(`${n}`),
    targetServiceRevisionArn: serviceRevision(n % 25),
    createdAt: seconds(1),
    status: 'STOPPED',
  }));
  const { services, far } = connected({
    ListServiceDeployments: [{ serviceDeployments: briefs }],
    DescribeServiceRevisions: [{ serviceRevisions: [] }],
  });
  await services.rollouts(ref, T0, {});
  const lengths = far
    .bodies('DescribeServiceRevisions')
    .map(({ serviceRevisionArns }) => (serviceRevisionArns as string[]).length);
  expect(lengths).toEqual([20, 5]);
});

test('a task definition is asked once a handling, however many ask, and again after a failure', async () => {
  const answer = {
    taskDefinition: {
      family: 'web',
      status: 'ACTIVE',
      containerDefinitions: [{ name: 'app', image: 'shop/web:latest' }],
    },
    tags: [],
  };
  const { services, far } = connected({
    DescribeTaskDefinition: [new Trouble(400, 'ThrottlingException'), throttled, throttled, answer],
  });
  await expect(services.definition(revision(7))).rejects.toBeInstanceOf(TransientError);
  const [a] = await Promise.all([
    services.definition(revision(7)),
    services.definition(revision(7)),
  ]);
  await services.rawDefinition(revision(7));
  expect(a).toEqual({
    revision: revision(7),
    containers: { app: 'shop/web:latest' },
    active: true,
    family: 'web',
    roles: [],
    platform: { os: 'linux', architecture: 'amd64' },
  });
  expect(far.calls).toHaveLength(4);
  expect(far.calls.at(-1)?.body).toEqual({ taskDefinition: revision(7), include: ['TAGS'] });
});

test('a task definition that was deleted is no active one, and no accident', async () => {
  const { services } = connected({
    DescribeTaskDefinition: [
      new Trouble(400, 'ClientException', 'Unable to describe task definition.'),
    ],
  });
  expect(await services.definition(revision(7))).toEqual({
    revision: revision(7),
    containers: {},
    active: false,
    family: 'web',
    roles: [],
    platform: { os: 'linux', architecture: 'amd64' },
  });
});

test('our revision is found by its tag among the five newest of the family', async () => {
  const tagged = (release: string) => ({
    taskDefinition: { family: 'web' },
    tags: [{ key: 'slipway:release', value: release }],
  });
  const { services, far } = connected({
    ListTaskDefinitions: [{ taskDefinitionArns: [revision(9), revision(8), revision(7)] }],
    DescribeTaskDefinition: [tagged('other'), tagged('ecs/production/web/3'), tagged('never read')],
  });
  expect(await services.findRevision(revision(5), 'ecs/production/web/3')).toBe(revision(8));
  expect(far.bodies('ListTaskDefinitions')).toEqual([
    { familyPrefix: 'web', sort: 'DESC', maxResults: 5 },
  ]);
  expect(far.bodies('DescribeTaskDefinition')).toHaveLength(2);
});

test('of a revision it is told which pipeline registered it, and that of another one is not ours', async () => {
  const shops = {
    taskDefinition: { family: 'web', status: 'ACTIVE' },
    tags: [{ key: 'slipway:release', value: 'shop:ecs/production/web/3' }],
  };
  const { services } = connected({
    ListTaskDefinitions: [{ taskDefinitionArns: [revision(9)] }],
    DescribeTaskDefinition: [shops],
  });
  expect(await services.definition(revision(9))).toMatchObject({
    release: 'shop:ecs/production/web/3',
  });
  expect(await services.findRevision(revision(5), 'ecs/production/web/3')).toBeUndefined();
});

test('stopped tasks come oldest first, the newest ten', async () => {
  const tasks = Array.from({ length: 12 }, (_, n) => ({
    taskArn: arn(`task/production/${n}`),
    taskDefinitionArn: revision(7),
    startedBy: 'ecs-svc/42',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    stoppedAt: seconds(n),
    containers: [
      { name: 'app', exitCode: 1 },
      { name: 'log', reason: 'why' },
    ],
  })).reverse();
  const { services } = connected({
    ListTasks: [{ taskArns: tasks.map(({ taskArn }) => taskArn) }],
    DescribeTasks: [{ tasks }],
  });
  const { newest: stopped = [], failed } = (await services.stoppedTasks(ref)) ?? {};
  expect(failed).toBe(12);
  expect(stopped.map(({ id }) => id)).toEqual(['2', '3', '4', '5', '6', '7', '8', '9', '10', '11']);
  expect(stopped[0]).toEqual({
    id: '2',
    revision: revision(7),
    startedBy: 'ecs-svc/42',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    stoppedAt: T0 + 120_000,
    containers: [
      { name: 'app', exitCode: 1 },
      { name: 'log', reason: 'why' },
    ],
  });
});

test('asked by family, tasks of deployments that are over are found, and other services’ left out', async () => {
  const task = (id: string, group: string) => ({
    taskArn: arn(`task/production/${id}`),
    group,
    taskDefinitionArn: revision(7),
    stopCode: 'EssentialContainerExited' as const,
  });
  const { services, far } = connected({
    ListTasks: [{ taskArns: ['a'], nextToken: 'n' }, { taskArns: ['b'] }],
    DescribeTasks: [
      { tasks: [task('a', 'service:web')] },
      { tasks: [task('b', 'service:api'), task('c', 'service:web')] },
    ],
  });
  const { newest: stopped = [] } = (await services.stoppedTasks(ref, revision(7))) ?? {};
  expect(stopped.map(({ id }) => id)).toEqual(['a', 'c']);
  expect(far.bodies('ListTasks')).toEqual([
    { cluster: 'production', family: 'web', desiredStatus: 'STOPPED' },
    { cluster: 'production', family: 'web', desiredStatus: 'STOPPED', nextToken: 'n' },
  ]);
});

test('failed tasks of a revision are found, whatever else stopped beside them', async () => {
  const task = (n: number, of: number, fields: object) => ({
    taskArn: arn(`task/production/${n}`),
    taskDefinitionArn: revision(of),
    stoppedAt: 1_795_168_800 + n,
    ...fields,
  });
  const failed = { stopCode: 'EssentialContainerExited' };
  const drained = {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)',
  };
  const tasks = [
    ...[1, 2, 3].map((n) => task(n, 7, failed)),
    ...Array.from({ length: 20 }, (_, i) => task(10 + i, 6, failed)),
    ...Array.from({ length: 20 }, (_, i) => task(40 + i, 7, drained)),
  ];
  const { services } = connected({
    ListTasks: [{ taskArns: tasks.map(({ taskArn }) => taskArn) }],
    DescribeTasks: [{ tasks }],
  });
  const stopped = await services.stoppedTasks(ref, revision(7));
  expect(stopped?.newest.map(({ id }) => id)).toEqual(['1', '2', '3']);
});

test('a revision that is deployed again answers for what stops from then on, and not for its failures before', async () => {
  const again = 1_795_168_800;
  const task = (id: string, stoppedAt: number) => ({
    ...{ taskArn: arn(`task/production/${id}`), taskDefinitionArn: revision(7), stoppedAt },
    stopCode: 'EssentialContainerExited' as const,
  });
  const tasks = [task('before', again - 1), task('then', again), task('after', again + 1)];
  const answers = () =>
    connected({
      ListTasks: [{ taskArns: tasks.map(({ taskArn }) => taskArn) }],
      DescribeTasks: [{ tasks }],
    }).services;
  const since = await answers().stoppedTasks(ref, revision(7), again * 1_000);
  expect(since?.newest.map(({ id }) => id)).toEqual(['then', 'after']);
  expect(since?.failed).toBe(2);
  expect((await answers().stoppedTasks(ref, revision(7)))?.failed).toBe(3);
});

test('without stopped tasks there is nothing to describe', async () => {
  const { services, far } = connected({ ListTasks: [{ taskArns: [] }] });
  expect(await services.stoppedTasks(ref)).toEqual({ failed: 0, newest: [] });
  expect(far.operations()).toEqual(['ListTasks']);
});

test('what really runs is read from the service revision, and pinned only if the definition says so', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
  const containerImages = [
    { containerName: 'app', image: `${host}/shop/web:latest`, imageDigest: digest },
    { containerName: 'side', image: `${host}/shop/side@${digest}` },
    { containerName: 'log', image: 'fluent/bit:3' },
  ];
  const { services } = connected({
    DescribeServiceRevisions: [
      { serviceRevisions: [{ serviceRevisionArn: 'x', containerImages }] },
    ],
    DescribeTaskDefinition: [{ taskDefinition: { containerDefinitions: [] } }],
    ListTasks: [{ taskArns: [] }],
  });
  const asked = { revision: revision(7), serviceRevision: 'x' };
  expect(await services.runningImages(ref, asked, ['app', 'side'])).toEqual({
    pinned: false,
    images: {
      app: { registry: host, repository: 'shop/web', tags: ['latest'], digest },
      side: { registry: host, repository: 'shop/side', tags: [], digest },
    },
  });
  expect(await services.runningImages(ref, asked, ['side'])).toMatchObject({ pinned: true });
  expect(await services.runningImages(ref, asked, ['app', 'log'])).toBeUndefined();
});

describe('of a service that ECS knows no revision of, digests come', () => {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
  const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
  const defined = (app: string) => ({
    taskDefinition: {
      containerDefinitions: [
        { name: 'app', image: app },
        { name: 'side', image: `${host}/shop/side@${digest('b')}` },
      ],
    },
  });
  const task = (n: number, app: string, of = 7) => ({
    taskArn: arn(`task/production/${n}`),
    taskDefinitionArn: revision(of),
    containers: [{ name: 'app', imageDigest: app }],
  });
  const images = async (app: string, ...tasks: readonly object[]) => {
    const { services, far } = connected({
      DescribeTaskDefinition: [defined(app)],
      ListTasks: [{ taskArns: tasks.map((_, n) => `${n}`) }],
      DescribeTasks: [{ tasks }],
    });
    const found = await services.runningImages(ref, { revision: revision(7) }, ['app', 'side']);
    return { found, operations: far.operations() };
  };

  test('from its definition, where that names them', async () => {
    const { found, operations } = await images(`${host}/shop/web@${digest('a')}`);
    expect(found).toMatchObject({ pinned: true, images: { app: { digest: digest('a') } } });
    expect(operations).toEqual(['DescribeTaskDefinition']);
  });

  test('else from its running tasks, where all agree', async () => {
    const latest = `${host}/shop/web:latest`;
    const { found } = await images(latest, task(1, digest('c')), task(2, digest('c')));
    expect(found).toMatchObject({
      pinned: false,
      images: {
        app: { repository: 'shop/web', tags: ['latest'], digest: digest('c') },
        side: { digest: digest('b') },
      },
    });
    const moved = await images(latest, task(1, digest('c')), task(2, digest('d')));
    expect(moved.found).toBeUndefined();
    const older = await images(latest, task(1, digest('c')), task(2, digest('d'), 6));
    expect(older.found).toMatchObject({ images: { app: { digest: digest('c') } } });
    expect((await images(latest)).found).toBeUndefined();
  });
});

test.each([
  ['nginx', { registry: 'docker.io', repository: 'nginx', tags: [] }],
  ['fluent/bit:3', { registry: 'docker.io', repository: 'fluent/bit', tags: ['3'] }],
  ['localhost:5000/a/b', { registry: 'localhost:5000', repository: 'a/b', tags: [] }],
  [
    'host.example/a:1@sha256:d',
    { registry: 'host.example', repository: 'a', tags: ['1'], digest: 'sha256:d' },
  ],
])('the image reference %s is read', (text, expected) => {
  expect(parseReference(text)).toEqual(expected);
});

describe('a service that goes away between two calls', () => {
  test.each([
    ['ListServiceDeployments', 'ServiceNotFoundException', 'Service not found.'],
    ['ListServiceDeployments', 'ClusterNotFoundException', 'Cluster not found.'],
  ])('%s: %s is no answer, and no error', async (operation, code, message) => {
    const { services } = connected({ [operation]: [new Trouble(400, code, message)] });
    expect(await services.rollouts(ref, T0, {})).toBeUndefined();
  });

  test('nor of its tasks', async () => {
    const trouble = new Trouble(400, 'ClusterNotFoundException', 'Cluster not found.');
    const { services } = connected({ ListTasks: [trouble] });
    expect(await services.stoppedTasks(ref)).toBeUndefined();
  });

  test('nor of its revisions, when it is INACTIVE', async () => {
    const message = 'Cannot call DescribeServiceRevisions for a service that is INACTIVE';
    const trouble = new Trouble(400, 'InvalidParameterException', message);
    const { services } = connected({
      DescribeServiceRevisions: [trouble],
      DescribeTaskDefinition: [{ taskDefinition: { containerDefinitions: [] } }],
      ListTasks: [{ taskArns: [] }],
    });
    expect(
      await services.runningImages(
        ref,
        { revision: revision(7), serviceRevision: serviceRevision(42) },
        ['app'],
      ),
    ).toBeUndefined();
  });

  test('but another refusal is an error', async () => {
    const trouble = new Trouble(400, 'AccessDeniedException', 'no');
    const { services } = connected({ ListTasks: [trouble] });
    await expect(services.stoppedTasks(ref)).rejects.toBeInstanceOf(TransientError);
  });
});

test('ECS says by itself that it rolls back to a deployment', async () => {
  const rolloutStateReason =
    'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/41.';
  const [first] = service.deployments;
  const returning = { ...service, deployments: [{ ...first, rolloutStateReason }] };
  const { services } = connected({ DescribeServices: [{ services: [returning], failures: [] }] });
  expect((await services.describe(ref))?.primary.returnedByEcs).toBe(true);
});
