/** A world with a load balancer, a listener and two target groups; tests change one thing. */
import { elbv2Operations as elb } from '../../elbv2/operations.ts';
import type { World } from '../../kernel/world.ts';

export interface Balanced {
  readonly balancer: string;
  readonly listener: string;
  readonly blue: string;
  readonly green: string;
  /** The production rule, with both groups 100/0. */
  readonly rule: string;
  /** The test rule, to blue. */
  readonly testRule: string;
}

export function makeGroup(world: World, name: string): string {
  const { TargetGroups } = elb.CreateTargetGroup(world, {
    Name: name,
    Protocol: 'HTTP',
    Port: 8080,
    VpcId: 'vpc-1',
    TargetType: 'ip',
  });
  return TargetGroups[0]?.TargetGroupArn ?? '';
}

export function forwardTo(...weights: readonly (readonly [string, number])[]) {
  const TargetGroups = weights.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
  return [{ Type: 'forward' as const, ForwardConfig: { TargetGroups } }];
}

export function makeBalancer(world: World, name = 'web'): Balanced {
  const { LoadBalancers } = elb.CreateLoadBalancer(world, {
    Name: name,
    Subnets: ['subnet-a', 'subnet-b'],
  });
  const balancer = LoadBalancers[0]?.LoadBalancerArn ?? '';
  const blue = makeGroup(world, `${name}-blue`);
  const green = makeGroup(world, `${name}-green`);
  const { Listeners } = elb.CreateListener(world, {
    LoadBalancerArn: balancer,
    Port: 80,
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
  });
  const listener = Listeners[0]?.ListenerArn ?? '';
  const makeRule = (priority: number, path: string, Actions: ReturnType<typeof forwardTo>) =>
    elb.CreateRule(world, {
      ListenerArn: listener,
      Priority: priority,
      Conditions: [{ Field: 'path-pattern', Values: [path] }],
      Actions,
    }).Rules[0]?.RuleArn ?? '';
  const rule = makeRule(10, '/*', forwardTo([blue, 100], [green, 0]));
  const testRule = makeRule(5, '/test/*', forwardTo([blue, 1]));
  return { balancer, listener, blue, green, rule, testRule };
}

/** A Network Load Balancer's listener, which forwards to both groups 100/0. */
export function makeNetworkListener(world: World): {
  readonly listener: string;
  readonly blue: string;
  readonly green: string;
} {
  const { LoadBalancers } = elb.CreateLoadBalancer(world, { Name: 'net', Type: 'network' });
  const [blue, green] = ['net-blue', 'net-green'].map(
    (Name) =>
      elb.CreateTargetGroup(world, { Name, Protocol: 'TCP', Port: 8080, TargetType: 'ip' })
        .TargetGroups[0]?.TargetGroupArn ?? '',
  ) as [string, string];
  const { Listeners } = elb.CreateListener(world, {
    LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
    Port: 80,
    DefaultActions: forwardTo([blue, 100], [green, 0]),
  });
  return { listener: Listeners[0]?.ListenerArn ?? '', blue, green };
}

/** "State Reason" of each target of the group. */
export function healthIn(world: World, group: string): string[] {
  return elb
    .DescribeTargetHealth(world, { TargetGroupArn: group })
    .TargetHealthDescriptions.map(({ TargetHealth: { State, Reason } = {} }) =>
      [State, Reason].filter((part) => part !== undefined).join(' '),
    );
}

/** Checks of 10 s that need two passes, and 20 s to drain: as somebody sets them who wants it quick. */
export function tune(world: World, ...groups: readonly string[]): void {
  for (const TargetGroupArn of groups) {
    elb.ModifyTargetGroup(world, {
      TargetGroupArn,
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
    });
    elb.ModifyTargetGroupAttributes(world, {
      TargetGroupArn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }],
    });
  }
}
