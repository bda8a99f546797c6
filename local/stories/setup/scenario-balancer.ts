/**
 * The load balancer of a scenario's service: one target group that nobody models closer, or two behind a
 * rule, between which ECS may shift the traffic.
 */
import { createHash } from 'node:crypto';
import { weightsAt } from '@slipway/local-cloud/elbv2/forward.ts';
import { loadBalancerPath, targetGroupPath } from '@slipway/local-cloud/elbv2/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { execute } from '@slipway/local-cloud/services.ts';
import { roleArn } from '../../../infra/names.ts';
import type { Target } from '../../../shared/config/config.ts';
import type { GroupTimes, TargetSetup } from './setup-format.ts';

/** With which ECS moves rules; of the account, and none of Slipway's. */
const BALANCER_ROLE = 'ecs-moves-rules';

/** What its alarms watch, as dimensions name it. */
export interface WatchedGroups {
  readonly loadBalancer: string;
  readonly targetGroups: readonly string[];
}

/** What the service is told, where its requests come from, and what its alarms watch. */
export interface Balanced {
  readonly settings: {
    readonly targetGroupArn: string;
    readonly advancedConfiguration?: Readonly<Record<string, string>>;
  };
  readonly route: ReturnType<typeof routeOf> & { readonly rule?: string };
  readonly watched: WatchedGroups;
}

export function hasTwoGroups({ rules }: Target, { loadBalancer }: TargetSetup): boolean {
  return rules.strategy !== undefined || typeof loadBalancer === 'object';
}

/** AWS's own are 30 s, 5 checks and 300 s (docs, target-group-health-checks, edit-target-group-attributes). */
export function groupTimes(
  { loadBalancer }: TargetSetup,
  times: 'tuned' | 'default',
): Required<GroupTimes> {
  const named = typeof loadBalancer === 'object' ? loadBalancer : {};
  const otherwise =
    times === 'default'
      ? { healthCheckSeconds: 30, healthyChecks: 5, drainSeconds: 300 }
      : { healthCheckSeconds: 10, healthyChecks: 3, drainSeconds: 30 };
  return {
    healthCheckSeconds: named.healthCheckSeconds ?? otherwise.healthCheckSeconds,
    healthyChecks: named.healthyChecks ?? otherwise.healthyChecks,
    drainSeconds: named.drainSeconds ?? otherwise.drainSeconds,
  };
}

export function oneGroup({ region, account }: World, target: Target): Balanced {
  const route = routeOf(target);
  return {
    settings: {
      targetGroupArn: `arn:aws:elasticloadbalancing:${region}:${account}:${route.targetGroup}`,
    },
    route,
    watched: { loadBalancer: route.loadBalancer, targetGroups: [route.targetGroup] },
  };
}

interface Made {
  readonly TargetGroups?: readonly { readonly TargetGroupArn: string }[];
  readonly LoadBalancers?: readonly { readonly LoadBalancerArn: string }[];
  readonly Listeners?: readonly { readonly ListenerArn: string }[];
  readonly Rules?: readonly { readonly RuleArn: string }[];
}

/** A load balancer of its own, whose one rule sends everything to the first group. */
export function addGroups(
  world: World,
  { cluster, service }: Target,
  times: Required<GroupTimes>,
): Balanced {
  const elb = (operation: string, input: object) =>
    execute(world, 'elasticloadbalancing', operation, input) as Made;
  const blue = addGroup(elb, `${service}-blue`, times);
  const green = addGroup(elb, `${service}-green`, times);
  const { LoadBalancers } = elb('CreateLoadBalancer', { Name: service });
  const balancer = LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  const { Listeners } = elb('CreateListener', {
    LoadBalancerArn: balancer,
    Port: 80,
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
  });
  const tuple = (TargetGroupArn: string, Weight: number) => ({ TargetGroupArn, Weight });
  const { Rules } = elb('CreateRule', {
    ListenerArn: Listeners?.[0]?.ListenerArn,
    Priority: 1,
    Conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
    Actions: [
      { Type: 'forward', ForwardConfig: { TargetGroups: [tuple(blue, 100), tuple(green, 0)] } },
    ],
  });
  const rule = Rules?.[0]?.RuleArn ?? '';
  const loadBalancer = loadBalancerPath(balancer);
  return {
    settings: {
      targetGroupArn: blue,
      advancedConfiguration: {
        alternateTargetGroupArn: green,
        productionListenerRule: rule,
        roleArn: roleArn(world, BALANCER_ROLE),
      },
    },
    route: { cluster, service, loadBalancer, targetGroup: targetGroupPath(blue), rule },
    watched: { loadBalancer, targetGroups: [blue, green].map(targetGroupPath) },
  };
}

/** As a person does by ModifyRule; the groups are in the order in which the rule names them now. */
export function editRule(
  world: World,
  { cluster, service }: Target,
  percents: readonly number[],
): void {
  const source = world.traffic.sources.find(
    (one) => one.cluster === cluster && one.service === service,
  );
  const rule = source?.rule ?? '';
  const TargetGroups = (weightsAt(world, rule) ?? []).map(({ targetGroup }, index) => ({
    TargetGroupArn: targetGroup,
    Weight: percents[index] ?? 0,
  }));
  execute(world, 'elasticloadbalancing', 'ModifyRule', {
    RuleArn: rule,
    Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
  });
}

function addGroup(
  elb: (operation: string, input: object) => Made,
  Name: string,
  { healthCheckSeconds, healthyChecks, drainSeconds }: Required<GroupTimes>,
): string {
  const { TargetGroups } = elb('CreateTargetGroup', { Name, Port: 8080, TargetType: 'ip' });
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  elb('ModifyTargetGroup', {
    TargetGroupArn,
    HealthCheckIntervalSeconds: healthCheckSeconds,
    HealthyThresholdCount: healthyChecks,
  });
  elb('ModifyTargetGroupAttributes', {
    TargetGroupArn,
    Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: String(drainSeconds) }],
  });
  return TargetGroupArn;
}

/** Where a target's requests come from; made from its name, as nothing else depends on it. */
export function routeOf({ cluster, service }: Pick<Target, 'cluster' | 'service'>) {
  return {
    cluster,
    service,
    loadBalancer: `app/${cluster}/${hex(cluster)}`,
    targetGroup: `targetgroup/${service}/${hex(`${cluster}/${service}`)}`,
  };
}

function hex(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
