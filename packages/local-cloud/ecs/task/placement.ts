/**
 * Which tasks a service has to launch and to stop now, within minimumHealthyPercent and
 * maximumPercent. Pure counting; when to count is the scheduler's.
 */

import type { World } from '../../kernel/world.ts';
import { placeable, tellNoCapacity } from '../capacity.ts';
import { taskList, tell } from '../events.ts';
import { wakeForSecondLook } from '../next-look.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from '../state.ts';
import { launchTask, stopTask } from './changes.ts';
import { isHealthy, wantedTasks } from './facts.ts';

/** How many healthy tasks must stay: rounded up (API reference, DeploymentConfiguration). */
export function healthyFloor(desiredCount: number, minimumHealthyPercent: number): number {
  return Math.ceil((desiredCount * minimumHealthyPercent) / 100);
}

/** How many tasks there may be: rounded down (API reference, DeploymentConfiguration). */
export function taskCeiling(desiredCount: number, maximumPercent: number): number {
  return Math.floor((desiredCount * maximumPercent) / 100);
}

interface Counting {
  readonly desired: number;
  readonly floor: number;
  readonly ceiling: number;
  readonly primary: DeploymentRecord;
  readonly others: readonly DeploymentRecord[];
}

/** Stops and launches what the counts ask for. */
export function adjustTasks(world: World, service: ServiceRecord): void {
  const [primary, ...others] = service.deployments;
  if (primary === undefined) return;
  const desired = service.status === 'ACTIVE' ? service.desiredCount : 0;
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = service.deploymentConfiguration;
  const counting: Counting = {
    desired,
    floor: healthyFloor(desired, minimumHealthyPercent),
    ceiling: taskCeiling(desired, maximumPercent),
    primary,
    others,
  };
  if (primary.halted) {
    stopExcess(world, service, counting);
    return;
  }
  const oldFirst = takeScaledOut(service, counting);
  if (oldFirst === undefined && !waitsForRoom(counting)) primary.desiredCount = desired;
  stopExcess(world, service, counting);
  stopReplaced(world, service, counting);
  if (oldFirst === undefined) {
    launch(world, service, counting);
    return;
  }
  start(world, service, oldFirst.deployment, oldFirst.missing);
  oldFirst.deployment.desiredCount =
    oldFirst.deployment.runningCount + oldFirst.deployment.pendingCount;
  wakeForSecondLook(world, service);
}

interface OldFirst {
  readonly deployment: DeploymentRecord;
  readonly missing: number;
}

/**
 * Scaled out during a deployment: what is missing starts on the old deployment first, whatever the
 * floor is, and on PRIMARY at the next look (observed with 200/100, and with 100/0 from desired
 * count 0, where the second look stops the pending task again).
 */
function takeScaledOut(
  service: ServiceRecord,
  { desired, ceiling, primary, others }: Counting,
): OldFirst | undefined {
  if (!service.raised) return undefined;
  service.raised = false;
  const [newest] = others;
  if (newest === undefined || newest.rolloutState === 'FAILED') return undefined;
  const wanted = [primary, ...others].reduce(
    (sum, one) => sum + one.runningCount + one.pendingCount,
    0,
  );
  const missing = Math.min(desired - wanted, ceiling - occupying(service.deployments));
  return missing > 0 ? { deployment: newest, missing } : undefined;
}

/** Of a deployment that began with none, the desired count stays 0 while old tasks take all the
 * room there is (observed once). */
function waitsForRoom({ desired, ceiling, primary, others }: Counting): boolean {
  return primary.desiredCount === 0 && desired > 0 && occupying(others) >= ceiling;
}

/** Tasks that stop still occupy room until STOPPED (observed: at 100 % the replacement came after
 * STOPPED). */
function occupying(deployments: readonly DeploymentRecord[]): number {
  return deployments.reduce((sum, { tasks }) => sum + tasks.length, 0);
}

/** More tasks than wanted: scaled in. A halted deployment's old companions count along. */
function stopExcess(world: World, service: ServiceRecord, { desired, primary, others }: Counting) {
  const own = wantedTasks(world, primary);
  const rest = primary.halted ? others.flatMap((other) => wantedTasks(world, other)) : [];
  const all = [...rest, ...own];
  if (all.length <= desired) return;
  // Which ones ECS takes is unverified; here: those that do not run yet, then the newest.
  const order = all.sort(
    (a, b) =>
      Number(b.startedAt === undefined) - Number(a.startedAt === undefined) ||
      b.createdAt - a.createdAt,
  );
  stopTasks(world, service, order.slice(0, all.length - desired));
}

/**
 * Old tasks go as healthy new ones take their place, or early where the ceiling leaves no room
 * for new ones; healthy ones only down to the floor.
 */
function stopReplaced(world: World, service: ServiceRecord, counting: Counting): void {
  const { desired, floor, ceiling, primary, others } = counting;
  if (others.length === 0) return;
  const old = others.flatMap((other) => wantedTasks(world, other));
  if (old.length > 0) {
    const own = wantedTasks(world, primary);
    const ownHealthy = own.filter((task) => isHealthy(task, world.now)).length;
    const oldHealthy = old.filter((task) => isHealthy(task, world.now)).length;
    const replaced = old.length + ownHealthy - desired;
    const inTheWay = old.length + desired - ceiling;
    const over = old.length + own.length - ceiling;
    const many = Math.min(old.length, Math.max(replaced, inTheWay, over, 0));
    // Above the ceiling tasks go whatever the floor says (observed with a lowered maximum).
    const spare = Math.max(ownHealthy + oldHealthy - floor, 0);
    const order = old.sort((a, b) => rank(a, world.now) - rank(b, world.now));
    let healthyStops = Math.max(spare, over);
    const chosen: TaskRecord[] = [];
    for (const task of order) {
      if (chosen.length >= many) break;
      const healthy = isHealthy(task, world.now);
      if (healthy && healthyStops <= 0) break;
      if (healthy) healthyStops -= 1;
      chosen.push(task);
    }
    stopTasks(world, service, chosen);
  }
  for (const other of others) {
    other.desiredCount = other.runningCount + other.pendingCount;
  }
}

/** Those that do not run first, then unhealthy ones, then the oldest. */
function rank(task: TaskRecord, now: number): number {
  if (task.startedAt === undefined) return 0;
  return isHealthy(task, now) ? 2 : 1;
}

function launch(world: World, service: ServiceRecord, { desired, ceiling, primary }: Counting) {
  const room = Math.max(ceiling - occupying(service.deployments), 0);
  const wanted = primary.runningCount + primary.pendingCount;
  if (primary.retryAt !== undefined && primary.retryAt > world.now) return;
  start(world, service, primary, Math.min(desired - wanted, room));
}

/** Launches so many, as far as there is room for them. */
export function start(
  world: World,
  service: ServiceRecord,
  deployment: DeploymentRecord,
  many: number,
): void {
  if (many <= 0) return;
  const placed = placeable(world, many);
  if (placed < many) tellNoCapacity(world, service, deployment);
  if (placed === 0) return;
  const ids: string[] = [];
  for (let index = 0; index < placed; index++) {
    const task = launchTask(world, service, deployment);
    if (task !== undefined) ids.push(task.id);
  }
  deployment.updatedAt = world.now;
  service.steady = false;
  tell(world, service, `has started ${ids.length} tasks: ${taskList(ids)}.`);
}

export function stopTasks(
  world: World,
  service: ServiceRecord,
  tasks: readonly TaskRecord[],
): void {
  if (tasks.length === 0) return;
  const running = tasks.filter(({ startedAt }) => startedAt !== undefined);
  const pending = tasks.length - running.length;
  for (const task of tasks) {
    stopTask(world, task, {
      stopCode: 'ServiceSchedulerInitiated',
      reason: `Scaling activity initiated by (deployment ecs-svc/${task.revision})`,
    });
  }
  // Without "has" and without ids for tasks that never ran (observed).
  if (pending > 0) tell(world, service, `stopped ${pending} pending tasks.`);
  if (running.length > 0) {
    const list = taskList(running.map(({ id }) => id));
    tell(world, service, `has stopped ${running.length} running tasks: ${list}.`);
  }
}
