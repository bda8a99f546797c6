import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, it } from 'vitest';
import { elbv2Operations as elb } from '../../elbv2/operations.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld } from '../../services.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createTransport } from '../../wire/transport.ts';
import { BALANCED, pass, refusal, update, worldWithService } from '../ecs/ecs-world.ts';
import { type Balanced, forwardTo, healthIn, makeBalancer, makeGroup } from './elbv2-world.ts';

const NOW = Date.UTC(2026, 10, 21);
let world: World;
let web: Balanced;

beforeEach(() => {
  world = emptyWorld({ now: NOW, seed: 1, account: '123456789012', region: 'eu-west-1' });
  web = makeBalancer(world);
});

describe('rules', () => {
  it('are listed by priority, the default rule last', () => {
    const { Rules } = elb.DescribeRules(world, { ListenerArn: web.listener });
    expect(Rules.map(({ Priority }) => Priority)).toEqual(['5', '10', 'default']);
    expect(Rules[2]).toMatchObject({ IsDefault: true, Actions: [{ Type: 'fixed-response' }] });
  });

  it('show one target group by its ARN and as a list, two as a list only', () => {
    const { Rules } = elb.DescribeRules(world, { RuleArns: [web.testRule, web.rule] });
    expect(Rules[0]?.Actions).toEqual([
      {
        Type: 'forward',
        TargetGroupArn: web.blue,
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: web.blue, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ]);
    expect(Rules[1]?.Actions?.[0]).not.toHaveProperty('TargetGroupArn');
  });

  it('refuse a weight of 1000, a priority that is taken, and a group that is not there', () => {
    const modify = (group: string, weight: number) =>
      refusal(() =>
        elb.ModifyRule(world, { RuleArn: web.rule, Actions: forwardTo([group, weight]) }),
      );
    expect(modify(web.blue, 1000)).toBe('ValidationError: Weight must be between 0 and 999');
    expect(modify(`${web.blue}x`, 1)).toMatch(/^TargetGroupNotFoundException: One or more/);
    const taken = () =>
      elb.CreateRule(world, {
        ListenerArn: web.listener,
        Priority: 10,
        Conditions: [],
        Actions: forwardTo([web.blue, 1]),
      });
    expect(refusal(taken)).toBe("PriorityInUseException: Priority '10' is currently in use");
  });

  it('refuse a group of another load balancer', () => {
    const other = makeBalancer(world, 'other');
    const call = () =>
      elb.ModifyRule(world, { RuleArn: web.rule, Actions: forwardTo([other.blue, 1]) });
    expect(refusal(call)).toMatch(/^TargetGroupAssociationLimitException/);
  });

  it('of the default kind are changed by their listener', () => {
    const { Rules } = elb.DescribeRules(world, { ListenerArn: web.listener });
    const RuleArn = Rules[2]?.RuleArn;
    const Actions = forwardTo([web.blue, 1]);
    expect(refusal(() => elb.ModifyRule(world, { RuleArn, Actions }))).toMatch(
      /^OperationNotPermittedException/,
    );
    elb.ModifyListener(world, { ListenerArn: web.listener, DefaultActions: Actions });
    expect(
      elb.DescribeRules(world, { RuleArns: [RuleArn ?? ''] }).Rules[0]?.Actions?.[0],
    ).toMatchObject({ TargetGroupArn: web.blue });
  });
});

describe('target groups', () => {
  it('have the published defaults: 30 s × 5, × 2, 300 s to drain', () => {
    const { TargetGroups } = elb.DescribeTargetGroups(world, { Names: ['web-blue'] });
    expect(TargetGroups[0]).toMatchObject({
      HealthCheckIntervalSeconds: 30,
      HealthyThresholdCount: 5,
      UnhealthyThresholdCount: 2,
      LoadBalancerArns: [web.balancer],
    });
    const { Attributes } = elb.DescribeTargetGroupAttributes(world, { TargetGroupArn: web.blue });
    expect(Attributes).toContainEqual({
      Key: 'deregistration_delay.timeout_seconds',
      Value: '300',
    });
  });

  it('are not deleted while a rule names them, and deleted twice without a word', () => {
    expect(refusal(() => elb.DeleteTargetGroup(world, { TargetGroupArn: web.blue }))).toBe(
      `ResourceInUseException: Target group '${web.blue}' is currently in use by a listener or a rule`,
    );
    const alone = makeGroup(world, 'alone');
    elb.DeleteTargetGroup(world, { TargetGroupArn: alone });
    expect(elb.DeleteTargetGroup(world, { TargetGroupArn: alone })).toEqual({});
    expect(refusal(() => elb.DescribeTargetGroups(world, { TargetGroupArns: [alone] }))).toBe(
      'TargetGroupNotFoundException: One or more target groups not found',
    );
  });
});

describe('targets', () => {
  const target = { Id: '10.0.0.9', Port: 8080 };

  it('that a client registers answer nothing: initial, unhealthy after a minute, then draining', () => {
    elb.RegisterTargets(world, { TargetGroupArn: web.blue, Targets: [target] });
    expect(healthIn(world, web.blue)).toEqual(['initial Elb.InitialHealthChecking']);
    advance(world, NOW + 60_000);
    expect(healthIn(world, web.blue)).toEqual(['unhealthy Target.Timeout']);
    elb.DeregisterTargets(world, { TargetGroupArn: web.blue, Targets: [target] });
    expect(healthIn(world, web.blue)).toEqual(['draining Target.DeregistrationInProgress']);
    advance(world, NOW + 360_000);
    expect(healthIn(world, web.blue)).toEqual([]);
  });

  it('of a group that no rule names are unused', () => {
    const alone = makeGroup(world, 'alone');
    elb.RegisterTargets(world, { TargetGroupArn: alone, Targets: [target] });
    expect(healthIn(world, alone)).toEqual(['unused Target.NotInUse']);
  });

  it('that were never registered are unused, when asked for by name', () => {
    const { TargetHealthDescriptions } = elb.DescribeTargetHealth(world, {
      TargetGroupArn: web.blue,
      Targets: [target],
    });
    expect(TargetHealthDescriptions[0]?.TargetHealth?.Reason).toBe('Target.NotRegistered');
  });
});

describe('tasks of ECS', () => {
  function serviceBehind(firstHealthy?: 'one-pass'): { world: World; group: string } {
    if (firstHealthy !== undefined) world.elbv2.firstHealthy = firstHealthy;
    const loadBalancers = BALANCED.map((one) => ({ ...one, targetGroupArn: web.blue }));
    const other = worldWithService({ loadBalancers, desiredCount: 2 });
    other.elbv2 = world.elbv2;
    return { world: other, group: web.blue };
  }

  it('are registered when they run, healthy 150 s later, and drain for 300 s', () => {
    const { world: ours, group } = serviceBehind();
    pass(ours, 60_000);
    expect(healthIn(ours, group)).toEqual(Array(2).fill('initial Elb.InitialHealthChecking'));
    pass(ours, 150_000);
    expect(healthIn(ours, group)).toEqual(['healthy', 'healthy']);
    update(ours, { desiredCount: 0 });
    pass(ours, 290_000);
    expect(healthIn(ours, group)).toEqual(
      Array(2).fill('draining Target.DeregistrationInProgress'),
    );
    pass(ours, 20_000);
    expect(healthIn(ours, group)).toEqual([]);
  });

  it('are healthy after one passed check where the world plays the other page', () => {
    const { world: ours, group } = serviceBehind('one-pass');
    pass(ours, 75_000);
    expect(healthIn(ours, group)).toEqual(['healthy', 'healthy']);
  });
});

describe('over the wire', () => {
  const client = () =>
    new ElasticLoadBalancingV2Client(
      clientSettings({ world, transport: createTransport({ world }) }),
    );

  it('weights move by ModifyRule, and are read back', async () => {
    const elbv2 = client();
    const Actions = forwardTo([web.blue, 950], [web.green, 50]);
    await elbv2.send(new ModifyRuleCommand({ RuleArn: web.rule, Actions }));
    const { Rules } = await elbv2.send(new DescribeRulesCommand({ RuleArns: [web.rule] }));
    expect(Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups).toEqual([
      { TargetGroupArn: web.blue, Weight: 950 },
      { TargetGroupArn: web.green, Weight: 50 },
    ]);
    expect(world.elbv2.changes.at(-1)?.weights.map(({ weight }) => weight)).toEqual([950, 50]);
  });

  it('a group that is not there has the error that the SDK knows', async () => {
    const asked = client().send(
      new DescribeTargetHealthCommand({ TargetGroupArn: `${web.blue}x` }),
    );
    await expect(asked).rejects.toMatchObject({ name: 'TargetGroupNotFoundException' });
  });

  it('IAM is asked of each call: the rule of ModifyRule, any resource of a look', async () => {
    const asked: string[] = [];
    const authorizer = {
      callerOf: () => ({ arn: 'arn:aws:iam::123456789012:user/a', userId: 'AIDA' }),
      refusalOf: (_caller: unknown, { action, resource }: { action: string; resource: string }) => {
        asked.push(`${action} ${resource}`);
        return action.includes('Modify') ? 'User: a is not authorized' : undefined;
      },
    };
    const elbv2 = new ElasticLoadBalancingV2Client(
      clientSettings({ world, transport: createTransport({ world, authorizer }) }),
    );
    await elbv2.send(new DescribeRulesCommand({ RuleArns: [web.rule] }));
    const Actions = forwardTo([web.green, 1]);
    await expect(
      elbv2.send(new ModifyRuleCommand({ RuleArn: web.rule, Actions })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(asked).toEqual([
      'elasticloadbalancing:DescribeRules *',
      `elasticloadbalancing:ModifyRule ${web.rule}`,
    ]);
    expect(world.elbv2.changes.at(-1)?.arn).not.toBe(web.rule);
  });
});
