/**
 * The stages of a service deployment that shifts traffic: each does its work, then asks its hooks,
 * then bakes. The scheduler asks at each look; `wakeAt` says when the next one is due.
 */

import type { World } from '../../kernel/world.ts';
import { between, wake } from '../next-look.ts';
import { serviceChanges, serviceDeploymentChanges } from '../read-lag.ts';
import { fail, finish } from '../rollout.ts';
import type { DeploymentRecord, ServiceDeploymentRecord, ServiceRecord } from '../state.ts';
import { isChecked, isHealthy, wantedTasks } from '../task/facts.ts';
import { isNetwork, pairsOf, shiftProduction, shiftTest } from './balancers.ts';
import { type Deploying, startHooks } from './hooks.ts';
import type { StageStep } from './state.ts';

/** From one stage to the next. A hook that refuses at PRE_SCALE_UP ends it within 5 s (public log). */
const STAGE_MS = 500;
/** From a rule's change to the hooks behind it: 29 s (public log, once). */
const RULE_MS = [20_000, 29_000] as const;
/** docs, nlb-resources-for-blue-green. */
const NETWORK_MS = 10 * 60_000;
/** docs, deployment lifecycle stages; a PAUSE may last longer, so it does not end there (unverified). */
const STAGE_MOST_MS = 24 * 3_600_000;

/** Goes on as far as it can now. */
export function advanceShift(world: World, service: ServiceRecord): void {
  const record = openShift(world, service);
  const shift = record?.shift;
  if (record === undefined || shift === undefined) return;
  serviceDeploymentChanges(world, record);
  const deploying = { service, record, shift };
  while (isOpen(record) && goOn(world, deploying)) record.updatedAt = world.now;
}

/** The service deployment that shifts this service's traffic right now. */
export function openShift(
  world: World,
  service: ServiceRecord,
): ServiceDeploymentRecord | undefined {
  const record = world.ecs.serviceDeployments[service.open.at(-1) ?? ''];
  return record?.shift === undefined || record.startedAt === undefined ? undefined : record;
}

function isOpen({ status }: ServiceDeploymentRecord): boolean {
  return status === 'IN_PROGRESS' || status === 'ROLLBACK_IN_PROGRESS';
}

/** One step further; false: something must happen first. */
function goOn(world: World, deploying: Deploying): boolean {
  const { shift } = deploying;
  if (shift.wakeAt !== undefined && shift.wakeAt > world.now) return false;
  delete shift.wakeAt;
  const here = shift.plan[shift.at];
  if (here === undefined) {
    end(world, deploying);
    return false;
  }
  const bakesFirst = world.ecs.unknowns?.stepBake === 'before-hooks';
  switch (shift.phase) {
    case 'entering':
      return enter(world, deploying, here);
    case 'working':
      if (!isDone(world, deploying, here)) return expires(world, deploying);
      return bakesFirst ? bake(world, deploying, here) : ask(world, deploying, here);
    case 'hooks': {
      const runs = shift.hooks.filter(({ status }) => WAITING.has(status));
      if (runs.some(({ targetType }) => targetType === 'PAUSE')) return false;
      if (runs.length > 0) return expires(world, deploying);
      return bakesFirst ? leave(world, deploying) : bake(world, deploying, here);
    }
    case 'baking':
      if (bakesFirst) return ask(world, deploying, here);
      return leave(world, deploying);
  }
}

const WAITING: ReadonlySet<string> = new Set(['AWAITING_ACTION', 'IN_PROGRESS']);

/** A stage's time is over: back (docs); the text is unverified. */
function expires(world: World, { service, record, shift }: Deploying): false {
  if (world.now < shift.enteredAt + STAGE_MOST_MS) {
    wake(world, service, shift.enteredAt + STAGE_MOST_MS);
  } else {
    fail(world, service, record, 'time', `because ${shift.stage} lifecycle stage timed out.`);
  }
  return false;
}

function bake(world: World, { shift }: Deploying, { bakeMs = 0 }: StageStep): true {
  shift.phase = 'baking';
  if (bakeMs > 0) shift.wakeAt = world.now + bakeMs;
  return true;
}

function ask(world: World, deploying: Deploying, { stage }: StageStep): true {
  deploying.shift.phase = 'hooks';
  startHooks(world, deploying, stage);
  return true;
}

function leave(world: World, { shift }: Deploying): true {
  shift.at += 1;
  shift.phase = 'entering';
  shift.wakeAt = world.now + STAGE_MS;
  return true;
}

/** The stage's own work; false where it went wrong or ended everything. */
function enter(world: World, deploying: Deploying, here: StageStep): boolean {
  const { shift, service, record } = deploying;
  const { stage, percent = 0 } = here;
  // On the way back a refill shows the stage that it came from (a tool's comment on real answers).
  if (shift.direction === 'forward' || stage !== 'SCALE_UP') shift.stage = stage;
  shift.enteredAt = world.now;
  shift.phase = 'working';
  switch (stage) {
    case 'SCALE_UP':
      // The tasks come at the next look.
      wake(world, service, world.now);
      return shift.direction === 'back' || chooseGroups(world, deploying);
    case 'TEST_TRAFFIC_SHIFT':
      shift.test = percent;
      return moved(world, deploying, shiftTest(world, shift.pairs, percent));
    case 'PRODUCTION_TRAFFIC_SHIFT':
      if (shift.direction === 'back' && world.ecs.unknowns?.brokenRollback === true) {
        finish(world, record, 'ROLLBACK_FAILED');
        return false;
      }
      shift.production = percent;
      return moved(world, deploying, shiftProduction(world, shift.pairs, percent));
    case 'CLEAN_UP':
      serviceChanges(world, service);
      finish(world, record, 'SUCCESSFUL');
      // Old tasks are stopped at a look of their own: SUCCESSFUL comes first (public logs).
      wake(world, service, world.now + STAGE_MS);
      return false;
    default:
      return true;
  }
}

/** At SCALE_UP the rules are read once more: the new revision goes where the traffic is not. */
function chooseGroups(world: World, { service, record, shift }: Deploying): boolean {
  const revision = world.ecs.revisions[record.target];
  const pairs = pairsOf(world, service.settings);
  if ('wrong' in pairs) {
    refuseNetwork(world, service, record, pairs.wrong);
    return false;
  }
  shift.pairs = pairs;
  if (revision !== undefined && pairs.length > 0) {
    revision.targetGroups = pairs.map(({ green }) => green);
  }
  return true;
}

export function refuseNetwork(
  world: World,
  service: ServiceRecord,
  record: ServiceDeploymentRecord,
  wrong: string,
): void {
  fail(world, service, record, 'network', `because of invalid networking configuration. ${wrong}`);
}

function moved(world: World, deploying: Deploying, areThere: boolean): boolean {
  const { service, record, shift } = deploying;
  if (!areThere) {
    if (shift.direction === 'forward') {
      refuseNetwork(world, service, record, 'One or more rules not found');
    } else finish(world, record, 'ROLLBACK_FAILED');
    return false;
  }
  if (shift.pairs.length === 0) return true;
  const network = shift.pairs.some(isNetwork) ? NETWORK_MS : 0;
  shift.wakeAt = world.now + between(world, RULE_MS) + network;
  return true;
}

function isDone(world: World, { service, record, shift }: Deploying, { stage }: StageStep) {
  switch (stage) {
    case 'RECONCILE_SERVICE':
      return service.deployments.every(
        (deployment) =>
          deployment.id === record.target ||
          deployment.id === shift.source ||
          wantedTasks(world, deployment).length === 0,
      );
    case 'SCALE_UP':
      return isFull(world, service, service.deployments[0]);
    default:
      return true;
  }
}

/** As many tasks as are wanted, all of them healthy. */
function isFull(
  world: World,
  service: ServiceRecord,
  deployment: DeploymentRecord | undefined,
): boolean {
  const revision = world.ecs.revisions[deployment?.id ?? ''];
  if (deployment === undefined || revision === undefined) return false;
  const tasks = wantedTasks(world, deployment);
  const running = tasks.filter(({ startedAt }) => startedAt !== undefined);
  if (running.length < service.desiredCount || running.length < tasks.length) return false;
  return !isChecked(revision) || tasks.every((task) => isHealthy(task, world.now));
}

/** The way back ends once the traffic is back; the new tasks stop after it (unverified). */
function end(world: World, { service, record, shift }: Deploying): void {
  if (shift.direction === 'forward') return;
  serviceChanges(world, service);
  finish(world, record, 'ROLLBACK_SUCCESSFUL');
  wake(world, service, world.now + STAGE_MS);
}
