/** Stops of tasks that speak against nobody, by ECS's stop code: "Stopped tasks error messages". */

/** A person, spot capacity, maintenance: no release is blamed for these. */
const NOBODYS_FAULT: readonly (string | undefined)[] = [
  'UserInitiated',
  'SpotInterruption',
  'TerminationNotice',
  'InfrastructureHealth',
];

/** Not: the task failed, or nothing is known of why it stopped. */
export function isOrdinaryStop(stopCode: string | undefined, reason: string | undefined): boolean {
  if (stopCode === 'ServiceSchedulerInitiated') return failedCheck(reason ?? '') === undefined;
  return NOBODYS_FAULT.includes(stopCode);
}

/** Whose health check a task failed that ECS's scheduler stopped; undefined: it was stopped for something else. */
export function failedCheck(reason: string): 'container' | 'load-balancer' | undefined {
  if (/container health check/i.test(reason)) return 'container';
  return /health check/i.test(reason) ? 'load-balancer' : undefined;
}
