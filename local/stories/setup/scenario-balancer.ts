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
  readonly settings: Readonly<Record<string, unknown>>;
  readonly route: ReturnType<typeof routeOf> & { readonly rule?: string };
  /** Absent: nothing that is modelled counts its answers, so its alarms are set by hand. */
  readonly watched?: WatchedGroups;
}

/** What a service that answers requests says of itself: its first container, and that one's port. */
export const PORT = { containerPort: 8080, name: 'http' } as const;

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
  const arn = `arn:aws:elasticloadbalancing:${region}:${account}:${route.targetGroup}`;
  return {
    settings: forwarded(target, { targetGroupArn: arn }),
    route,
    watched: { loadBalancer: route.loadBalancer, targetGroups: [route.targetGroup] },
  };
}

/** ECS tells the proxies of its clients which share to send where: there is no rule. */
export function connected(target: Target): Balanced {
  const { service } = target;
  return {
    settings: {
      serviceConnectConfiguration: {
        enabled: true,
        namespace: 'local',
        services: [{ portName: PORT.name, discoveryName: service }],
      },
    },
    route: { ...routeOf(target), loadBalancer: `connect/${service}` },
  };
}

function forwarded({ rules }: Target, balancer: object): Balanced['settings'] {
  const [containerName = ''] = Object.keys(rules.containers);
  const { containerPort } = PORT;
  return { loadBalancers: [{ ...balancer, containerName, containerPort }] };
}

interface Made {
  readonly TargetGroups?: readonly { readonly TargetGroupArn: string }[];
  readonly LoadBalancers?: readonly { readonly LoadBalancerArn: string }[];
  readonly Listeners?: readonly { readonly ListenerArn: string }[];
  readonly Rules?: readonly { readonly RuleArn: string }[];
}

/** A load balancer of its own, whose one rule, or listener, sends everything to the first group. */
export function addGroups(
  world: World,
  target: Target,
  times: Required<GroupTimes>,
  type: 'application' | 'network',
  testPort?: number,
): Balanced {
  const { cluster, service } = target;
  const elb: Elb = (operation, input) =>
    execute(world, 'elasticloadbalancing', operation, input) as Made;
  const groups = ['blue', 'green'].map((name) => addGroup(elb, `${service}-${name}`, type, times));
  const [blue = '', green = ''] = groups;
  const { LoadBalancers } = elb('CreateLoadBalancer', { Name: service, Type: type });
  const balancer = LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  const tuple = (TargetGroupArn: string, Weight: number) => ({ TargetGroupArn, Weight });
  const TargetGroups = [tuple(blue, 100), tuple(green, 0)];
  const forward = [{ Type: 'forward', ForwardConfig: { TargetGroups } }];
  const rule = addRule(elb, balancer, type, forward);
  const tested = testPort && { testListenerRule: addRule(elb, balancer, type, forward, testPort) };
  const loadBalancer = loadBalancerPath(balancer);
  return {
    settings: forwarded(target, {
      targetGroupArn: blue,
      advancedConfiguration: {
        alternateTargetGroupArn: green,
        productionListenerRule: rule,
        ...tested,
        roleArn: roleArn(world, BALANCER_ROLE),
      },
    }),
    route: { cluster, service, loadBalancer, targetGroup: targetGroupPath(blue), rule },
    ...(type === 'application' && {
      watched: { loadBalancer, targetGroups: groups.map(targetGroupPath) },
    }),
  };
}

type Elb = (operation: string, input: object) => Made;

/** Of a Network Load Balancer it is the listener itself that forwards: it has no rules. */
function addRule(
  elb: Elb,
  LoadBalancerArn: string,
  type: 'application' | 'network',
  forward: readonly object[],
  Port = 80,
): string {
  const listen = (DefaultActions: readonly object[]) =>
    elb('CreateListener', { LoadBalancerArn, Port, DefaultActions }).Listeners?.[0]?.ListenerArn ??
    '';
  if (type === 'network') return listen(forward);
  const { Rules } = elb('CreateRule', {
    ListenerArn: listen([{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }]),
    Priority: 1,
    Conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
    Actions: forward,
  });
  return Rules?.[0]?.RuleArn ?? '';
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
  elb: Elb,
  Name: string,
  type: 'application' | 'network',
  { healthCheckSeconds, healthyChecks, drainSeconds }: Required<GroupTimes>,
): string {
  const Protocol = type === 'network' ? 'TCP' : 'HTTP';
  const { TargetGroups } = elb('CreateTargetGroup', {
    Name,
    Protocol,
    Port: PORT.containerPort,
    TargetType: 'ip',
  });
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
