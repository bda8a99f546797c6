/**
 * The deployment circuit breaker counts, and the throttle of tasks that fail to start. What a
 * tripped breaker leads to is in `rollout.ts`.
 */
import type { ThresholdConfiguration } from '@aws-sdk/client-ecs';
import type { World } from '../kernel/world.ts';
import { emitServiceAction } from './events.ts';
import { wake } from './next-look.ts';
import { serviceChanges, serviceDeploymentChanges } from './read-lag.ts';
import type {
  DeploymentRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskRecord,
} from './state.ts';

export const DEFAULT_THRESHOLD = { type: 'BOUNDED_PERCENT', value: 50 } as const;
const BOUNDED_LEAST = 3;
const BOUNDED_MOST = 200;
/** A failure that was one too many is noticed about eight seconds after STOPPED: in a public log
 * a fourth task was started before the breaker tripped on the third failure. */
const NOTICE_MS = 8_000;

/** Failed launches in a row before ECS slows down: three went through unslowed in a public log. */
const FREE_FAILURES = 3;
const FIRST_DELAY_MS = 30_000;
/** docs, service-throttle-logic: up to 27 minutes. The growth before is unverified. */
const MOST_DELAY_MS = 27 * 60_000;

/**
 * How many failures trip the breaker (API reference, ThresholdConfiguration): a percentage of the
 * latest desired count, rounded up; BOUNDED_PERCENT kept within 3 and 200; COUNT as it stands.
 * 50 %: 1 -> 3, 25 -> 13, 400 -> 200.
 */
export function breakerThreshold(
  threshold: ThresholdConfiguration | undefined,
  desiredCount: number,
): number {
  const { type, value = DEFAULT_THRESHOLD.value } = threshold ?? DEFAULT_THRESHOLD;
  if (type === 'COUNT') return value;
  const share = Math.ceil((value * desiredCount) / 100);
  if (type === 'UNBOUNDED_PERCENT') return share;
  return Math.min(BOUNDED_MOST, Math.max(BOUNDED_LEAST, share));
}

/** The service deployment that brings the PRIMARY deployment and still watches over it. */
function watching(world: World, service: ServiceRecord): ServiceDeploymentRecord | undefined {
  const id = service.open.at(-1);
  return id === undefined ? undefined : world.ecs.serviceDeployments[id];
}

/**
 * A task failed to start or failed its health checks. One that reached RUNNING and then crashed
 * is not counted (docs, deployment-circuit-breaker: "limping" deployments never trip).
 */
export function countFailure(world: World, service: ServiceRecord, task: TaskRecord): void {
  const primary = service.deployments[0];
  if (primary === undefined || primary.id !== task.revision) return;
  serviceChanges(world, service);
  primary.failedTasks += 1;
  const record = watching(world, service);
  const breaker = record?.deploymentConfiguration.deploymentCircuitBreaker;
  if (record === undefined || breaker?.enable !== true || !isCounting(record)) return;
  serviceDeploymentChanges(world, record);
  const rollsBack = record.status === 'ROLLBACK_IN_PROGRESS';
  const count = rollsBack ? ++record.rollbackFailures : ++record.breaker.failureCount;
  const threshold = breakerThreshold(breaker.thresholdConfiguration, service.desiredCount);
  if (count < threshold || record.tripsAt !== undefined) return;
  record.tripsAt = world.now + NOTICE_MS;
  wake(world, service, record.tripsAt);
}

function isCounting({ status }: ServiceDeploymentRecord): boolean {
  return status === 'IN_PROGRESS' || status === 'ROLLBACK_IN_PROGRESS';
}

/** A task of the PRIMARY deployment became healthy: what failed before is forgotten. */
export function countHealthy(world: World, service: ServiceRecord, task: TaskRecord): void {
  const primary = service.deployments[0];
  if (primary === undefined || primary.id !== task.revision) return;
  if (primary.failedTasks > 0) {
    serviceChanges(world, service);
    primary.failedTasks = 0;
  }
  const record = watching(world, service);
  if (record === undefined || !isCounting(record)) return;
  const breaker = record.deploymentConfiguration.deploymentCircuitBreaker;
  if (breaker?.resetOnHealthyTask === false) return;
  const rollsBack = record.status === 'ROLLBACK_IN_PROGRESS';
  if ((rollsBack ? record.rollbackFailures : record.breaker.failureCount) === 0) return;
  serviceDeploymentChanges(world, record);
  if (rollsBack) record.rollbackFailures = 0;
  else record.breaker.failureCount = 0;
  delete record.tripsAt;
}

/** Slows down the launches of a deployment whose tasks do not start. */
export function throttleLaunches(
  world: World,
  service: ServiceRecord,
  deployment: DeploymentRecord,
  task: TaskRecord,
): void {
  // Tasks launched together fail together: one failed launch.
  if (deployment.lastFailedLaunchAt === task.createdAt) return;
  deployment.lastFailedLaunchAt = task.createdAt;
  deployment.failedLaunches += 1;
  const excess = deployment.failedLaunches - FREE_FAILURES;
  if (excess <= 0) return;
  deployment.retryAt = world.now + Math.min(MOST_DELAY_MS, FIRST_DELAY_MS * 2 ** (excess - 1));
  emitServiceAction(world, service, 'WARN', 'SERVICE_TASK_START_IMPAIRED');
}

/** A task reached RUNNING: launches are not slowed any more. */
export function releaseLaunches(deployment: DeploymentRecord): void {
  deployment.failedLaunches = 0;
  delete deployment.retryAt;
}
