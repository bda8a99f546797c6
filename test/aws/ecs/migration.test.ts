/** RunTask where the tasks of the service run, with a token; and how such a task ended. */
import { ECSClient } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { readSettings, writeSettings } from '../../../shared/aws/connect/client-settings.ts';
import { readServices } from '../../../shared/aws/ecs/read.ts';
import { writeServices } from '../../../shared/aws/ecs/write.ts';
import type { LastLines, LogStream } from '../../../shared/aws/logs.ts';
import type { TaskDefinitionArn } from '../../../shared/core/model/image.ts';
import { DeferredError, TransientError } from '../../../shared/ports.ts';
import { listeningLog, lost, Trouble, type WireAnswer, wire } from '../wire.ts';

const ref = { cluster: 'production', service: 'web' };
const arn = (resource: string) => `arn:aws:ecs:eu-west-1:111122223333:${resource}`;
const TASK = arn('task/production/0a1b2c3d');
const revision = arn('task-definition/web:8') as TaskDefinitionArn;
const network = { awsvpcConfiguration: { subnets: ['subnet-1'], assignPublicIp: 'DISABLED' } };
const service = {
  serviceName: 'web',
  launchType: 'FARGATE',
  platformVersion: '1.4.0',
  networkConfiguration: network,
};
const action = {
  type: 'RunMigration',
  revision,
  container: 'app',
  command: ['npm', 'run', 'migrate'],
  token: 'ecs/production/web/2/mi8',
} as const;

function connected(
  answers: Record<string, readonly WireAnswer[]>,
  lines: LastLines = { state: 'unseen', because: 'not asked' },
) {
  const far = wire({ DescribeServices: [{ services: [service] }], ...answers });
  const read: LogStream[] = [];
  const logs = {
    lastLines: async (of: LogStream) => {
      read.push(of);
      return lines;
    },
  };
  const client = new ECSClient(readSettings(far.settings));
  const reads = readServices(client, listeningLog(), logs);
  const writes = writeServices(new ECSClient(writeSettings(far.settings)), reads.rawDefinition);
  return { far, read, services: { ...reads, ...writes } };
}

describe('one task is run', () => {
  test('with its token, by the new revision, where the tasks of the service run', async () => {
    const { services, far } = connected({ RunTask: [{ tasks: [{ taskArn: TASK }] }] });
    expect(await services.runMigration(ref, action)).toEqual({ ok: true, value: TASK });
    expect(far.bodies('RunTask')).toEqual([
      {
        cluster: 'production',
        taskDefinition: revision,
        count: 1,
        clientToken: 'ecs/production/web/2/mi8',
        startedBy: 'ecs/production/web/2/mi8',
        overrides: { containerOverrides: [{ name: 'app', command: ['npm', 'run', 'migrate'] }] },
        launchType: 'FARGATE',
        networkConfiguration: network,
        platformVersion: '1.4.0',
      },
    ]);
  });

  test('by the capacity providers of the service, and then by no launch type', async () => {
    const capacityProviderStrategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
    const { services, far } = connected({
      DescribeServices: [{ services: [{ ...service, capacityProviderStrategy }] }],
      RunTask: [{ tasks: [{ taskArn: TASK }] }],
    });
    await services.runMigration(ref, action);
    expect(far.bodies('RunTask')[0]).toMatchObject({ capacityProviderStrategy });
    expect(far.bodies('RunTask')[0]).not.toHaveProperty('launchType');
  });

  test('no room now is no refusal: nothing was begun', async () => {
    const failures = [{ reason: 'RESOURCE:MEMORY', detail: 'not enough' }];
    const { services } = connected({ RunTask: [{ tasks: [], failures }] });
    const error = await services.runMigration(ref, action).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeferredError);
    expect(error).toMatchObject({ carriedOut: 'no', said: 'RESOURCE:MEMORY: not enough' });
  });

  test('a refusal is an answer, and no answer is none', async () => {
    const denied = new Trouble(400, 'AccessDeniedException', 'not authorized');
    const refused = connected({ RunTask: [denied] });
    expect(await refused.services.runMigration(ref, action)).toMatchObject({
      ok: false,
      code: 'AccessDeniedException',
    });
    const silent = connected({ RunTask: [lost] });
    await expect(silent.services.runMigration(ref, action)).rejects.toThrow(TransientError);
  });
});

describe('how it ended', () => {
  const asked = { task: TASK, container: 'app', logGroup: '/ecs/web' };
  const ended = (container: object) => ({
    tasks: [
      {
        taskArn: TASK,
        taskDefinitionArn: revision,
        lastStatus: 'STOPPED',
        stoppedReason: 'Essential container in task exited',
        containers: [
          { name: 'log', exitCode: 0 },
          { name: 'app', ...container },
        ],
      },
    ],
  });
  const options = { 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'ecs' };
  const definition = {
    taskDefinition: {
      containerDefinitions: [{ name: 'app', logConfiguration: { logDriver: 'awslogs', options } }],
    },
  };
  const lines: LastLines = { state: 'read', lines: [{ at: 0, text: 'no table users' }] };
  const failed = { DescribeTasks: [ended({ exitCode: 3 })], DescribeTaskDefinition: [definition] };

  test('well, and nobody reads its log', async () => {
    const { services, read } = connected({ DescribeTasks: [ended({ exitCode: 0 })] }, lines);
    expect(await services.migration(ref, asked)).toMatchObject({ state: 'stopped', exitCode: 0 });
    expect(read).toEqual([]);
  });

  test('with a code, why, and its last lines', async () => {
    const { services, read } = connected(failed, lines);
    expect(await services.migration(ref, asked)).toEqual({
      state: 'stopped',
      exitCode: 3,
      because: 'Essential container in task exited',
      log: '/ecs/web ecs/app/0a1b2c3d',
      lines: ['no table users'],
    });
    expect(read).toEqual([{ group: '/ecs/web', stream: 'ecs/app/0a1b2c3d' }]);
  });

  test('only the log group that the config names is read; else it is told where it is', async () => {
    const { services, read } = connected(failed, lines);
    const seen = await services.migration(ref, { task: TASK, container: 'app' });
    expect(seen).toMatchObject({ log: '/ecs/web ecs/app/0a1b2c3d' });
    expect(seen).not.toHaveProperty('lines');
    expect(read).toEqual([]);
  });

  test('without having run it has no code', async () => {
    const reason = 'CannotPullContainerError: not found';
    const never = { ...failed, DescribeTasks: [ended({ reason })] };
    const seen = await connected(never).services.migration(ref, asked);
    expect(seen).not.toHaveProperty('exitCode');
    expect(seen).toMatchObject({ because: `Essential container in task exited; ${reason}` });
  });

  test('it runs, or ECS does not tell of it', async () => {
    const runs = { tasks: [{ taskArn: TASK, lastStatus: 'DEPROVISIONING' }] };
    expect(await connected({ DescribeTasks: [runs] }).services.migration(ref, asked)).toEqual({
      state: 'runs',
    });
    const missing = { tasks: [], failures: [{ arn: TASK, reason: 'MISSING' }] };
    expect(await connected({ DescribeTasks: [missing] }).services.migration(ref, asked)).toEqual({
      state: 'unknown',
    });
  });
});
