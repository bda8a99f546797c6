/**
 * Room for tasks in the account's region, which may run out: a task that cannot be placed does not
 * come into being, so nothing fails and nothing is counted; the service says so and tries again.
 */
import type { World } from '../kernel/world.ts';
import { emitPlacementFailure, tell } from './events.ts';
import { serviceChanges } from './read-lag.ts';
import type { DeploymentRecord, ServiceRecord } from './state.ts';

/** How often ECS tries again is unverified. */
const RETRY_MS = 60_000;

/** There is room for so many tasks of all services; undefined: for all. Those that run stay. */
export function setCapacity(world: World, tasks: number | undefined): void {
  if (tasks === undefined) delete world.ecs.capacity;
  else world.ecs.capacity = tasks;
}

/** How many of these there is room for. */
export function placeable(world: World, many: number): number {
  const { capacity } = world.ecs;
  if (capacity === undefined) return many;
  const standing = Object.values(world.ecs.services)
    .flatMap(({ deployments }) => deployments)
    .reduce((sum, { tasks }) => sum + tasks.length, 0);
  return Math.max(0, Math.min(many, capacity - standing));
}

/** The words: docs, service-event-messages, and public logs. */
export function tellNoCapacity(
  world: World,
  service: ServiceRecord,
  deployment: DeploymentRecord,
): void {
  serviceChanges(world, service);
  deployment.retryAt = world.now + RETRY_MS;
  service.steady = false;
  tell(
    world,
    service,
    'was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
  );
  emitPlacementFailure(world, service);
}
