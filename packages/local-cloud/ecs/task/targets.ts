/**
 * The target groups that a revision's tasks stand in: which ones, how they check and drain, and that
 * ECS registers and deregisters. A group that the model of load balancers does not have goes by the
 * settings of the world, `world.ecs.targetGroups`.
 */
import type { TargetGroupRecord } from '../../elbv2/state.ts';
import {
  deregister,
  drainingMs,
  healthyAfterMs,
  register,
  unhealthyAfterMs,
} from '../../elbv2/targets.ts';
import type { World } from '../../kernel/world.ts';
import { availabilityZone, tell } from '../events.ts';
import { serviceChanges } from '../read-lag.ts';
import type { RevisionRecord, ServiceRecord, TargetGroups, TaskRecord } from '../state.ts';
import { eniDetails } from './containers.ts';
import { taskBehaviour } from './images.ts';

/** AWS's defaults: 5 passed or 2 failed checks of 30 s, 300 s to drain (docs, target-group-health-checks,
 * edit-target-group-attributes). */
export const DEFAULT_TARGET_GROUPS: TargetGroups = {
  healthyMs: 150_000,
  unhealthyMs: 60_000,
  drainingMs: 300_000,
};
/** As somebody sets them who wants rollouts to be quick. */
const TUNED_TARGET_GROUPS: TargetGroups = {
  healthyMs: 30_000,
  unhealthyMs: 60_000,
  drainingMs: 30_000,
};

export interface TargetOfRevision {
  readonly arn: string;
  readonly port: number;
}

/** Where its tasks are registered: with a strategy that shifts traffic, what was chosen for it. */
export function targetsOf({ settings, targetGroups }: RevisionRecord): TargetOfRevision[] {
  return (settings.loadBalancers ?? []).map(({ targetGroupArn, containerPort }, index) => ({
    arn: targetGroups?.[index] ?? targetGroupArn ?? '',
    port: containerPort ?? 80,
  }));
}

/** The slowest of its groups counts. */
export function targetGroupTimes(world: World, revision: RevisionRecord): TargetGroups {
  const groups = groupsOf(world, revision);
  if (groups.length === 0) return world.ecs.targetGroups ?? TUNED_TARGET_GROUPS;
  const slowest = (timeOf: (group: TargetGroupRecord) => number) => Math.max(...groups.map(timeOf));
  return {
    healthyMs: slowest((group) => healthyAfterMs(world, group)),
    unhealthyMs: slowest(unhealthyAfterMs),
    drainingMs: slowest(drainingMs),
  };
}

function groupsOf(world: World, revision: RevisionRecord): TargetGroupRecord[] {
  return targetsOf(revision).flatMap(({ arn }) => world.elbv2.targetGroups[arn] ?? []);
}

/** A task that reached RUNNING, with the line that public logs show. */
export function registerTask(
  world: World,
  service: ServiceRecord,
  revision: RevisionRecord,
  task: TaskRecord,
): void {
  const id = eniDetails(task, revision)?.ip;
  const zone = availabilityZone(world, task);
  const answers = taskBehaviour(world, revision).failsHealthCheck === true ? 'badly' : 'well';
  serviceChanges(world, service);
  for (const { arn, port } of targetsOf(revision)) {
    const group = world.elbv2.targetGroups[arn];
    if (group !== undefined && id !== undefined)
      register(world, group, { id, port, zone, answers });
    tell(world, service, `registered 1 targets in (target-group ${arn})`);
  }
}

export function deregisterTask(
  world: World,
  service: ServiceRecord,
  revision: RevisionRecord,
  task: TaskRecord,
): void {
  const id = eniDetails(task, revision)?.ip;
  serviceChanges(world, service);
  for (const { arn, port } of targetsOf(revision)) {
    const group = world.elbv2.targetGroups[arn];
    if (group !== undefined && id !== undefined) deregister(world, group, { id, port });
    tell(world, service, `deregistered 1 targets in (target-group ${arn})`);
  }
}
