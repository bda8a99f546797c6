/**
 * Targets and their health. ECS registers and deregisters the targets of its tasks here as it does
 * with clients' own; what is healthy follows from how a target answers, since when.
 */
import type {
  DeregisterTargetsCommandInput,
  DescribeTargetHealthCommandInput,
  RegisterTargetsCommandInput,
  TargetHealth,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { World } from '../kernel/world.ts';
import { loadBalancersOf } from './forward.ts';
import type { TargetGroupRecord, TargetRecord } from './state.ts';
import { targetGroupAt } from './target-groups.ts';

/** From the first answer to the check that makes a target healthy. */
export function healthyAfterMs(world: World, { check }: TargetGroupRecord): number {
  const passes = world.elbv2.firstHealthy === 'one-pass' ? 1 : check.healthyThreshold;
  return check.intervalSeconds * passes * 1_000;
}

export function unhealthyAfterMs({ check }: TargetGroupRecord): number {
  return check.intervalSeconds * check.unhealthyThreshold * 1_000;
}

export function drainingMs({ attributes }: TargetGroupRecord): number {
  return Number(attributes['deregistration_delay.timeout_seconds'] ?? 300) * 1_000;
}

type NewTarget = Pick<TargetRecord, 'id' | 'port' | 'answers'> & { readonly zone?: string };

/** Registering a target again ends its draining (docs, target-group-register-targets). */
export function register(world: World, group: TargetGroupRecord, target: NewTarget): void {
  forgetDrained(world, group);
  const others = group.targets.filter((other) => !isSame(other, target));
  group.targets = [...others, { ...target, since: world.now }];
}

export function deregister(
  world: World,
  group: TargetGroupRecord,
  named: Pick<TargetRecord, 'id' | 'port'>,
): void {
  forgetDrained(world, group);
  for (const target of group.targets) {
    if (isSame(target, named)) target.deregisteredAt ??= world.now;
  }
}

function isSame(a: Pick<TargetRecord, 'id' | 'port'>, b: Pick<TargetRecord, 'id' | 'port'>) {
  return a.id === b.id && a.port === b.port;
}

function forgetDrained(world: World, group: TargetGroupRecord): void {
  group.targets = group.targets.filter((target) => !isDrained(world, group, target));
}

function isDrained(world: World, group: TargetGroupRecord, { deregisteredAt }: TargetRecord) {
  return deregisteredAt !== undefined && deregisteredAt + drainingMs(group) <= world.now;
}

export function RegisterTargets(world: World, input: RegisterTargetsCommandInput) {
  const group = targetGroupAt(world, input.TargetGroupArn);
  // Nothing of ours runs there, so nothing answers.
  for (const { Id: id = '', Port: port = group.port, AvailabilityZone: zone } of input.Targets ??
    [])
    register(world, group, { id, port, answers: 'nothing', ...(zone !== undefined && { zone }) });
  return {};
}

/** One that is not registered is passed over (capture: target_group_native). */
export function DeregisterTargets(world: World, input: DeregisterTargetsCommandInput) {
  const group = targetGroupAt(world, input.TargetGroupArn);
  for (const { Id: id = '', Port: port = group.port } of input.Targets ?? []) {
    deregister(world, group, { id, port });
  }
  return {};
}

export function DescribeTargetHealth(world: World, input: DescribeTargetHealthCommandInput) {
  const group = targetGroupAt(world, input.TargetGroupArn);
  const standing = group.targets.filter((target) => !isDrained(world, group, target));
  const wanted = input.Targets?.map(({ Id: id = '', Port: port = group.port }) => ({ id, port }));
  const descriptions =
    wanted === undefined
      ? standing.map((target) => viewTarget(world, group, target))
      : wanted.map((named) => {
          const found = standing.find((target) => isSame(target, named));
          return found === undefined ? notRegistered(named) : viewTarget(world, group, found);
        });
  return { TargetHealthDescriptions: descriptions };
}

/** Capture: target_group_native. */
function notRegistered({ id, port }: Pick<TargetRecord, 'id' | 'port'>): TargetHealthDescription {
  return {
    Target: { Id: id, Port: port },
    HealthCheckPort: String(port),
    TargetHealth: {
      State: 'unused',
      Reason: 'Target.NotRegistered',
      Description: 'Target is not registered to the target group',
    },
  };
}

function viewTarget(
  world: World,
  group: TargetGroupRecord,
  target: TargetRecord,
): TargetHealthDescription {
  const { id, port, zone } = target;
  return {
    Target: { Id: id, Port: port, ...(zone !== undefined && { AvailabilityZone: zone }) },
    HealthCheckPort: group.check.port === 'traffic-port' ? String(port) : group.check.port,
    TargetHealth: healthOf(world, group, target),
    AdministrativeOverride: {
      State: 'no_override',
      Reason: 'AdministrativeOverride.NoOverride',
      Description: 'No override is currently active on target',
    },
  };
}

/** States and reasons: API reference, TargetHealth; the descriptions of captures where there are some. */
function healthOf(world: World, group: TargetGroupRecord, target: TargetRecord): TargetHealth {
  const { answers, since, deregisteredAt } = target;
  if (deregisteredAt !== undefined) {
    return {
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
      Description: 'Target deregistration is in progress',
    };
  }
  if (loadBalancersOf(world, group.arn).length === 0) {
    return {
      State: 'unused',
      Reason: 'Target.NotInUse',
      Description: 'Target group is not configured to receive traffic from the load balancer',
    };
  }
  const age = world.now - since;
  if (answers === 'well' && age >= healthyAfterMs(world, group)) return { State: 'healthy' };
  if (answers !== 'well' && age >= unhealthyAfterMs(group)) {
    return answers === 'nothing'
      ? { State: 'unhealthy', Reason: 'Target.Timeout', Description: 'Request timed out' }
      : {
          State: 'unhealthy',
          Reason: 'Target.ResponseCodeMismatch',
          Description: 'Health checks failed with these codes: [500]',
        };
  }
  return {
    State: 'initial',
    Reason: 'Elb.InitialHealthChecking',
    Description: 'Initial health checks in progress',
  };
}
