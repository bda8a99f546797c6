/**
 * What a task goes through by itself, one timer a step. What a failure means for the deployment
 * is the breaker's, what to do about it the scheduler's.
 */
import type { TaskStopCode } from '@aws-sdk/client-ecs';
import type { World } from '../../kernel/world.ts';
import { countFailure, countHealthy, releaseLaunches, throttleLaunches } from '../breaker.ts';
import { tell } from '../events.ts';
import { between, wakeAfterRunning, wakeAfterStopped } from '../next-look.ts';
import { forgetTask, serviceChanges, taskChanges } from '../read-lag.ts';
import type { RevisionRecord, ServiceRecord, TaskRecord } from '../state.ts';
import { changeTask, NOTICE_MS, plan, planContainersEnd, type Step, stopTask } from './changes.ts';
import { isBalanced, isChecked, REMEMBERED_MS } from './facts.ts';
import { containerWith, pullFailure, taskBehaviour } from './images.ts';
import { deregisterTask, registerTask, targetGroupTimes, targetsOf } from './targets.ts';

/** The last part of it, in which a load-balanced task is ACTIVATING (length unverified). */
const ACTIVATING_MS = 1_500;
/** Five attempts to pull took about 100 to 110 s in a public log: first failure after 2:34. */
const PULL_RETRIES_MS = [100_000, 110_000] as const;
/** DEPROVISIONING to STOPPED: 13.4 to 13.9 s (observed). */
const DEPROVISION_MS = [13_400, 13_900] as const;
/** Of a container's own check: from RUNNING to healthy, and to unhealthy. */
const CONTAINER_CHECK = { healthyMs: 30_000, unhealthyMs: 60_000 } as const;
/** Without any check a task counts as healthy 40 s after RUNNING (docs, deployment-type-ecs). */
const UNCHECKED_HEALTHY_AFTER_MS = 40_000;

/** Handler of the timer `ecs.task`. A step planned before a stop request is void after it. */
export function runTaskStep(world: World, data: Record<string, unknown>): void {
  const task = world.ecs.tasks[data.task as string];
  if (task === undefined || data.stops !== (task.stoppingAt ?? 0)) return;
  const service = world.ecs.services[task.service];
  const revision = world.ecs.revisions[task.revision];
  if (revision === undefined || (service === undefined && task.run === undefined)) return;
  STEPS[data.step as Step](world, { task, service, revision });
}

interface Context {
  readonly task: TaskRecord;
  /** Of a task by RunTask there is none. */
  readonly service: ServiceRecord | undefined;
  readonly revision: RevisionRecord;
}

const STEPS: Record<Step, (world: World, context: Context) => void> = {
  pull(world, { task, revision }) {
    changeTask(world, task, () => {
      task.lastStatus = 'PENDING';
    });
    if (pullFailure(world, revision) !== undefined) {
      plan(world, task, task.pullStartedAt + between(world, PULL_RETRIES_MS), 'pull-failed');
    } else if (isBalanced(revision)) {
      plan(world, task, Math.max(world.now, task.startsAt - ACTIVATING_MS), 'activate');
    } else {
      plan(world, task, task.startsAt, 'start');
    }
  },

  'pull-failed'(world, { task, service, revision }) {
    const failure = pullFailure(world, revision);
    if (failure === undefined) {
      // The image came back in the meantime.
      plan(world, task, world.now, 'start');
      return;
    }
    taskChanges(world, task);
    task.pullStoppedAt = world.now;
    task.executionStoppedAt = world.now;
    task.exit = { container: failure.container, reason: failure.reason };
    end(world, { task, service, revision }, 'TaskFailedToStart', failure.reason);
    task.failed = true;
  },

  activate(world, { task }) {
    changeTask(world, task, () => {
      task.lastStatus = 'ACTIVATING';
    });
    plan(world, task, Math.max(world.now, task.startsAt), 'start');
  },

  start(world, { task, service, revision }) {
    const behaviour = taskBehaviour(world, revision);
    if (behaviour.exitCodeOnStart !== undefined) {
      task.failed = true;
      exit(world, task, {
        container: containerWith(world, revision, 'exitCodeOnStart'),
        code: behaviour.exitCodeOnStart,
      });
      return;
    }
    changeTask(world, task, () => {
      task.lastStatus = 'RUNNING';
      task.startedAt = world.now;
      const checked = isChecked(revision);
      if (!checked) task.healthyAt = world.now + UNCHECKED_HEALTHY_AFTER_MS;
      else if (behaviour.failsHealthCheck !== true) {
        task.healthyAt = world.now + checkOf(world, revision).healthyMs;
      }
    });
    planFate(world, { task, service, revision });
    if (service === undefined) return;
    if (isBalanced(revision)) registerTask(world, service, revision, task);
    const deployment = service.deployments.find(({ id }) => id === task.revision);
    if (deployment !== undefined) releaseLaunches(deployment);
    // Without checks, to run is to be healthy for the breaker; with checks the scheduler notes it.
    if (!isChecked(revision)) countHealthy(world, service, task);
    task.healthNoted = !isChecked(revision);
    wakeAfterRunning(world, service);
  },

  crash(world, { task, revision }) {
    exit(world, task, { container: containerWith(world, revision, 'crashAfterSeconds'), code: 1 });
  },

  ends(world, { task, revision }) {
    exit(world, task, {
      container: revision.containers.find(({ essential }) => essential)?.name ?? '',
      code: fateOf(world, task, revision).exitCode ?? 0,
    });
  },

  'out-of-memory'(world, { task, revision }) {
    // Where the reason stands: docs, stopped-task-error-codes.
    exit(world, task, {
      container: containerWith(world, revision, 'oomAfterSeconds'),
      code: 137,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
    });
  },

  unhealthy(world, { task, service, revision }) {
    const [target] = targetsOf(revision);
    if (service === undefined) return;
    serviceChanges(world, service);
    if (target === undefined) {
      tell(world, service, `(task ${task.id}) failed container health checks.`);
    } else {
      tell(
        world,
        service,
        `(task ${task.id}) (port ${target.port}) is unhealthy in (target-group ${target.arn}) due to (reason Health checks failed).`,
      );
    }
    task.failed = true;
    stopTask(world, task, {
      stopCode: 'ServiceSchedulerInitiated',
      reason:
        target === undefined
          ? 'Task failed container health checks'
          : `Task failed ELB health checks in (target-group ${target.arn})`,
    });
    tell(world, service, `has stopped 1 running tasks: ${`(task ${task.id})`}.`);
  },

  exited(world, context) {
    end(world, context, 'EssentialContainerExited', 'Essential container in task exited');
  },

  drained(world, { task }) {
    changeTask(world, task, () => {
      task.lastStatus = 'STOPPING';
    });
    planContainersEnd(world, task);
  },

  deprovision(world, { task }) {
    changeTask(world, task, () => {
      task.executionStoppedAt ??= world.now - NOTICE_MS;
      task.lastStatus = 'DEPROVISIONING';
    });
    plan(world, task, world.now + between(world, DEPROVISION_MS), 'stopped');
  },

  stopped(world, { task, service }) {
    changeTask(world, task, () => {
      task.lastStatus = 'STOPPED';
      task.stoppedAt = world.now;
    });
    if (service === undefined) return;
    const deployment = service.deployments.find(({ id }) => id === task.revision);
    if (deployment !== undefined) {
      deployment.tasks.splice(deployment.tasks.indexOf(task.id), 1);
    }
    service.stopped.push(task.id);
    forgetOld(world, service);
    if (task.failed) {
      if (deployment !== undefined && task.startedAt === undefined) {
        throttleLaunches(world, service, deployment, task);
      }
      countFailure(world, service, task);
    }
    wakeAfterStopped(world, service);
  },
};

function checkOf(world: World, revision: RevisionRecord) {
  return isBalanced(revision) ? targetGroupTimes(world, revision) : CONTAINER_CHECK;
}

/** How a task by RunTask ends: by the command that it was given. */
function fateOf(world: World, { run }: TaskRecord, revision: RevisionRecord) {
  const { commands = {} } = taskBehaviour(world, revision);
  const [first] = (run?.overrides.containerOverrides ?? []).flatMap(({ command }) =>
    command ? [command] : [],
  );
  return commands[first?.join(' ') ?? ''] ?? {};
}

/** What its image does to it later. */
function planFate(world: World, { task, service, revision }: Context): void {
  const behaviour = taskBehaviour(world, revision);
  if (task.run !== undefined) {
    const { seconds = 30 } = fateOf(world, task, revision);
    plan(world, task, world.now + seconds * 1000, 'ends');
  }
  if (behaviour.crashAfterSeconds !== undefined) {
    plan(world, task, world.now + behaviour.crashAfterSeconds * 1000, 'crash');
  }
  if (behaviour.oomAfterSeconds !== undefined) {
    plan(world, task, world.now + behaviour.oomAfterSeconds * 1000, 'out-of-memory');
  }
  if (behaviour.failsHealthCheck === true && isChecked(revision)) {
    const grace = (service?.kept.healthCheckGracePeriodSeconds ?? 0) * 1000;
    const { unhealthyMs } = checkOf(world, revision);
    plan(world, task, world.now + grace + unhealthyMs, 'unhealthy');
  }
}

/** A container ended by itself; ECS notices ten seconds later. */
function exit(world: World, task: TaskRecord, how: NonNullable<TaskRecord['exit']>): void {
  if (task.executionStoppedAt !== undefined) return;
  taskChanges(world, task);
  task.executionStoppedAt = world.now;
  task.exit = how;
  plan(world, task, world.now + NOTICE_MS, 'exited');
}

/** The containers are gone: DEPROVISIONING, without a draining. */
function end(
  world: World,
  { task, service, revision }: Context,
  stopCode: TaskStopCode,
  reason: string,
): void {
  changeTask(world, task, () => {
    task.desiredStatus = 'STOPPED';
    task.lastStatus = 'DEPROVISIONING';
    task.stoppingAt = world.now;
    task.stopCode = stopCode;
    task.stoppedReason = reason;
  });
  if (service !== undefined) service.steady = false;
  if (service !== undefined && task.startedAt !== undefined && isBalanced(revision)) {
    deregisterTask(world, service, revision, task);
  }
  plan(world, task, world.now + between(world, DEPROVISION_MS), 'stopped');
}

function forgetOld(world: World, service: ServiceRecord): void {
  for (;;) {
    const oldest = service.stopped[0];
    if (oldest === undefined) return;
    const stoppedAt = world.ecs.tasks[oldest]?.stoppedAt ?? 0;
    if (stoppedAt > world.now - REMEMBERED_MS) return;
    service.stopped.shift();
    forgetTask(world, oldest);
  }
}
