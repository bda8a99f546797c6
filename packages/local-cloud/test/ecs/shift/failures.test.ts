/** ECS alone with each strategy: bad releases, with an alarm, with the breaker, by a person's word. */
import { describe, expect, it } from 'vitest';
import { cloudwatchOperations } from '../../../cloudwatch/operations.ts';
import { ecsOperations as ecs } from '../../../ecs/operations.ts';
import type { Unknowns } from '../../../ecs/shift/state.ts';
import { loadBalancerPath } from '../../../elbv2/state.ts';
import { servedBy } from '../../../traffic/state.ts';
import { healthIn } from '../../elbv2/elbv2-world.ts';
import {
  deployments,
  lines,
  MINUTE,
  pass,
  passUntil,
  refusal,
  release,
  serviceDeployments,
  statuses,
  tasks,
  update,
} from '../ecs-world.ts';
import {
  BLUE_GREEN,
  BREAKER,
  CANARY,
  hook,
  LINEAR,
  newest,
  passToStage,
  SAYS,
  type Shifting,
  sharesAt,
  shifting,
  stagesUntilEnd,
} from './shift-world.ts';

/** More than one bad answer in a hundred of all, in two of three minutes. */
function putAlarm({ world, balancer }: Shifting): void {
  const metric = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/ApplicationELB',
        MetricName,
        Dimensions: [{ Name: 'LoadBalancer', Value: loadBalancerPath(balancer) }],
      },
      Period: 60,
      Stat: 'Sum',
    },
  });
  cloudwatchOperations.PutMetricAlarm(world, {
    AlarmName: 'web-5xx',
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    Metrics: [
      metric('bad', 'HTTPCode_Target_5XX_Count'),
      metric('all', 'RequestCount'),
      { Id: 'share', Expression: '100 * FILL(bad, 0) / all', ReturnData: true },
    ],
  });
}

const ALARMS = { alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true } };

/** A bad release under an alarm; answers how many requests went wrong. */
function badRelease(config: object, unknowns?: Unknowns) {
  const web = shifting({
    config: { ...config, ...ALARMS, ...BREAKER },
    ...(unknowns && { unknowns }),
  });
  putAlarm(web);
  pass(web.world, 5 * MINUTE);
  const before = servedBy(web.world, 'main', 'web').bad;
  release(web.world, { errorRate: 1 });
  stagesUntilEnd(web.world);
  pass(web.world, 3 * MINUTE);
  return { web, bad: servedBy(web.world, 'main', 'web').bad - before };
}

describe('a release that answers nothing but errors, under an alarm', () => {
  it.each([
    ['BLUE_GREEN', BLUE_GREEN],
    ['CANARY', CANARY],
    ['LINEAR', LINEAR],
  ])('%s: goes back by the rule, and the old tasks never stopped', (_, config) => {
    const { web } = badRelease(config);
    expect(newest(web.world)).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because of one or more active alarms.',
      alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['web-5xx'] },
      targetServiceRevision: { requestedProductionTrafficWeight: 0 },
    });
    expect(sharesAt(web, web.rule)).toBe('green 100');
    expect(sharesAt(web, web.testRule)).toBe('green 100');
    expect(healthIn(web.world, web.green)).toEqual(['healthy', 'healthy']);
    expect(tasks(web.world)).toHaveLength(2);
    expect(deployments(web.world)).toEqual(['PRIMARY COMPLETED']);
  });

  it('a canary of 5 % lets through a fraction of what blue/green does', () => {
    const all = badRelease(BLUE_GREEN).bad;
    const few = badRelease(CANARY).bad;
    expect(all).toBeGreaterThan(5_000);
    expect(few / all).toBeLessThan(0.1);
  });
});

describe('tasks that do not start', () => {
  it.each([
    ['BLUE_GREEN', BLUE_GREEN],
    ['CANARY', CANARY],
    ['LINEAR', LINEAR],
  ])('%s: trip the breaker before any traffic moved', (_, config) => {
    const web = shifting({ config: { ...config, ...BREAKER } });
    const before = web.world.elbv2.changes.length;
    release(web.world, { exitCodeOnStart: 1 });
    stagesUntilEnd(web.world);
    expect(newest(web.world)).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason:
        'Service deployment rolled back because the circuit breaker threshold was exceeded.',
    });
    expect(web.world.elbv2.changes).toHaveLength(before);
    expect(lines(web.world).join()).toContain('deployment failed: Service deployment rolled back');
  });

  it('of a first deployment have nothing to go back to', () => {
    const web = shifting({ config: { ...BLUE_GREEN, ...BREAKER } });
    delete web.world.ecs.services['main/web']?.completed;
    release(web.world, { exitCodeOnStart: 1 });
    stagesUntilEnd(web.world);
    expect(newest(web.world)).toMatchObject({
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
    });
  });

  it('without a breaker stand still until somebody stops them', () => {
    const web = shifting();
    release(web.world, { exitCodeOnStart: 1 });
    pass(web.world, 30 * MINUTE);
    expect(newest(web.world)).toMatchObject({ status: 'IN_PROGRESS', lifecycleStage: 'SCALE_UP' });
  });
});

describe('an alarm without rollback', () => {
  it('stops a canary, leaves its traffic split, and the next deployment fails for it', () => {
    const alarms = { alarms: { ...ALARMS.alarms, rollback: false } };
    const web = shifting({ config: { ...CANARY, ...alarms } });
    putAlarm(web);
    pass(web.world, 5 * MINUTE);
    release(web.world, { errorRate: 1 });
    stagesUntilEnd(web.world);
    expect(newest(web.world).status).toBe('STOPPED');
    pass(web.world, 20 * MINUTE);
    expect(sharesAt(web, web.rule)).toBe('green 95, blue 5');
    release(web.world);
    pass(web.world, 10_000);
    expect(serviceDeployments(web.world)[0]?.statusReason).toContain('found 2 target groups');
  });
});

function stop({ world }: Shifting): void {
  ecs.StopServiceDeployment(world, {
    serviceDeploymentArn: newest(world).serviceDeploymentArn,
    stopType: 'ROLLBACK',
  });
}

describe('StopServiceDeployment with ROLLBACK', () => {
  it.each([
    ['SCALE_UP', BLUE_GREEN],
    ['POST_TEST_TRAFFIC_SHIFT', BLUE_GREEN],
    ['PRODUCTION_TRAFFIC_SHIFT', CANARY],
    ['BAKE_TIME', BLUE_GREEN],
    ['BAKE_TIME', LINEAR],
  ])('at %s: the traffic is back within seconds, by the rule', (stage, config) => {
    const web = shifting({ config });
    release(web.world, { errorRate: 1 });
    passToStage(web.world, stage);
    pass(web.world, 20_000);
    stop(web);
    expect(newest(web.world).status).toBe('ROLLBACK_REQUESTED');
    const asked = web.world.now;
    passUntil(web.world, () => sharesAt(web, web.rule) === 'green 100', MINUTE);
    expect(web.world.now - asked).toBeLessThan(15_000);
    passUntil(web.world, () => statuses(web.world)[0] === 'ROLLBACK_SUCCESSFUL', 3 * MINUTE);
    expect(newest(web.world).statusReason).toBe('Service deployment rolled back by user');
    pass(web.world, 3 * MINUTE);
    expect(tasks(web.world)).toHaveLength(2);
    expect(healthIn(web.world, web.green)).toEqual(['healthy', 'healthy']);
  });

  it('after SUCCESSFUL is refused', () => {
    const web = shifting();
    release(web.world);
    stagesUntilEnd(web.world);
    expect(refusal(() => stop(web))).toMatch(/^ConflictException/);
  });

  it('may come too late: at the last stage it ends SUCCESSFUL all the same', () => {
    const web = shifting({ config: { ...BLUE_GREEN, bakeTimeInMinutes: 0 } });
    release(web.world);
    const isLast = () => {
      const id = web.world.ecs.services['main/web']?.open[0] ?? '';
      const { plan = [], at = 0 } = web.world.ecs.serviceDeployments[id]?.shift ?? {};
      return plan[at]?.stage === 'CLEAN_UP';
    };
    while (!isLast()) pass(web.world, 100);
    stop(web);
    pass(web.world, 10_000);
    expect(statuses(web.world)[0]).toBe('SUCCESSFUL');
    expect(sharesAt(web, web.rule)).toBe('blue 100');
  });
});

describe('the way back', () => {
  it('waits for nobody: a hook holds up only the rule that comes after it', () => {
    for (const [rollbackOrder, mostMs] of [
      ['production-first', 15_000],
      ['test-first', 10 * MINUTE],
    ] as const) {
      const web = shifting({ unknowns: { rollbackOrder } });
      const slow = hook(web.world, ['TEST_TRAFFIC_SHIFT'], [SAYS.yes, { ...SAYS.wait }, SAYS.yes]);
      update(web.world, { deploymentConfiguration: { lifecycleHooks: [slow] } });
      release(web.world);
      passToStage(web.world, 'BAKE_TIME');
      stop(web);
      const asked = web.world.now;
      passUntil(web.world, () => sharesAt(web, web.rule) === 'green 100');
      expect(web.world.now - asked).toBeLessThan(mostMs);
      if (rollbackOrder === 'test-first') expect(web.world.now - asked).toBeGreaterThan(40_000);
    }
  });

  it('fails if a hook refuses it', () => {
    const web = shifting();
    const stubborn = hook(web.world, ['PRODUCTION_TRAFFIC_SHIFT'], [SAYS.yes, SAYS.no]);
    update(web.world, { deploymentConfiguration: { lifecycleHooks: [stubborn] } });
    release(web.world);
    passToStage(web.world, 'BAKE_TIME');
    stop(web);
    pass(web.world, 2 * MINUTE);
    expect(statuses(web.world)[0]).toBe('ROLLBACK_FAILED');
    expect(sharesAt(web, web.rule)).toBe('green 100');
  });

  it('that is broken by the world leaves the rule split', () => {
    const web = shifting({ config: CANARY, unknowns: { brokenRollback: true } });
    release(web.world);
    passToStage(web.world, 'PRODUCTION_TRAFFIC_SHIFT');
    stop(web);
    pass(web.world, MINUTE);
    expect(statuses(web.world)[0]).toBe('ROLLBACK_FAILED');
    expect(sharesAt(web, web.rule)).toBe('green 95, blue 5');
  });

  it('starts the old tasks again where they are gone, and moves the traffic only then', () => {
    const web = shifting();
    release(web.world);
    passToStage(web.world, 'BAKE_TIME');
    const old = tasks(web.world).filter(
      ({ startedBy }) =>
        !newest(web.world).targetServiceRevision?.arn?.endsWith(startedBy?.slice(8) ?? ''),
    );
    expect(old).toHaveLength(2);
    for (const { taskArn } of old) ecs.StopTask(web.world, { cluster: 'main', task: taskArn });
    stop(web);
    const before = servedBy(web.world, 'main', 'web').bad;
    passUntil(web.world, () => statuses(web.world)[0] === 'ROLLBACK_SUCCESSFUL', 10 * MINUTE);
    expect(sharesAt(web, web.rule)).toBe('green 100');
    expect(servedBy(web.world, 'main', 'web').bad).toBe(before);
  });
});
