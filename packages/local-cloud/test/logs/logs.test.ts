import {
  CloudWatchLogsClient,
  GetLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { beforeEach, expect, it } from 'vitest';
import { pushImage } from '../../ecr/images.ts';
import { addRepository } from '../../ecr/state.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld, execute } from '../../services.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createTransport } from '../../wire/transport.ts';

const START = Date.UTC(2026, 10, 21, 10, 0, 0);
let world: World;
let client: CloudWatchLogsClient;

beforeEach(() => {
  world = emptyWorld({ now: START, seed: 5, account: '123456789012', region: 'eu-west-1' });
  client = new CloudWatchLogsClient(
    clientSettings({ world, transport: createTransport({ world }) }),
  );
  addRepository(world, 'web');
  const digest = pushImage(world, {
    repository: 'web',
    tag: '1',
    behaviour: { exitCodeOnStart: 3 },
  });
  execute(world, 'ecs', 'CreateCluster', { clusterName: 'c' });
  execute(world, 'ecs', 'RegisterTaskDefinition', {
    family: 'web',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    containerDefinitions: [
      {
        name: 'app',
        image: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web@${digest}`,
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/ecs/web',
            'awslogs-region': 'eu-west-1',
            'awslogs-stream-prefix': 'ecs',
          },
        },
      },
    ],
  });
  execute(world, 'ecs', 'CreateService', {
    cluster: 'c',
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'] } },
  });
  advance(world, START + 120_000);
});

const read = (task: string, more: object = {}) =>
  client.send(
    new GetLogEventsCommand({
      logGroupName: '/ecs/web',
      logStreamName: `ecs/app/${task}`,
      ...more,
    }),
  );

it('a container that exits says so in its last line, under its own stream', async () => {
  const [task] = Object.values(world.ecs.tasks).filter(({ exit }) => exit !== undefined);
  const { events = [] } = await read(task?.id ?? '');
  expect(events.map(({ message }) => message)).toEqual([
    'starting',
    'Error: cannot go on, exiting with code 3',
  ]);
  const { events: last = [] } = await read(task?.id ?? '', { limit: 1 });
  expect(last.map(({ message }) => message)).toEqual(['Error: cannot go on, exiting with code 3']);
});

it('a stream that no container wrote is not there', async () => {
  await expect(read('0123456789abcdef0123456789abcdef')).rejects.toThrow(ResourceNotFoundException);
});
