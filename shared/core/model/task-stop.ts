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
  if (stopCode === 'ServiceSchedulerInitiated') return !/health check/i.test(reason ?? '');
  return NOBODYS_FAULT.includes(stopCode);
}
