/** The reads of tasks, and StopTask. */
import type {
  Container,
  DescribeTasksCommandInput,
  Failure,
  ListTasksCommandInput,
  StopTaskCommandInput,
  TaskOverride,
  Task as TaskView,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import { availabilityZone, isConnected } from '../events.ts';
import {
  arn,
  clusterArn,
  clusterNamed,
  findService,
  lastPart,
  paginate,
  refuseBadCount,
  taskArn,
} from '../names.ts';
import { wakeAfterChange } from '../next-look.ts';
import { readMoment, serviceAt, taskAt } from '../read-lag.ts';
import type { RevisionRecord, ServiceRecord, TaskRecord } from '../state.ts';
import { stopTask } from './changes.ts';
import { containerOverrides, containerViews, eniDetails, startedBy } from './containers.ts';
import { isChecked, REMEMBERED_MS } from './facts.ts';

/** API reference, DescribeTasks and ListTasks. */
const DESCRIBED_MOST = 100;
const LISTED = { size: 100, most: 100 };

/**
 * Newest first (unverified). By service only the tasks of its PRIMARY and ACTIVE deployments are
 * listed (observed: the stopped tasks of a deployment that is gone are not).
 */
export function ListTasks(world: World, input: ListTasksCommandInput) {
  const cluster = clusterNamed(world, input.cluster);
  const wanted = input.desiredStatus ?? 'RUNNING';
  const moment = readMoment(world);
  const named =
    input.serviceName === undefined ? undefined : findService(world, cluster, input.serviceName);
  if (input.serviceName !== undefined && serviceAt(world, named, moment) === undefined) {
    throw new AwsError('ServiceNotFoundException', 'Service not found.');
  }
  const services =
    named === undefined
      ? cluster.services.flatMap((key) => world.ecs.services[key] ?? [])
      : [named];
  const tasks: TaskRecord[] = [];
  for (const service of services) {
    const standing = new Set(service.deployments.map(({ id }) => id));
    for (const id of taskIds(service)) {
      const task = remembered(world, id, moment);
      if (task === undefined || task.desiredStatus !== wanted) continue;
      if (named !== undefined && !standing.has(task.revision)) continue;
      if (input.startedBy !== undefined && input.startedBy !== `ecs-svc/${task.revision}`) continue;
      if (input.family !== undefined && familyOf(task) !== input.family) continue;
      tasks.push(task);
    }
  }
  if (named === undefined) tasks.push(...listedRuns(world, input, moment));
  tasks.sort((a, b) => b.createdAt - a.createdAt);
  const { page, nextToken } = paginate(tasks, input, LISTED);
  return {
    taskArns: page.map((task) => taskArn(world, task)),
    ...(nextToken !== undefined && { nextToken }),
  };
}

/** Of nobody's service; `startedBy` is what RunTask was told. */
function listedRuns(
  world: World,
  { cluster, desiredStatus = 'RUNNING', startedBy: by, family }: ListTasksCommandInput,
  moment: number,
): TaskRecord[] {
  const { name } = clusterNamed(world, cluster);
  return (world.ecs.runs ?? []).flatMap((id) => {
    const task = remembered(world, id, moment);
    if (task?.cluster !== name || task.desiredStatus !== desiredStatus) return [];
    if (by !== undefined && task.run?.startedBy !== by) return [];
    return family !== undefined && familyOf(task) !== family ? [] : [task];
  });
}

/** The task, unless it stopped too long ago: it may not have been cleared away yet. */
function remembered(world: World, id: string, moment: number): TaskRecord | undefined {
  const task = taskAt(world, world.ecs.tasks[id], moment);
  const tooOld = task?.stoppedAt !== undefined && task.stoppedAt <= world.now - REMEMBERED_MS;
  return tooOld ? undefined : task;
}

function taskIds(service: ServiceRecord): string[] {
  return [...service.stopped, ...service.deployments.flatMap(({ tasks }) => tasks)];
}

function familyOf({ taskDefinition }: TaskRecord): string {
  return lastPart(taskDefinition).split(':')[0] ?? '';
}

export function DescribeTasks(world: World, input: DescribeTasksCommandInput) {
  const cluster = clusterNamed(world, input.cluster);
  const names = input.tasks ?? [];
  refuseBadCount('Task', names, DESCRIBED_MOST);
  const moment = readMoment(world);
  const tasks: TaskView[] = [];
  const failures: Failure[] = [];
  for (const name of names) {
    const id = lastPart(name);
    const task = remembered(world, id, moment);
    if (task === undefined || task.cluster !== cluster.name) {
      failures.push({ arn: arn(world, 'task', `${cluster.name}/${id}`), reason: 'MISSING' });
    } else {
      tasks.push(viewTask(world, task, { withHealth: true }));
    }
  }
  return { tasks, failures };
}

/** A person stops a task; the scheduler replaces it. */
export function StopTask(world: World, input: StopTaskCommandInput) {
  const cluster = clusterNamed(world, input.cluster);
  const task = world.ecs.tasks[lastPart(input.task ?? '')];
  if (task === undefined || task.cluster !== cluster.name) {
    throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
  }
  // The reason as given (observed); the default is ECS's own (docs, stopped-task-error-codes).
  stopTask(world, task, {
    stopCode: 'UserInitiated',
    reason: input.reason ?? 'Task stopped by user',
  });
  const service = world.ecs.services[task.service];
  if (service !== undefined) wakeAfterChange(world, service);
  // The answer lacks the health (observed).
  return { task: viewTask(world, task, { withHealth: false }) };
}

export function viewTask(
  world: World,
  task: TaskRecord,
  { withHealth }: { readonly withHealth: boolean },
): TaskView {
  const revision = world.ecs.revisions[task.revision];
  const service = world.ecs.services[task.service];
  if (revision === undefined || (service === undefined && task.run === undefined)) {
    return { taskArn: taskArn(world, task) };
  }
  const eni = eniDetails(task, revision);
  const connected = isConnected(task);
  const health = withHealth ? { healthStatus: healthStatus(world, task, revision) } : {};
  return {
    // The API says ElasticNetworkInterface where events say eni (observed).
    attachments:
      eni === undefined
        ? []
        : [
            {
              id: eni.id,
              type: 'ElasticNetworkInterface',
              status: eni.apiStatus,
              details: eni.details,
            },
          ],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: availabilityZone(world, task),
    clusterArn: clusterArn(world, task.cluster),
    ...(connected && {
      connectivity: 'CONNECTED' as const,
      connectivityAt: new Date(task.connectivityAt),
      pullStartedAt: new Date(task.pullStartedAt),
      pullStoppedAt: new Date(task.pullStoppedAt),
    }),
    containers: containerViews(world, task, revision).map(
      (container): Container => ({
        ...container,
        ...(task.startedAt !== undefined && { networkBindings: [] }),
        ...health,
      }),
    ),
    cpu: revision.cpu,
    createdAt: new Date(task.createdAt),
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: service?.kept.enableExecuteCommand ?? false,
    ...dated('executionStoppedAt', task.executionStoppedAt),
    group: task.run?.group ?? `service:${service?.name}`,
    ...health,
    lastStatus: task.lastStatus,
    launchType: revision.settings.launchType ?? 'FARGATE',
    memory: revision.memory,
    overrides: viewOverrides(task, revision),
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    ...dated('startedAt', task.startedAt),
    ...startedBy(task),
    ...(task.stopCode !== undefined && { stopCode: task.stopCode }),
    ...dated('stoppedAt', task.stoppedAt),
    ...(task.stoppedReason !== undefined && { stoppedReason: task.stoppedReason }),
    ...dated('stoppingAt', task.stoppingAt),
    tags: [],
    taskArn: taskArn(world, task),
    taskDefinitionArn: task.taskDefinition,
    version: task.version,
    ephemeralStorage: { sizeInGiB: 20 },
    fargateEphemeralStorage: { sizeInGiB: 20 },
  };
}

function viewOverrides(task: TaskRecord, revision: RevisionRecord): TaskOverride {
  return {
    ...task.run?.overrides,
    containerOverrides: containerOverrides(task, revision),
    inferenceAcceleratorOverrides: [],
  };
}

function dated<K extends string>(key: K, at: number | undefined): { [P in K]?: Date } {
  return at === undefined ? {} : ({ [key]: new Date(at) } as { [P in K]?: Date });
}

/** Of the container's own check; without one, and before its first result, UNKNOWN. */
function healthStatus(
  world: World,
  task: TaskRecord,
  revision: RevisionRecord,
): 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' {
  const checks = revision.containers.some(({ checksHealth }) => checksHealth);
  if (!checks || !isChecked(revision) || task.startedAt === undefined) return 'UNKNOWN';
  if (task.healthyAt !== undefined && task.healthyAt <= world.now) return 'HEALTHY';
  return task.failed ? 'UNHEALTHY' : 'UNKNOWN';
}
