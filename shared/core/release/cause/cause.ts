/**
 * What made a task fail, or kept one from starting, and what a person does about it. One table for the
 * stopped tasks and the events of a service; what is read is ECS's prose, which is not promised, so what
 * the table does not know is told as ECS says it.
 * "Stopped tasks error messages", "Service event messages" in the ECS developer guide.
 */
import type { StoppedTask } from '../../model/observation.ts';
import { failedCheck } from '../../model/task-stop.ts';
import { failureOf } from './diagnosis.ts';
import { type Cause, DID_NOT_START, firstThatFits, type Row } from './start-causes.ts';

/** Of a service's event: by its name on the bus, or by its prose in DescribeServices. */
const OF_SERVICE: readonly Row[] = [
  {
    kind: 'throttled',
    when: /ECS_OPERATION_THROTTLED|SERVICE_DISCOVERY_OPERATION_THROTTLED|operations are being throttled/,
    says: 'ECS is throttled in what it does for the service',
    todo: 'it passes by itself; many services that deploy at once share the limits of the account',
  },
  {
    kind: 'role',
    when: /SERVICE_TASK_CONFIGURATION_FAILURE|unable to assume (?:the )?role/i,
    says: 'ECS may not use a role of the task definition, or finds its configuration impossible',
    todo: 'check that the roles exist and that ecs-tasks.amazonaws.com may assume them',
  },
  {
    kind: 'capacity',
    when: /RESOURCE:FARGATE|capacity is unavailable/i,
    says: 'AWS has no capacity for the tasks just now',
    todo: 'ECS tries again by itself; more subnets in other zones, or another capacity provider beside Spot, help',
  },
  {
    kind: 'placement',
    when: /SERVICE_TASK_PLACEMENT_FAILURE|SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED|unable to place a task/i,
    says: 'no instance of the cluster has room for a task, or meets its constraints',
    todo: 'add instances, or ask for less CPU, memory or ports in the task definition; look at the placement constraints',
  },
  {
    kind: 'starts-impaired',
    when: /SERVICE_TASK_START_IMPAIRED|unable to consistently start tasks/i,
    says: 'tasks keep failing, so ECS starts them more and more slowly',
    todo: 'the stopped tasks tell why: mend that first',
  },
  {
    kind: 'load-balancer-health',
    when: /VPC_LATTICE_TARGET_UNHEALTHY|SERVICE_DISCOVERY_INSTANCE_UNHEALTHY|is unhealthy in \(target-group/i,
    says: 'the load balancer calls tasks unhealthy',
    todo: 'check port, path and status of the health check against what the container answers, and the grace period against how long it takes to start',
  },
  {
    kind: 'network',
    when: /SERVICE_HEALTH_UNKNOWN/,
    says: 'ECS cannot see whether the tasks are healthy',
    todo: 'look at the health of AWS in the region; it passes by itself',
  },
];

/** Undefined: an event of a service that goes well. */
export function causeOfServiceEvent(text: string): Cause | undefined {
  return firstThatFits(OF_SERVICE, text);
}

/** Always something: at least what ECS says. */
export function causeOfTask(task: StoppedTask): Cause {
  const { stopCode, stoppedReason = '', containers } = task;
  const reasons = [stoppedReason, ...containers.map(({ reason }) => reason ?? '')].join(' ');
  switch (stopCode) {
    case 'UserInitiated':
      return {
        kind: 'stopped-by-person',
        says: 'a person or a program stopped the task (StopTask)',
        todo: 'nothing, if that was meant; CloudTrail tells who it was',
      };
    case 'SpotInterruption':
      return {
        kind: 'spot',
        says: 'Fargate Spot took the task back',
        todo: 'nothing: ECS starts another one; a share of the tasks on FARGATE keeps some that are never taken',
      };
    case 'TerminationNotice':
    case 'InfrastructureHealth':
      return {
        kind: 'maintenance',
        says: 'AWS took the task away, for maintenance or since its host failed',
        todo: 'nothing: ECS starts another one',
      };
    case 'ServiceSchedulerInitiated':
      return stoppedByScheduler(stoppedReason);
    case 'TaskFailedToStart':
      return firstThatFits(DID_NOT_START, reasons) ?? asSaid(task, 'the task did not start');
    default:
      return exitOf(task, reasons);
  }
}

function stoppedByScheduler(reason: string): Cause {
  switch (failedCheck(reason)) {
    case 'container':
      return {
        kind: 'container-health',
        says: "the container's own health check failed",
        todo: 'run its command in the container; look at startPeriod, interval and retries of the check',
      };
    case 'load-balancer':
      return {
        kind: 'load-balancer-health',
        says: "the load balancer's health check failed",
        todo: 'check port, path and status of the health check against what the container answers, and the grace period against how long it takes to start',
      };
    case undefined:
      return {
        kind: 'scaled-in',
        says: 'ECS stopped the task, since fewer are wanted or a deployment replaced it',
        todo: 'nothing: this is no failure',
      };
  }
}

function exitOf(task: StoppedTask, reasons: string): Cause {
  const { containers } = task;
  if (/out ?of ?memory/i.test(reasons)) {
    return {
      kind: 'out-of-memory',
      says: 'a container used more memory than it has, and was killed',
      todo: 'raise its memory in the task definition, or find what grows; compare with the release before',
    };
  }
  if (/exec format error/i.test(reasons)) return firstThatFits(DID_NOT_START, reasons) ?? NOT_KNOWN;
  const codes = containers.flatMap(({ exitCode }) => exitCode ?? []);
  const code =
    codes.find((one) => one !== 0 && one !== 137 && one !== 143) ??
    codes.find((one) => one !== 0) ??
    codes[0];
  switch (code) {
    case undefined:
      return asSaid(task, 'the task stopped');
    case 0:
      return {
        kind: 'exit-zero',
        says: 'a container ended by itself, without an error; a task of a service must go on running',
        todo: 'let the process stay in the foreground; a job belongs into RunTask, not into a service',
      };
    case 137:
      return {
        kind: 'killed',
        says: 'a container was killed, and ECS does not say for its memory',
        todo: 'see whether it ends within stopTimeout after SIGTERM, and whether something in it kills it',
      };
    case 139:
      return {
        kind: 'segmentation-fault',
        says: 'a container crashed with a segmentation fault',
        todo: 'look at native code and at the architecture that it was built for',
      };
    default:
      return {
        kind: 'exit-nonzero',
        says: `a container ended with exit code ${code}`,
        todo: 'its last log lines tell why',
      };
  }
}

const NOT_KNOWN: Cause = {
  kind: 'not-known',
  says: 'ECS does not say why',
  todo: 'look at the log of the container, and at CloudTrail',
};

/** What the table does not know is told word for word. */
function asSaid(task: StoppedTask, what: string): Cause {
  const why = failureOf(task)?.because;
  const said = why ?? (task.stoppedReason && `${what}: ${task.stoppedReason}`);
  return said ? { ...NOT_KNOWN, says: said } : NOT_KNOWN;
}
