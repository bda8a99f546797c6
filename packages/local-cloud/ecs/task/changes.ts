/**
 * A task is launched, changed and asked to stop. What it goes through by itself is in
 * `steps.ts`.
 * The order of states: docs, task-lifecycle-explanation; times on Fargate: observed.
 */
import type { TaskStopCode } from '@aws-sdk/client-ecs';
import { schedule } from '../../kernel/timers.ts';
import type { World } from '../../kernel/world.ts';
import { emitTaskChange } from '../events.ts';
import { randomTaskId } from '../names.ts';
import { between } from '../next-look.ts';
import { serviceChanges, taskChanges } from '../read-lag.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from '../state.ts';
import { isBalanced } from './facts.ts';
import { containerWith, taskBehaviour } from './images.ts';
import { deregisterTask, targetGroupTimes } from './targets.ts';

/** `createdAt` to RUNNING on Fargate: 19.2 to 31.3 s (observed). */
export const START_MS = [19_200, 31_300] as const;
/** A stop request to the end of the containers, if they obey: 1.4 to 2.3 s (observed). */
const OBEY_MS = [1_370, 2_300] as const;
/** End of the containers to DEPROVISIONING: 10.0 s (observed three times). */
export const NOTICE_MS = 10_030;
/** docs, task_definition_parameters: what is not gone by then is killed. */
const STOP_TIMEOUT_SECONDS = 30;
const KILLED = 137;

export type Step =
  | 'pull'
  | 'pull-failed'
  | 'activate'
  | 'start'
  | 'crash'
  | 'out-of-memory'
  | 'ends'
  | 'unhealthy'
  | 'exited'
  | 'drained'
  | 'deprovision'
  | 'stopped';

/** Launches one task of a deployment. */
export function launchTask(
  world: World,
  service: ServiceRecord,
  deployment: DeploymentRecord,
): TaskRecord | undefined {
  const revision = world.ecs.revisions[deployment.id];
  if (revision === undefined) return undefined;
  const subnets = revision.settings.networkConfiguration?.awsvpcConfiguration?.subnets ?? [];
  const { startSeconds } = taskBehaviour(world, revision);
  const total =
    startSeconds === undefined ? between(world, START_MS) : Math.round(startSeconds * 1000);
  const at = (share: number) => Math.round(world.now + total * share);
  const task: TaskRecord = {
    id: randomTaskId(world),
    service: service.key,
    cluster: service.cluster,
    revision: revision.id,
    taskDefinition: revision.taskDefinition,
    createdAt: world.now,
    subnet: subnets.length === 0 ? 0 : deployment.tasks.length % subnets.length,
    version: 1,
    updatedAt: world.now,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    connectivityAt: at(0.2),
    pullStartedAt: at(0.52),
    pullStoppedAt: at(0.96),
    healthNoted: false,
    failed: false,
    startsAt: world.now + total,
  };
  delete revision.withoutTasks;
  world.ecs.tasks[task.id] = task;
  deployment.tasks.push(task.id);
  deployment.pendingCount += 1;
  emitTaskChange(world, task);
  plan(world, task, at(0.5), 'pull');
  return task;
}

/** Plans a step; it is void if the task is asked to stop before. */
export function plan(world: World, task: TaskRecord, at: number, step: Step): void {
  schedule(world, at, 'ecs.task', { task: task.id, step, stops: task.stoppingAt ?? 0 });
}

/**
 * Asks a task to stop: it leaves the counts and the load balancer at once, its containers end
 * later. A second request changes nothing (unverified).
 */
export function stopTask(
  world: World,
  task: TaskRecord,
  { stopCode, reason }: { readonly stopCode: TaskStopCode; readonly reason: string },
): void {
  if (task.desiredStatus === 'STOPPED') return;
  const service = world.ecs.services[task.service];
  const revision = world.ecs.revisions[task.revision];
  if (revision === undefined) return;
  const drains = service !== undefined && task.lastStatus === 'RUNNING' && isBalanced(revision);
  changeTask(world, task, () => {
    task.desiredStatus = 'STOPPED';
    task.stoppingAt = world.now;
    task.stopCode = stopCode;
    task.stoppedReason = reason;
    if (drains) task.lastStatus = 'DEACTIVATING';
  });
  if (service !== undefined) service.steady = false;
  if (drains) {
    deregisterTask(world, service, revision, task);
    plan(world, task, world.now + targetGroupTimes(world, revision).drainingMs, 'drained');
  } else {
    planContainersEnd(world, task);
  }
}

export function planContainersEnd(world: World, task: TaskRecord): void {
  plan(world, task, world.now + stopMs(world, task) + NOTICE_MS, 'deprovision');
}

/** How long the containers take; one that is slower than its stopTimeout is killed then. */
function stopMs(world: World, task: TaskRecord): number {
  const revision = world.ecs.revisions[task.revision];
  const { stopSeconds } = revision === undefined ? {} : taskBehaviour(world, revision);
  if (revision === undefined || stopSeconds === undefined || task.startedAt === undefined) {
    return between(world, OBEY_MS);
  }
  const slow = containerWith(world, revision, 'stopSeconds');
  const { stopTimeout = STOP_TIMEOUT_SECONDS } =
    revision.containers.find(({ name }) => name === slow) ?? {};
  if (stopSeconds > stopTimeout) {
    taskChanges(world, task);
    task.exit = { container: slow, code: KILLED };
  }
  return Math.round(Math.min(stopSeconds, stopTimeout) * 1000);
}

/** Changes a task: its version grows, its deployment's counts follow, an event tells of it. */
export function changeTask(world: World, task: TaskRecord, change: () => void): void {
  const service = world.ecs.services[task.service];
  taskChanges(world, task);
  if (service !== undefined) serviceChanges(world, service);
  const before = countedAs(task);
  change();
  const after = countedAs(task);
  task.version += 1;
  task.updatedAt = world.now;
  const deployment = service?.deployments.find(({ id }) => id === task.revision);
  if (deployment !== undefined && before !== after) {
    if (before !== undefined) deployment[before] -= 1;
    if (after !== undefined) deployment[after] += 1;
    deployment.updatedAt = world.now;
  }
  emitTaskChange(world, task);
}

/** A task leaves the counts once it is wanted STOPPED, though it still runs (observed). */
function countedAs(task: TaskRecord): 'runningCount' | 'pendingCount' | undefined {
  if (task.desiredStatus === 'STOPPED') return undefined;
  return task.lastStatus === 'RUNNING' ? 'runningCount' : 'pendingCount';
}
