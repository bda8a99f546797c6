import { ECSClient } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { readSettings, writeSettings } from '../../../shared/aws/connect/client-settings.ts';
import { readServices } from '../../../shared/aws/ecs/read.ts';
import { writeServices } from '../../../shared/aws/ecs/write.ts';
import type { Image, ImageDigest, TaskDefinitionArn } from '../../../shared/core/model/image.ts';
import { DeferredError, TransientError } from '../../../shared/ports.ts';
import { broken, listeningLog, lost, Trouble, throttled, type WireAnswer, wire } from '../wire.ts';

const ref = { cluster: 'production', service: 'web' };
const revision = (n: number) =>
  `arn:aws:ecs:eu-west-1:111122223333:task-definition/web:${n}` as TaskDefinitionArn;
const app: Image = {
  registry: '111122223333.dkr.ecr.eu-west-1.amazonaws.com',
  repository: 'shop/web',
  digest: `sha256:${'b'.repeat(64)}` as ImageDigest,
  tags: [],
};

const described = {
  taskDefinition: {
    taskDefinitionArn: revision(7),
    family: 'web',
    revision: 7,
    status: 'ACTIVE',
    registeredAt: 1_789_551_603.508,
    compatibilities: ['FARGATE'],
    newIn2030: { kept: [1, { too: null }] },
    containerDefinitions: [
      { name: 'app', image: 'shop/web:latest', portMappings: [{ containerPort: 80, new: true }] },
      { name: 'log', image: 'fluent/bit:3', newKnob: 0.25 },
    ],
  },
  tags: [
    { key: 'team', value: 'shop' },
    { key: 'aws:ecs:something', value: 'x' },
  ],
};
const registered = { taskDefinition: { taskDefinitionArn: revision(8) } };

function connected(answers: Record<string, readonly WireAnswer[]>) {
  const far = wire({ DescribeTaskDefinition: [described], ...answers });
  const reads = readServices(new ECSClient(readSettings(far.settings)), listeningLog());
  const writes = writeServices(new ECSClient(writeSettings(far.settings)), reads.rawDefinition);
  return { far, services: { ...reads, ...writes } };
}

const register = (services: ReturnType<typeof connected>['services']) =>
  services.registerRevision(revision(7), { app }, { 'slipway:release': 'ecs/production/web/2' });

const start = (services: ReturnType<typeof connected>['services']) =>
  services.startRollout(ref, {
    type: 'StartRollout',
    revision: revision(8),
    requestedAt: 0,
    deploymentConfiguration: {
      maximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: false, newIn2030: 'kept' },
      alsoNew: [{ kept: true }],
    },
  });

test('a new revision differs in the image and our tags; what the SDK does not know goes through', async () => {
  const { services, far } = connected({ RegisterTaskDefinition: [registered] });
  expect(await register(services)).toEqual({ ok: true, value: revision(8) });
  expect(far.bodies('RegisterTaskDefinition')).toEqual([
    {
      family: 'web',
      newIn2030: { kept: [1, { too: null }] },
      containerDefinitions: [
        {
          name: 'app',
          image: `${app.registry}/shop/web@${app.digest}`,
          portMappings: [{ containerPort: 80, new: true }],
        },
        { name: 'log', image: 'fluent/bit:3', newKnob: 0.25 },
      ],
      tags: [
        { key: 'team', value: 'shop' },
        { key: 'slipway:release', value: 'ecs/production/web/2' },
      ],
    },
  ]);
});

test('from a look to a rollout the definition is described once', async () => {
  const { services, far } = connected({
    RegisterTaskDefinition: [registered],
    UpdateService: [{}],
  });
  await services.definition(revision(7));
  await register(services);
  await start(services);
  expect(far.operations()).toEqual([
    'DescribeTaskDefinition',
    'RegisterTaskDefinition',
    'UpdateService',
  ]);
});

test('a container that does not exist is refused with the names that there are', async () => {
  const { services, far } = connected({});
  expect(await services.registerRevision(revision(7), { web: app }, {})).toEqual({
    ok: false,
    code: 'ContainerNotFound',
    message: `The task definition ${revision(7)} has no container "web"; it has "app", "log". Nothing was registered.`,
  });
  expect(far.operations()).toEqual(['DescribeTaskDefinition']);
});

test('if nothing would change the base is the revision, and nothing is registered', async () => {
  const image = `${app.registry}/shop/web@${app.digest}`;
  const definition = { family: 'web', containerDefinitions: [{ name: 'app', image }] };
  const { services, far } = connected({ DescribeTaskDefinition: [{ taskDefinition: definition }] });
  expect(await register(services)).toEqual({ ok: true, value: revision(7) });
  expect(far.operations()).toEqual(['DescribeTaskDefinition']);
});

test('a rollout is asked with the service, the revision, the configuration, and nothing else', async () => {
  const { services, far } = connected({ UpdateService: [{ service: {} }] });
  expect(await start(services)).toEqual({ ok: true, value: undefined });
  expect(far.bodies('UpdateService')).toEqual([
    {
      cluster: 'production',
      service: 'web',
      taskDefinition: revision(8),
      deploymentConfiguration: {
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: false, newIn2030: 'kept' },
        alsoNew: [{ kept: true }],
      },
    },
  ]);
});

test('a rollout is stopped by a rollback', async () => {
  const { services, far } = connected({ StopServiceDeployment: [{}] });
  expect(await services.stopRollout('arn:x')).toEqual({ ok: true, value: undefined });
  expect(far.bodies('StopServiceDeployment')).toEqual([
    { serviceDeploymentArn: 'arn:x', stopType: 'ROLLBACK' },
  ]);
});

const writes = [
  ['RegisterTaskDefinition', register, registered],
  ['UpdateService', start, {}],
  [
    'StopServiceDeployment',
    (services: ReturnType<typeof connected>['services']) => services.stopRollout('arn:x'),
    {},
  ],
] as const;

test.each(writes)('%s is repeated when it was throttled', async (operation, write, answer) => {
  const { services, far } = connected({ [operation]: [throttled, throttled, answer] });
  expect(await write(services)).toMatchObject({ ok: true });
  expect(far.bodies(operation)).toHaveLength(3);
});

test.each(
  writes.flatMap(([operation, write]) =>
    [broken, new Trouble(503, 'ServiceUnavailable'), lost].map(
      (t) => [operation, t, write] as const,
    ),
  ),
)('%s is not repeated after %o: it may have had its effect', async (operation, trouble, write) => {
  const { services, far } = connected({ [operation]: [trouble, {}] });
  const error = await write(services).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(TransientError);
  expect(error).toMatchObject({ message: expect.stringContaining(`ecs:${operation}`) });
  expect((error as Error).cause).toBeInstanceOf(Error);
  expect(far.bodies(operation)).toHaveLength(1);
});

test.each(writes)('%s that stays throttled is a world that is ill', async (operation, write) => {
  const { services } = connected({ [operation]: [throttled] });
  await expect(write(services)).rejects.toBeInstanceOf(TransientError);
});

test.each([
  ['a throttle did nothing', throttled, 'no'],
  ['a 5xx may have done it', broken, 'unknown'],
] as const)('%s: an answer, and no lost one', async (_, trouble, carriedOut) => {
  const { services } = connected({ UpdateService: [trouble] });
  const error = await start(services).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DeferredError);
  expect(error).toMatchObject({ carriedOut });
});

test('no answer at all is a lost one', async () => {
  const { services } = connected({ UpdateService: [lost] });
  const error = await start(services).catch((e: unknown) => e);
  expect(error).not.toBeInstanceOf(DeferredError);
});

test('families that are registered at once are told so by a ClientException, which passes', async () => {
  const message = 'Too many concurrent attempts to create a new revision of the specified family.';
  const { services } = connected({
    RegisterTaskDefinition: [new Trouble(400, 'ClientException', message)],
  });
  await expect(register(services)).rejects.toBeInstanceOf(TransientError);
});

test.each([
  'ClientException',
  'InvalidParameterException',
  'ServiceNotFoundException',
  'ServiceNotActiveException',
  'ClusterNotFoundException',
  'AccessDeniedException',
  'UnsupportedFeatureException',
  'PlatformTaskDefinitionIncompatibilityException',
  'ConflictException',
  'ServiceDeploymentNotFoundException',
])('%s would be said again, so it is an answer', async (code) => {
  const { services, far } = connected({ UpdateService: [new Trouble(400, code, 'because')] });
  expect(await start(services)).toEqual({ ok: false, code, message: 'because' });
  expect(far.calls).toHaveLength(1);
});

test('credentials that ran out say nothing about the call', async () => {
  const { services } = connected({ UpdateService: [new Trouble(400, 'ExpiredTokenException')] });
  await expect(start(services)).rejects.toBeInstanceOf(TransientError);
});
