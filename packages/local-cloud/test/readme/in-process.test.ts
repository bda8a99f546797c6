import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { advance, emptyWorld } from '@slipway/local-cloud/services.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { expect, test } from 'vitest';

const account = '123456789012';
const region = 'eu-west-1';
const minutes = 60_000;

test('ECS takes a release back whose containers crash', async () => {
  const world = emptyWorld({ now: Date.UTC(2026, 10, 21), seed: 1, account, region });
  const ecs = new ECSClient(clientSettings({ world, transport: createTransport({ world }) }));
  const register = async (tag: string, behaviour: Behaviour) => {
    pushImage(world, { repository: 'web', tag, behaviour });
    const image = `${account}.dkr.ecr.${region}.amazonaws.com/web:${tag}`;
    const container = { name: 'web', image, memory: 512 };
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions: [container] }),
    );
    return taskDefinition?.taskDefinitionArn;
  };
  await ecs.send(new CreateClusterCommand({ clusterName: 'main' }));
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'main',
      serviceName: 'web',
      taskDefinition: await register('good', {}),
      desiredCount: 2,
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    }),
  );
  advance(world, world.now + 5 * minutes);

  const bad = await register('bad', { exitCodeOnStart: 1 });
  await ecs.send(
    new UpdateServiceCommand({ cluster: 'main', service: 'web', taskDefinition: bad }),
  );
  advance(world, world.now + 30 * minutes);

  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster: 'main', services: ['web'] }),
  );
  expect(services?.[0]).toMatchObject({ runningCount: 2, deployments: [{ status: 'PRIMARY' }] });
  expect(services?.[0]?.taskDefinition).toMatch(/\/web:1$/);
});
