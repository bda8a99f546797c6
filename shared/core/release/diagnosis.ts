/**
 * Why a task stopped, in a sentence, and whether that speaks against its release.
 * Stop codes and reasons: "Stopped tasks error messages" in the ECS developer guide.
 */
import type { StoppedTask } from '../model/observation.ts';

/** Undefined: an ordinary stop (scaling, a person, spot capacity), which no release is blamed for. */
export function failureOf(task: StoppedTask): string | undefined {
  const reason = task.stoppedReason ?? '';
  switch (task.stopCode) {
    case 'UserInitiated':
    case 'SpotInterruption':
    case 'TerminationNotice':
    case 'InfrastructureHealth':
      return undefined;
    case 'ServiceSchedulerInitiated':
      return /health check/i.test(reason) ? reason : undefined;
    case 'TaskFailedToStart':
      return `the task failed to start: ${reason || containerReason(task) || 'ECS gives no reason'}`;
    case 'EssentialContainerExited':
      return exitOf(task);
    default:
      // Older answers carry no stopCode; an exit code still tells.
      return task.containers.some((container) => (container.exitCode ?? 0) !== 0)
        ? exitOf(task)
        : undefined;
  }
}

function exitOf(task: StoppedTask): string {
  const container =
    task.containers.find((one) => (one.exitCode ?? 0) !== 0 || one.reason !== undefined) ??
    task.containers[0];
  if (container === undefined) return 'an essential container exited';
  const { name, exitCode, reason } = container;
  if (/out ?of ?memory/i.test(reason ?? '')) {
    return `container "${name}" was killed for its memory (exit code ${exitCode ?? 137})`;
  }
  const meaning = exitMeaning(exitCode);
  return `container "${name}" exited with code ${exitCode ?? 'unknown'}${meaning}${reason === undefined ? '' : `: ${reason}`}`;
}

function exitMeaning(exitCode: number | undefined): string {
  if (exitCode === 0) return ' (a service task must not end)';
  if (exitCode === 137) return ' (killed: out of memory, or slower to stop than stopTimeout)';
  if (exitCode === 139) return ' (segmentation fault)';
  if (exitCode === 143) return ' (terminated)';
  return '';
}

function containerReason(task: StoppedTask): string | undefined {
  return task.containers.find((container) => container.reason !== undefined)?.reason;
}
