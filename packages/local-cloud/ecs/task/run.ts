/**
 * RunTask: tasks of nobody's service, which end by themselves (a migration). They go through the states
 * that other tasks go through; how long they run and with what they exit is said of their image, by the
 * command that they are given.
 */
import type { ContainerOverride, RunTaskCommandInput } from '@aws-sdk/client-ecs';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import { emitTaskChange } from '../events.ts';
import { clusterNamed, randomDeploymentNumber, randomTaskId, taskDefinitionArn } from '../names.ts';
import { between } from '../next-look.ts';
import { usableTaskDefinition } from '../service/checks.ts';
import { refuseBadLaunch, refuseMisfit } from '../service/task-definition-fit.ts';
import type { RevisionRecord, Settings, TaskDefinitionRecord, TaskRecord } from '../state.ts';
import { plan, START_MS } from './changes.ts';
import { REMEMBERED_MS } from './facts.ts';
import { resolveContainers } from './images.ts';
import { viewTask } from './views.ts';

/** API reference, RunTask. */
const COUNT_MOST = 10;

export function RunTask(world: World, input: RunTaskCommandInput) {
  const cluster = clusterNamed(world, input.cluster);
  const definition = usableTaskDefinition(world, input.taskDefinition);
  const count = input.count ?? 1;
  if (count < 1 || count > COUNT_MOST) {
    throw new AwsError('InvalidParameterException', `count should be between 1 and ${COUNT_MOST}`);
  }
  const { launchType, networkConfiguration, clientToken } = input;
  refuseMisfit({ networkConfiguration }, definition);
  refuseBadLaunch({ serviceName: '', ...(launchType && { launchType }) }, definition);
  refuseStrangeOverrides(definition, input.overrides?.containerOverrides ?? []);
  forgetOldRuns(world);
  const before = clientToken === undefined ? [] : runsBy(world, clientToken);
  const tasks =
    before.length > 0
      ? before
      : Array.from({ length: count }, () => runOne(world, cluster.name, definition, input));
  return { tasks: tasks.map((task) => viewTask(world, task, { withHealth: false })), failures: [] };
}

/** Public logs. */
function refuseStrangeOverrides(
  { registered }: TaskDefinitionRecord,
  overrides: readonly ContainerOverride[],
): void {
  for (const { name } of overrides) {
    if (registered.containerDefinitions.some((container) => container.name === name)) continue;
    throw new AwsError(
      'InvalidParameterException',
      `Override for container named ${name} is not a container in the TaskDefinition.`,
    );
  }
}

/** The same token asks for the same tasks (docs, ECS_Idempotency). */
function runsBy(world: World, token: string): TaskRecord[] {
  return (world.ecs.runs ?? [])
    .flatMap((id) => world.ecs.tasks[id] ?? [])
    .filter(({ run }) => run?.token === token);
}

function runOne(
  world: World,
  cluster: string,
  definition: TaskDefinitionRecord,
  input: RunTaskCommandInput,
): TaskRecord {
  const revision = revisionFor(world, definition, input);
  const total = between(world, START_MS);
  const at = (share: number) => Math.round(world.now + total * share);
  const { startedBy, clientToken: token, overrides = {} } = input;
  const task: TaskRecord = {
    id: randomTaskId(world),
    service: '',
    cluster,
    revision: revision.id,
    taskDefinition: revision.taskDefinition,
    createdAt: world.now,
    subnet: 0,
    version: 1,
    updatedAt: world.now,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    connectivityAt: at(0.2),
    pullStartedAt: at(0.52),
    pullStoppedAt: at(0.96),
    healthNoted: true,
    failed: false,
    startsAt: world.now + total,
    run: {
      group: input.group ?? `family:${definition.family}`,
      overrides: structuredClone(overrides),
      ...(startedBy !== undefined && { startedBy }),
      ...(token !== undefined && { token }),
    },
  };
  world.ecs.tasks[task.id] = task;
  world.ecs.runs = [...(world.ecs.runs ?? []), task.id];
  emitTaskChange(world, task);
  plan(world, task, at(0.5), 'pull');
  return task;
}

/** What the task runs; no service has it, so nobody can ask for it. */
function revisionFor(
  world: World,
  definition: TaskDefinitionRecord,
  { launchType = 'FARGATE', networkConfiguration, overrides }: RunTaskCommandInput,
): RevisionRecord {
  const settings: Settings = {
    launchType,
    ...(networkConfiguration !== undefined && { networkConfiguration }),
  };
  const { cpu, memory } = definition.registered;
  const revision: RevisionRecord = {
    id: randomDeploymentNumber(world),
    service: '',
    createdAt: world.now,
    taskDefinition: taskDefinitionArn(world, definition),
    settings,
    containers: resolveContainers(world, definition),
    cpu: overrides?.cpu ?? cpu ?? '0',
    memory: overrides?.memory ?? memory ?? '0',
  };
  world.ecs.revisions[revision.id] = revision;
  return revision;
}

function forgetOldRuns(world: World): void {
  const isOld = (id: string) =>
    (world.ecs.tasks[id]?.stoppedAt ?? world.now) <= world.now - REMEMBERED_MS;
  for (const id of (world.ecs.runs ?? []).filter(isOld)) {
    delete world.ecs.revisions[world.ecs.tasks[id]?.revision ?? ''];
    delete world.ecs.tasks[id];
  }
  world.ecs.runs = (world.ecs.runs ?? []).filter((id) => world.ecs.tasks[id] !== undefined);
}
