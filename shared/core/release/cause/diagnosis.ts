/**
 * Why a task stopped, in a sentence, and whether that speaks against its release.
 * Stop codes and reasons: "Stopped tasks error messages" in the ECS developer guide.
 */
import { defined } from '../../model/defined.ts';
import type { ContainerName } from '../../model/image.ts';
import type { StoppedContainer, StoppedTask } from '../../model/observation.ts';
import { failedCheck, isOrdinaryStop } from '../../model/task-stop.ts';
import { quoting } from '../quote.ts';
import { DID_NOT_START, firstThatFits } from './start-causes.ts';

export interface Failure {
  readonly because: string;
  /** The container that failed, where exactly one did by itself. */
  readonly container?: ContainerName;
}

/** The registry's limits, and Fargate's capacity: the same image starts an hour later. */
const FAULT_OF_THE_WORLD =
  /toomanyrequests|rate limit|rate exceeded|throttl|capacity is unavailable/i;

/** Undefined: an ordinary stop (scaling, a person, spot capacity), which no release is blamed for. */
export function failureOf(task: StoppedTask): Failure | undefined {
  const reason = task.stoppedReason ?? '';
  if (isOrdinaryStop(task.stopCode, task.stoppedReason)) return undefined;
  switch (task.stopCode) {
    case 'ServiceSchedulerInitiated':
      return { because: stoppedFor(withShortNames(reason)) };
    case 'TaskFailedToStart':
      return startFailure(task, reason);
    case 'EssentialContainerExited':
      return exitOf(task);
    default:
      // Older answers carry no stopCode; an exit code still tells.
      return task.containers.some((container) => (container.exitCode ?? 0) !== 0)
        ? exitOf(task)
        : undefined;
  }
}

/** "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:…:targetgroup/web/0a1b)": its name tells more. */
function withShortNames(reason: string): string {
  return reason.replaceAll(/arn:[^\s)]*:targetgroup\/([^/\s)]+)\/\w+/g, '$1');
}

/** `Task failed ELB health checks in (target-group web).` */
function stoppedFor(reason: string): string {
  const which =
    failedCheck(reason) === 'container'
      ? "a container failed the task definition's health check"
      : 'it failed the health check of the load balancer';
  return quoting(which, 'ECS', reason);
}

function startFailure(task: StoppedTask, reason: string): Failure | undefined {
  const told = task.containers.filter((container) => container.reason !== undefined);
  const [first] = told;
  const why = reason || first?.reason || 'ECS gives no reason';
  const said = [why, ...told.map((one) => one.reason ?? '')];
  if (said.some((text) => FAULT_OF_THE_WORLD.test(text))) return undefined;
  const known = firstThatFits(DID_NOT_START, said.join(' '));
  return defined({
    because: known ? quoting(known.says, 'ECS', why) : `the task failed to start: ${why}`,
    container: told.length === 1 ? first?.name : undefined,
  });
}

/** ECS ends the others with SIGTERM and SIGKILL once an essential container is gone. */
const ENDED_BY_ECS: readonly (number | undefined)[] = [undefined, 0, 137, 143];

function exitOf(task: StoppedTask): Failure {
  const own = task.containers.filter(
    ({ exitCode, reason }) => isOutOfMemory(reason) || !ENDED_BY_ECS.includes(exitCode),
  );
  const container =
    own[0] ??
    task.containers.find((one) => (one.exitCode ?? 0) !== 0 || one.reason !== undefined) ??
    task.containers[0];
  if (container === undefined) return { because: 'an essential container exited' };
  const isCertain = own.length === 1 || task.containers.length === 1;
  return defined({
    because: sentenceOf(container),
    container: isCertain ? container.name : undefined,
  });
}

function sentenceOf({ name, exitCode, reason }: StoppedContainer): string {
  if (isOutOfMemory(reason)) {
    return `container "${name}" was killed for its memory (exit code ${exitCode ?? 137})`;
  }
  const meaning = exitMeaning(exitCode);
  return `container "${name}" exited with code ${exitCode ?? 'unknown'}${meaning}${reason === undefined ? '' : `: ${reason}`}`;
}

function isOutOfMemory(reason: string | undefined): boolean {
  return /out ?of ?memory/i.test(reason ?? '');
}

function exitMeaning(exitCode: number | undefined): string {
  if (exitCode === 0) return ' (a service task must not end)';
  if (exitCode === 137) return ' (killed: out of memory, or slower to stop than stopTimeout)';
  if (exitCode === 139) return ' (segmentation fault)';
  if (exitCode === 143) return ' (terminated)';
  return '';
}
