/** ECS alone with each strategy: a good release, from the first stage to the last. */
import { describe, expect, it } from 'vitest';
import { elbv2Operations as elb } from '../../../elbv2/operations.ts';
import { addTraffic, servedBy } from '../../../traffic/state.ts';
import { makeNetworkListener } from '../../elbv2/elbv2-world.ts';
import {
  deployments,
  MINUTE,
  pass,
  refusal,
  release,
  serviceDeployments,
  statuses,
  tasks,
  update,
  worldWithService,
} from '../ecs-world.ts';
import {
  BLUE_GREEN,
  balancersOf,
  CANARY,
  LINEAR,
  newest,
  passToStage,
  sharesAt,
  shifting,
  stagesUntilEnd,
  startRelease,
} from './shift-world.ts';

describe('BLUE_GREEN', () => {
  it('goes through its stages in their order', () => {
    const web = shifting();
    release(web.world);
    expect(stagesUntilEnd(web.world)).toEqual([
      'PRE_SCALE_UP',
      'SCALE_UP',
      'POST_SCALE_UP',
      'TEST_TRAFFIC_SHIFT',
      'POST_TEST_TRAFFIC_SHIFT',
      'PRE_PRODUCTION_TRAFFIC_SHIFT',
      'PRODUCTION_TRAFFIC_SHIFT',
      'POST_PRODUCTION_TRAFFIC_SHIFT',
      'BAKE_TIME',
      'CLEAN_UP',
    ]);
    expect(newest(web.world).status).toBe('SUCCESSFUL');
  });

  it('brings the first deployment into the alternate group, and changes sides with each one', () => {
    const web = shifting();
    expect(sharesAt(web, web.rule)).toBe('green 100');
    expect(sharesAt(web, web.testRule)).toBe('green 100');
    release(web.world);
    stagesUntilEnd(web.world);
    expect(sharesAt(web, web.rule)).toBe('blue 100');
    expect(sharesAt(web, web.testRule)).toBe('blue 100');
    release(web.world);
    stagesUntilEnd(web.world);
    expect(sharesAt(web, web.rule)).toBe('green 100');
  });

  it('keeps the old tasks whole until its bake is over: twice the tasks', () => {
    const web = shifting();
    release(web.world);
    passToStage(web.world, 'BAKE_TIME');
    expect(tasks(web.world)).toHaveLength(4);
    pass(web.world, 4 * MINUTE);
    expect(tasks(web.world)).toHaveLength(4);
    stagesUntilEnd(web.world);
    expect(tasks(web.world)).toHaveLength(4);
    pass(web.world, 2 * MINUTE);
    expect(tasks(web.world)).toHaveLength(2);
    expect(deployments(web.world)).toEqual(['PRIMARY COMPLETED']);
  });

  it('says SUCCESSFUL before the old tasks have stopped, and completes the deployment after it', () => {
    const web = shifting();
    release(web.world);
    stagesUntilEnd(web.world);
    expect(deployments(web.world)).toEqual(['PRIMARY IN_PROGRESS', 'ACTIVE COMPLETED']);
  });

  it('moves the test rule first, and production only after it', () => {
    const web = shifting();
    release(web.world);
    passToStage(web.world, 'POST_TEST_TRAFFIC_SHIFT');
    expect(sharesAt(web, web.testRule)).toBe('blue 100');
    expect(sharesAt(web, web.rule)).toBe('green 100');
  });

  it('loses no request of a good release', () => {
    const web = shifting();
    const before = servedBy(web.world, 'main', 'web').bad;
    release(web.world);
    stagesUntilEnd(web.world);
    pass(web.world, 5 * MINUTE);
    expect(servedBy(web.world, 'main', 'web').bad).toBe(before);
  });

  it('without a test rule shifts production only', () => {
    const web = shifting({ withoutTestRule: true });
    release(web.world);
    stagesUntilEnd(web.world);
    expect(sharesAt(web, web.rule)).toBe('blue 100');
    expect(sharesAt(web, web.testRule)).toBe('blue 100');
    expect(web.world.elbv2.changes.filter(({ arn }) => arn === web.testRule)).toHaveLength(1);
  });

  it('without a load balancer shifts nothing, and asks for weights all the same', () => {
    const world = worldWithService({ desiredCount: 2, deploymentConfiguration: BLUE_GREEN });
    pass(world, 20 * MINUTE);
    release(world);
    passToStage(world, 'BAKE_TIME');
    expect(tasks(world)).toHaveLength(4);
    expect(newest(world).targetServiceRevision?.requestedProductionTrafficWeight).toBe(100);
    stagesUntilEnd(world);
    pass(world, 2 * MINUTE);
    expect(tasks(world)).toHaveLength(2);
  });
});

describe('CANARY', () => {
  it('gives the new revision 5 % for its bake, then everything', () => {
    const web = shifting({ config: CANARY });
    release(web.world);
    passToStage(web.world, 'PRODUCTION_TRAFFIC_SHIFT');
    pass(web.world, MINUTE);
    expect(sharesAt(web, web.rule)).toBe('green 95, blue 5');
    expect(newest(web.world)).toMatchObject({
      lifecycleStage: 'PRODUCTION_TRAFFIC_SHIFT',
      targetServiceRevision: { requestedProductionTrafficWeight: 5 },
      sourceServiceRevisions: [{ requestedProductionTrafficWeight: 95 }],
    });
    pass(web.world, 8 * MINUTE);
    expect(sharesAt(web, web.rule)).toBe('green 95, blue 5');
    pass(web.world, 3 * MINUTE);
    expect(sharesAt(web, web.rule)).toBe('blue 100');
    stagesUntilEnd(web.world);
    expect(statuses(web.world)[0]).toBe('SUCCESSFUL');
  });

  it('writes weights on a scale of 1000, or of 100 by the choice of the world', () => {
    for (const [scale, weights] of [
      [1_000, [950, 50]],
      [100, [95, 5]],
    ] as const) {
      const web = shifting({ config: CANARY, unknowns: { weightScale: scale } });
      release(web.world);
      passToStage(web.world, 'PRODUCTION_TRAFFIC_SHIFT');
      expect(web.world.elbv2.changes.at(-1)?.weights.map(({ weight }) => weight)).toEqual(weights);
    }
  });

  it('lets a twentieth of the requests meet the new revision', () => {
    const web = shifting({ config: CANARY });
    release(web.world, { errorRate: 1 });
    passToStage(web.world, 'PRODUCTION_TRAFFIC_SHIFT');
    pass(web.world, 5_000);
    const before = servedBy(web.world, 'main', 'web');
    pass(web.world, 5 * MINUTE);
    const after = servedBy(web.world, 'main', 'web');
    expect((after.bad - before.bad) / (after.total - before.total)).toBeCloseTo(0.05, 3);
  });
});

describe('LINEAR', () => {
  it('goes in steps, each with its bake, none after the last', () => {
    const web = shifting({ config: LINEAR });
    const before = web.world.elbv2.changes.length;
    release(web.world);
    stagesUntilEnd(web.world);
    const moves = web.world.elbv2.changes
      .slice(before)
      .filter(({ arn }) => arn === web.rule)
      .map(({ at, weights }) => ({
        at,
        share: weights.find((one) => one.targetGroup === web.blue)?.weight,
      }));
    expect(moves.map(({ share }) => share)).toEqual([250, 500, 750, 100]);
    const gaps = moves.slice(1).map(({ at }, index) => at - (moves[index]?.at ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThan(2 * MINUTE);
    for (const gap of gaps) expect(gap).toBeLessThan(3 * MINUTE);
  });

  it('ends with a short step where 100 is no multiple: 30, 60, 90, 100', () => {
    const config = {
      ...LINEAR,
      linearConfiguration: { stepPercent: 30, stepBakeTimeInMinutes: 0 },
    };
    const web = shifting({ config });
    release(web.world);
    stagesUntilEnd(web.world);
    const shares = web.world.elbv2.changes.slice(-4).map(({ weights }) => weights[1]?.weight);
    expect(shares).toEqual([300, 600, 900, 100]);
  });
});

describe('Service Connect', () => {
  it('shares as it was asked, without a rule that could be read', () => {
    const serviceConnectConfiguration = { enabled: true, namespace: 'shop' };
    const world = worldWithService({ desiredCount: 0 });
    update(world, {
      desiredCount: 2,
      serviceConnectConfiguration,
      deploymentConfiguration: CANARY,
    });
    const route = { loadBalancer: 'app/none/0', targetGroup: 'targetgroup/none/0' };
    addTraffic(world, { cluster: 'main', service: 'web', ...route, requestsPerSecond: 50 });
    pass(world, 60 * MINUTE);
    release(world, { errorRate: 1 });
    passToStage(world, 'PRODUCTION_TRAFFIC_SHIFT');
    pass(world, 5_000);
    const before = servedBy(world, 'main', 'web');
    pass(world, 5 * MINUTE);
    const after = servedBy(world, 'main', 'web');
    expect((after.bad - before.bad) / (after.total - before.total)).toBeCloseTo(0.05, 3);
  });
});

describe('a Network Load Balancer', () => {
  it('shifts its listener, and takes ten minutes more for it', () => {
    const world = worldWithService({ desiredCount: 0 });
    const net = makeNetworkListener(world);
    const balancers = balancersOf(
      { ...net, balancer: '', rule: net.listener, testRule: '' },
      { withoutTestRule: true },
    );
    update(world, {
      desiredCount: 1,
      loadBalancers: balancers,
      deploymentConfiguration: { ...BLUE_GREEN, bakeTimeInMinutes: 0 },
    });
    passToStage(world, 'PRODUCTION_TRAFFIC_SHIFT');
    const began = world.now;
    passToStage(world, 'POST_PRODUCTION_TRAFFIC_SHIFT');
    expect(world.now - began).toBeGreaterThan(10 * MINUTE);
    expect(world.now - began).toBeLessThan(11 * MINUTE);
    const { Listeners } = elb.DescribeListeners(world, { ListenerArns: [net.listener] });
    expect(Listeners[0]?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups?.[1]).toEqual({
      TargetGroupArn: net.green,
      Weight: 100,
    });
  });
});

describe('what is wrong with the load balancer is found when the deployment begins', () => {
  it('a rule that is split fails it at once, and stays split', () => {
    const web = shifting();
    elb.ModifyRule(web.world, {
      RuleArn: web.rule,
      Actions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: web.blue, Weight: 950 },
              { TargetGroupArn: web.green, Weight: 50 },
            ],
          },
        },
      ],
    });
    release(web.world);
    pass(web.world, 8_000);
    expect(newest(web.world)).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: `Service deployment rolled back because of invalid networking configuration. productionListenerRule ${web.rule} should have exactly one target group serving traffic but found 2 target groups which are serving traffic`,
    });
    expect(sharesAt(web, web.rule)).toBe('blue 95, green 5');
    expect(tasks(web.world)).toHaveLength(2);
  });

  it('a rule that was reset from outside brings new tasks beside the old ones, and 503 in between', () => {
    const web = shifting();
    // Live is green; a template puts the rule back to blue, which has no tasks.
    elb.ModifyRule(web.world, {
      RuleArn: web.rule,
      Actions: [{ Type: 'forward', TargetGroupArn: web.blue }],
    });
    const before = servedBy(web.world, 'main', 'web').bad;
    release(web.world);
    stagesUntilEnd(web.world);
    expect(newest(web.world).status).toBe('SUCCESSFUL');
    expect(servedBy(web.world, 'main', 'web').bad).toBeGreaterThan(before);
  });
});

describe('a second update in the middle of a canary', () => {
  it('leaves the rule split, and fails for it', () => {
    const web = shifting({ config: CANARY });
    release(web.world);
    passToStage(web.world, 'PRODUCTION_TRAFFIC_SHIFT');
    pass(web.world, MINUTE);
    release(web.world);
    pass(web.world, 15_000);
    expect(statuses(web.world).slice(0, 2)).toEqual(['ROLLBACK_SUCCESSFUL', 'STOPPED']);
    expect(serviceDeployments(web.world)[0]?.statusReason).toContain('found 2 target groups');
    expect(sharesAt(web, web.rule)).toBe('green 95, blue 5');
  });

  it('before the shift reconciles: what the first one brought goes, the second one succeeds', () => {
    const web = shifting();
    release(web.world);
    passToStage(web.world, 'POST_SCALE_UP');
    release(web.world);
    expect(stagesUntilEnd(web.world)).toContain('RECONCILE_SERVICE');
    pass(web.world, 2 * MINUTE);
    expect(statuses(web.world).slice(0, 2)).toEqual(['SUCCESSFUL', 'STOPPED']);
    expect(tasks(web.world)).toHaveLength(2);
    expect(sharesAt(web, web.rule)).toBe('blue 100');
  });
});

describe('moving between strategies', () => {
  it('a rolling service takes BLUE_GREEN with its next deployment', () => {
    const web = shifting({ config: { strategy: 'ROLLING' } });
    expect(sharesAt(web, web.rule)).toBe('blue 100');
    update(web.world, { deploymentConfiguration: BLUE_GREEN });
    pass(web.world, MINUTE);
    expect(serviceDeployments(web.world)).toHaveLength(2);
    release(web.world);
    stagesUntilEnd(web.world);
    expect(sharesAt(web, web.rule)).toBe('green 100');
  });

  it('back to ROLLING uses the configured group, which may be the idle one, or the live one', () => {
    for (const [rollingGroup, lost] of [
      ['configured', true],
      ['live', false],
    ] as const) {
      const web = shifting({ unknowns: { rollingGroup } });
      expect(sharesAt(web, web.rule)).toBe('green 100');
      const before = servedBy(web.world, 'main', 'web').bad;
      update(web.world, { deploymentConfiguration: { strategy: 'ROLLING', bakeTimeInMinutes: 0 } });
      startRelease(web);
      pass(web.world, 10 * MINUTE);
      expect(servedBy(web.world, 'main', 'web').bad > before).toBe(lost);
    }
  });
});

describe('what ECS refuses at the call', () => {
  const refused = (config: object, more: object = {}) => {
    const web = shifting();
    return refusal(() => update(web.world, { deploymentConfiguration: config, ...more }));
  };

  it.each([
    [{ strategy: 'CANARY', canaryConfiguration: { canaryPercent: 0.05 } }, 'canaryPercent must be'],
    [{ strategy: 'CANARY', canaryConfiguration: { canaryPercent: 5.25 } }, 'in steps of 0.1'],
    [{ strategy: 'LINEAR', linearConfiguration: { stepPercent: 2.9 } }, 'between 3.0 and 100.0'],
    [{ canaryConfiguration: { canaryPercent: 5 } }, 'only valid with the CANARY'],
    [{ lifecycleHooks: [{ lifecycleStages: ['PRE_SCALE_UP'] }] }, 'hookTargetArn and roleArn'],
    [
      { lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['PRODUCTION_TRAFFIC_SHIFT'] }] },
      'PAUSE lifecycle hooks are not supported',
    ],
  ])('%j', (config, words) => {
    expect(refused(config)).toMatch(/^InvalidParameterException: /);
    expect(refused(config)).toContain(words);
  });

  it('a strategy on load balancers without advancedConfiguration', () => {
    const web = shifting({ config: { strategy: 'ROLLING' } });
    const plain = balancersOf(web).map(({ advancedConfiguration: _, ...one }) => one);
    const call = () =>
      update(web.world, { loadBalancers: plain, deploymentConfiguration: BLUE_GREEN });
    expect(refusal(call)).toContain(
      'advancedConfiguration field is required for all loadBalancers',
    );
  });

  it('CANARY and LINEAR without a load balancer or Service Connect', () => {
    const world = worldWithService({ desiredCount: 1 });
    const call = () => update(world, { deploymentConfiguration: CANARY });
    expect(refusal(call)).toContain('requires a load balancer or Service Connect');
  });
});
