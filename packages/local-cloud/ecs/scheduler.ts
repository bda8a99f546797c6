/**
 * The service scheduler: one look at one service. It takes up service deployments, launches and
 * stops tasks within the percents, notes health, and says when a deployment is complete and when
 * the service is steady. It looks only when something woke it (`next-look.ts`).
 */
import type { World } from '../kernel/world.ts';
import { countHealthy } from './breaker.ts';
import { emitDeploymentEvent, emitServiceAction, tell } from './events.ts';
import { settleLater, wake } from './next-look.ts';
import { serviceChanges, serviceDeploymentChanges } from './read-lag.ts';
import { bakeMs, fail, finish, takeUp } from './rollout.ts';
import { beginShift, shiftsTraffic } from './shift/begin.ts';
import { adjustShifting } from './shift/placement.ts';
import { advanceShift, openShift, refuseNetwork } from './shift/stages.ts';
import type { DeploymentRecord, ServiceDeploymentRecord, ServiceRecord } from './state.ts';
import { isChecked, isHealthy, wantedTasks } from './task/facts.ts';
import { adjustTasks } from './task/placement.ts';

/** A task's health is seen this long after it began. */
const HEALTH_SEEN_MS = 1_000;

/** Handler of the timer `ecs.pass`. */
export function runPass(world: World, data: Record<string, unknown>): void {
  const service = world.ecs.services[data.service as string];
  if (service === undefined || service.passAt !== data.at) return;
  serviceChanges(world, service);
  delete service.passAt;
  if (service.status === 'INACTIVE') return;
  noteHealth(world, service);
  moveOn(world, service);
  placeTasks(world, service);
  completeServiceDeployment(world, service);
  advanceShift(world, service);
  forgetShifted(world, service);
  if (service.settleAt !== undefined && service.settleAt <= world.now) settle(world, service);
  planNext(world, service);
}

function noteHealth(world: World, service: ServiceRecord): void {
  for (const deployment of service.deployments) {
    for (const task of wantedTasks(world, deployment)) {
      if (task.healthNoted || !isHealthy(task, world.now)) continue;
      task.healthNoted = true;
      countHealthy(world, service, task);
    }
  }
}

/** Takes the service deployments that have not ended one state further. */
function moveOn(world: World, service: ServiceRecord): void {
  for (const id of service.open) {
    const record = world.ecs.serviceDeployments[id];
    if (record === undefined) continue;
    if (record.status === 'STOP_REQUESTED') {
      record.statusReason ??= 'Service deployment stopped because a newer one superseded it.';
      finish(world, record, 'STOPPED');
    } else if (record.status === 'PENDING') {
      takeUp(world, record);
      if (shiftsTraffic(record)) begin(world, service, record);
    } else if (record.tripsAt !== undefined && record.tripsAt <= world.now) {
      fail(world, service, record, 'breaker');
    } else if (record.status === 'ROLLBACK_REQUESTED') {
      rollBackAsRequested(world, service, record);
    }
  }
}

/** Wrong groups and rules are found now, and not at the call (docs, troubleshooting-blue-green). */
function begin(world: World, service: ServiceRecord, record: ServiceDeploymentRecord): void {
  const wrong = beginShift(world, service, record);
  if (wrong !== undefined) refuseNetwork(world, service, record, wrong);
}

function placeTasks(world: World, service: ServiceRecord): void {
  const shifting = openShift(world, service);
  const last = world.ecs.serviceDeployments[service.history.at(-1) ?? ''];
  if (shifting !== undefined) adjustShifting(world, service, shifting);
  // Stopped in the middle of a shift: both revisions stay as they are (unverified).
  else if (last?.shift === undefined || service.deployments[0]?.halted !== true) {
    adjustTasks(world, service);
  }
}

/** Old tasks drain after the end of a shift, and their deployment goes with the last of them. */
function forgetShifted(world: World, service: ServiceRecord): void {
  const last = world.ecs.serviceDeployments[service.history.at(-1) ?? ''];
  if (last?.shift === undefined || service.open.length > 0) return;
  const [primary, ...others] = service.deployments;
  if (primary === undefined) return;
  service.deployments = [primary, ...others.filter(({ tasks }) => tasks.length > 0)];
}

/** A request may come too late: ROLLBACK_REQUESTED can still end SUCCESSFUL (docs). */
function rollBackAsRequested(
  world: World,
  service: ServiceRecord,
  record: ServiceDeploymentRecord,
): void {
  const { shift, bakesUntil } = record;
  const here = shift?.plan[shift.at]?.stage;
  const cleansUp = here === 'CLEAN_UP' && shift?.direction === 'forward';
  const baked = cleansUp || (bakesUntil !== undefined && bakesUntil <= world.now);
  if (baked) finish(world, record, 'SUCCESSFUL');
  else fail(world, service, record, 'request');
}

/** All new tasks run and are healthy, and nothing is left of the others. */
function stands(world: World, service: ServiceRecord, primary: DeploymentRecord): boolean {
  if (primary.runningCount !== service.desiredCount || primary.pendingCount > 0) return false;
  if (service.deployments.some((other) => other !== primary && other.tasks.length > 0))
    return false;
  const revision = world.ecs.revisions[primary.id];
  if (revision === undefined || !isChecked(revision)) return true;
  return wantedTasks(world, primary).every((task) => isHealthy(task, world.now));
}

/**
 * Ends the bake, or begins it once the deployment stands. The service deployment ends here, while
 * `rolloutState` follows at the next question whether the service is steady (observed: over a
 * minute later).
 */
function completeServiceDeployment(world: World, service: ServiceRecord): void {
  const record = openRecord(world, service);
  const primary = service.deployments[0];
  if (record === undefined || primary === undefined || record.shift !== undefined) return;
  // Not in the look that took it up: with desired count 0 the second look completes (observed).
  if (record.startedAt === undefined || record.startedAt === world.now) return;
  const { status } = record;
  if (status === 'ROLLBACK_IN_PROGRESS') {
    if (!stands(world, service, primary)) return;
    forgetDrained(service, primary);
    finish(world, record, 'ROLLBACK_SUCCESSFUL');
    return;
  }
  if (status !== 'IN_PROGRESS' && status !== 'ROLLBACK_REQUESTED') return;
  if (record.bakesUntil === undefined) {
    if (!stands(world, service, primary)) return;
    forgetDrained(service, primary);
    serviceDeploymentChanges(world, record);
    record.bakesUntil = world.now + bakeMs(world, record);
  }
  if (record.bakesUntil <= world.now) finish(world, record, 'SUCCESSFUL');
}

function openRecord(world: World, service: ServiceRecord): ServiceDeploymentRecord | undefined {
  const id = service.open.at(-1);
  return id === undefined ? undefined : world.ecs.serviceDeployments[id];
}

function forgetDrained(service: ServiceRecord, primary: DeploymentRecord): void {
  if (service.deployments.length > 1) service.deployments = [primary];
}

/** Whether the service is steady, and its deployment complete. */
function settle(world: World, service: ServiceRecord): void {
  const primary = service.deployments[0];
  if (primary === undefined) return;
  if (service.status === 'DRAINING') {
    retire(world, service, primary);
    return;
  }
  if (primary.halted) {
    delete service.settleAt;
    return;
  }
  const steady =
    service.deployments.length === 1 &&
    primary.runningCount === service.desiredCount &&
    primary.pendingCount === 0 &&
    service.open.length === 0;
  if (!steady) {
    settleLater(world, service);
    return;
  }
  delete service.settleAt;
  if (primary.rolloutState === 'IN_PROGRESS') {
    primary.rolloutState = 'COMPLETED';
    primary.rolloutStateReason = `ECS deployment ecs-svc/${primary.id} completed.`;
    primary.updatedAt = world.now;
    // One millisecond before the steady state (observed).
    tell(world, service, `(deployment ecs-svc/${primary.id}) deployment completed.`, world.now - 1);
    emitDeploymentEvent(world, service, primary, 'SERVICE_DEPLOYMENT_COMPLETED');
  }
  if (service.steady) return;
  service.steady = true;
  tell(world, service, 'has reached a steady state.');
  emitServiceAction(world, service, 'INFO', 'SERVICE_STEADY_STATE');
}

/** DRAINING becomes INACTIVE: its events are gone, one deployment stays in the rollout state that it
 * had (observed: COMPLETED; IN_PROGRESS of one that had not completed). */
function retire(world: World, service: ServiceRecord, primary: DeploymentRecord): void {
  if (service.deployments.some(({ tasks }) => tasks.length > 0)) {
    settleLater(world, service);
    return;
  }
  service.status = 'INACTIVE';
  service.events = [];
  service.deployments = [primary];
  delete service.settleAt;
}

/** The next moment at which something is to be seen; none: the service sleeps. */
function planNext(world: World, service: ServiceRecord): void {
  const record = openRecord(world, service);
  const primary = service.deployments[0];
  const moments = [service.settleAt, record?.bakesUntil, record?.tripsAt, record?.shift?.wakeAt];
  if (primary !== undefined && !primary.halted) {
    const wanted = primary.runningCount + primary.pendingCount;
    if (wanted < primary.desiredCount) moments.push(primary.retryAt);
    if (record !== undefined || service.deployments.length > 1) {
      for (const task of wantedTasks(world, primary)) {
        if (task.healthyAt !== undefined) moments.push(task.healthyAt + HEALTH_SEEN_MS);
      }
    }
  }
  let next = Number.POSITIVE_INFINITY;
  for (const moment of moments) {
    if (moment !== undefined && moment > world.now && moment < next) next = moment;
  }
  if (next !== Number.POSITIVE_INFINITY) wake(world, service, next);
}
