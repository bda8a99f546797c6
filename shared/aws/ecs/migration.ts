/** The one-off task of a release: RunTask where the tasks of its service run, and how it ended. */
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  RunTaskCommand,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs';
import type { RunMigration } from '../../core/model/action.ts';
import { defined } from '../../core/model/defined.ts';
import type { TaskDefinitionArn } from '../../core/model/image.ts';
import type { ObservedTask, Question } from '../../core/model/observation.ts';
import { logStreamOf } from '../../core/release/task-definition.ts';
import { type Answer, DeferredError, type ServiceRef } from '../../ports.ts';
import type { Logs } from '../logs.ts';
import { ask, askUnlessGone, refused } from '../refusal.ts';
import type { RawDefinition } from './read.ts';

const LINES_MAX = 5;

/** `ref`: whose network, launch type and capacity providers it takes. */
export async function runMigration(
  client: ECSClient,
  { cluster, service }: ServiceRef,
  { revision, container, command, token }: RunMigration,
): Promise<Answer<string>> {
  const call = `ecs:RunTask for ${cluster}/${service}`;
  const { services = [] } = await ask(`ecs:DescribeServices of ${cluster}/${service}`, () =>
    client.send(new DescribeServicesCommand({ cluster, services: [service] })),
  );
  const [found] = services;
  if (found === undefined) {
    return { ok: false, code: 'ServiceNotFound', message: `there is no service ${service}` };
  }
  try {
    const { tasks = [], failures = [] } = await client.send(
      new RunTaskCommand({
        cluster,
        taskDefinition: revision,
        count: 1,
        clientToken: token,
        startedBy: token,
        overrides: { containerOverrides: [{ name: container, command: [...command] }] },
        ...placeOf(found),
      }),
    );
    const task = tasks[0]?.taskArn;
    if (task !== undefined) return { ok: true, value: task };
    const said = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(': '));
    throw noRoom(call, said.join('; ') || 'ECS answered with no task and no failure');
  } catch (error) {
    if (error instanceof DeferredError) throw error;
    return refused(call, error);
  }
}

/** The launch type is not sent beside capacity providers: ECS refuses both. (API_RunTask) */
function placeOf({
  networkConfiguration,
  launchType,
  platformVersion,
  capacityProviderStrategy = [],
}: Service) {
  const where = capacityProviderStrategy.length > 0 ? { capacityProviderStrategy } : { launchType };
  return defined({ ...where, networkConfiguration, platformVersion });
}

/** What ECS lists as a failure of the call began nothing. */
function noRoom(call: string, said: string): DeferredError {
  const answer = { code: 'NoTask', said, carriedOut: 'no' } as const;
  return new DeferredError(`${call}: ${said}`, answer, {});
}

export async function describeMigration(
  client: ECSClient,
  { cluster }: ServiceRef,
  { task, container, logGroup }: NonNullable<Question['migration']>,
  {
    rawDefinition,
    logs,
  }: {
    readonly rawDefinition: (of: TaskDefinitionArn) => Promise<RawDefinition | undefined>;
    readonly logs: Logs | undefined;
  },
): Promise<ObservedTask> {
  const answer = await askUnlessGone('ecs:DescribeTasks', () =>
    client.send(new DescribeTasksCommand({ cluster, tasks: [task] })),
  );
  const [found] = answer?.tasks ?? [];
  if (found === undefined) return { state: 'unknown' };
  if (found.lastStatus !== 'STOPPED') return { state: 'runs' };
  const ended = stopped(found, container);
  if (ended.exitCode === 0) return ended;
  const definition = await rawDefinition(found.taskDefinitionArn as TaskDefinitionArn);
  const stream = definition && logStreamOf(definition.definition, container, task);
  if (stream === undefined) return ended;
  const log = `${stream.group} ${stream.stream}`;
  if (logs === undefined || logGroup !== stream.group) return { ...ended, log };
  const read = await logs.lastLines(stream, LINES_MAX);
  if (read.state === 'unseen') return { ...ended, log };
  return { ...ended, log, lines: read.lines.map(({ text }) => text) };
}

function stopped(
  { stoppedReason, containers = [] }: Task,
  container: string,
): Extract<ObservedTask, { state: 'stopped' }> {
  const own = containers.find(({ name }) => name === container);
  const because = [stoppedReason, own?.reason].filter((one) => one !== undefined && one !== '');
  return defined({
    state: 'stopped' as const,
    exitCode: own?.exitCode,
    because: because.length === 0 ? undefined : because.join('; '),
  });
}
