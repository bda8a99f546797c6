/** How a shift begins and how it turns back. */
import type { World } from '../../kernel/world.ts';
import type { ServiceDeploymentRecord, ServiceRecord } from '../state.ts';
import { isHealthy, wantedTasks } from '../task/facts.ts';
import { targetsOf } from '../task/targets.ts';
import { pairsOf } from './balancers.ts';
import { backPlan, forwardPlan } from './plan.ts';

export function shiftsTraffic({ deploymentConfiguration }: ServiceDeploymentRecord): boolean {
  return (deploymentConfiguration.strategy ?? 'ROLLING') !== 'ROLLING';
}

/** At take-up. Answers why ECS refuses the load balancers, if it does. */
export function beginShift(
  world: World,
  service: ServiceRecord,
  record: ServiceDeploymentRecord,
): string | undefined {
  const pairs = pairsOf(world, service.settings);
  const known = 'wrong' in pairs ? [] : pairs;
  const source = liveRevision(world, service, record, known[0]?.blue);
  const reconciles = record.sources.length > 1;
  record.shift = {
    direction: 'forward',
    plan: forwardPlan(record.deploymentConfiguration, { reconciles }),
    at: 0,
    phase: 'entering',
    enteredAt: world.now,
    hooks: [],
    remembered: {},
    pairs: known,
    ...(source !== undefined && { source }),
    production: 0,
    test: 0,
  };
  return 'wrong' in pairs ? pairs.wrong : undefined;
}

/** Whose tasks stand in the live group; without a group, the last one that was SUCCESSFUL. */
function liveRevision(
  world: World,
  service: ServiceRecord,
  { target }: ServiceDeploymentRecord,
  live: string | undefined,
): string | undefined {
  const others = service.deployments.filter(({ id }) => id !== target);
  const behind = others.find(({ id }) => {
    const revision = world.ecs.revisions[id];
    return live !== undefined && revision !== undefined && targetsOf(revision)[0]?.arn === live;
  });
  const proven = others.find(({ id }) => id === service.completed);
  return (live === undefined ? (proven ?? others[0]) : (behind ?? proven))?.id;
}

/** The hooks that run are nobody's any more; what was shifted goes back. */
export function turnBack(
  world: World,
  service: ServiceRecord,
  record: ServiceDeploymentRecord,
): void {
  const { shift } = record;
  if (shift === undefined) return;
  const [primary] = service.deployments;
  const healthy =
    primary === undefined
      ? 0
      : wantedTasks(world, primary).filter((task) => isHealthy(task, world.now)).length;
  const refills = shift.production > 0 && healthy < service.desiredCount;
  shift.direction = 'back';
  shift.plan = backPlan(shift, world.ecs.unknowns ?? {}, { refills });
  shift.at = 0;
  shift.phase = 'entering';
  delete shift.wakeAt;
  for (const run of shift.hooks) {
    if (run.status === 'AWAITING_ACTION' || run.status === 'IN_PROGRESS') run.status = 'FAILED';
  }
}
