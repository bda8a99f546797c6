import { describe, expect, it } from 'vitest';
import { alarmOperations as alarms } from '../../cloudwatch/alarm-operations.ts';
import { servingTasks } from '../../ecs/serving.ts';
import type { World } from '../../kernel/world.ts';
import {
  busEvents,
  deployments,
  lines,
  MINUTE,
  pass,
  passUntil,
  release,
  type Setting,
  service,
  serviceDeployments,
  statuses,
  steadyWorld,
  update,
} from './ecs-world.ts';

const ALARMED = { alarms: { alarmNames: ['errors', 'latency'], enable: true, rollback: true } };

/** A service that two alarms guard; without data they stay as they were set. */
function guardedWorld(setting: Setting = {}): World {
  const world = steadyWorld({ deploymentConfiguration: ALARMED, ...setting });
  for (const AlarmName of ALARMED.alarms.alarmNames) {
    alarms.PutMetricAlarm(world, {
      AlarmName,
      Namespace: 'test',
      MetricName: AlarmName,
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'ignore',
    });
    setAlarm(world, AlarmName, 'OK');
  }
  return world;
}

function setAlarm(world: World, AlarmName: string, StateValue: 'OK' | 'ALARM'): void {
  alarms.SetAlarmState(world, { AlarmName, StateValue, StateReason: 'the test says so' });
}

describe('deployment alarms', () => {
  it('a rise during the rollout rolls back within about a minute', () => {
    const world = guardedWorld();
    release(world);
    pass(world, 30_000);
    setAlarm(world, 'latency', 'ALARM');
    const rose = world.now;
    passUntil(world, () => statuses(world)[0] === 'ROLLBACK_IN_PROGRESS');
    expect(world.now - rose).toBeLessThanOrEqual(MINUTE + 1_000);
    expect(serviceDeployments(world)[0]?.alarms).toEqual({
      status: 'TRIGGERED',
      alarmNames: ['errors', 'latency'],
      triggeredAlarmNames: ['latency'],
    });
    expect(lines(world)).toContain(
      '(service web) (deployment ecs-svc/#) deployment failed: alarm detected.',
    );
    passUntil(world, () => statuses(world)[0] === 'ROLLBACK_SUCCESSFUL');
    expect(
      busEvents(world, 'ECS Deployment State Change').map(({ detail }) => detail.eventName),
    ).toContain('SERVICE_DEPLOYMENT_FAILED');
  });

  it('a rise during ECS’s own bake brings the old tasks back', () => {
    const world = guardedWorld({
      desiredCount: 2,
      deploymentConfiguration: { ...ALARMED, bakeTimeInMinutes: 10 },
    });
    pass(world, 10 * MINUTE);
    const before = servingTasks(world, 'main', 'web')[0]?.revision;
    release(world);
    passUntil(world, () => service(world).deployments?.length === 1);
    expect(statuses(world)[0]).toBe('IN_PROGRESS');
    setAlarm(world, 'errors', 'ALARM');
    passUntil(world, () => statuses(world)[0] === 'ROLLBACK_SUCCESSFUL');
    expect(servingTasks(world, 'main', 'web').map(({ revision }) => revision)).toEqual([
      before,
      before,
    ]);
  });

  it('an alarm that is red at the start is ignored for that deployment', () => {
    const world = guardedWorld();
    setAlarm(world, 'errors', 'ALARM');
    release(world);
    pass(world, MINUTE);
    setAlarm(world, 'latency', 'ALARM');
    pass(world, 10 * MINUTE);
    expect(statuses(world)[0]).toBe('SUCCESSFUL');
    expect(serviceDeployments(world)[0]?.alarms?.status).toBe('DISABLED');
  });

  it('without rollback only stop the deployment', () => {
    const world = guardedWorld({
      deploymentConfiguration: { alarms: { ...ALARMED.alarms, rollback: false } },
    });
    release(world);
    pass(world, 10_000);
    setAlarm(world, 'errors', 'ALARM');
    passUntil(world, () => statuses(world)[0] === 'STOPPED');
    expect(deployments(world)[0]).toBe('PRIMARY FAILED');
  });

  it('a rise after the deployment ended is nobody’s', () => {
    const world = guardedWorld();
    setAlarm(world, 'errors', 'ALARM');
    pass(world, 30 * MINUTE);
    expect(statuses(world)).toEqual(['SUCCESSFUL']);
  });

  it('that are not enabled are not looked at', () => {
    const world = guardedWorld({
      deploymentConfiguration: { alarms: { ...ALARMED.alarms, enable: false } },
    });
    release(world);
    pass(world, 10_000);
    setAlarm(world, 'errors', 'ALARM');
    pass(world, 10 * MINUTE);
    expect(statuses(world)[0]).toBe('SUCCESSFUL');
  });
});

describe('the bake', () => {
  it('keeps the deployment IN_PROGRESS for the minutes that were asked for', () => {
    const world = steadyWorld({ deploymentConfiguration: { bakeTimeInMinutes: 15 } });
    release(world);
    passUntil(world, () => service(world).deployments?.length === 1);
    pass(world, 14 * MINUTE);
    expect(statuses(world)[0]).toBe('IN_PROGRESS');
    expect(deployments(world)).toEqual(['PRIMARY IN_PROGRESS']);
    pass(world, MINUTE + 1_000);
    expect(statuses(world)[0]).toBe('SUCCESSFUL');
  });

  it('is under five minutes with alarms and no minutes asked for, and none with 0 minutes', () => {
    const world = steadyWorld({ deploymentConfiguration: ALARMED });
    release(world);
    passUntil(world, () => service(world).deployments?.length === 1);
    expect(statuses(world)[0]).toBe('IN_PROGRESS');
    pass(world, 5 * MINUTE);
    expect(statuses(world)[0]).toBe('SUCCESSFUL');
    update(world, { deploymentConfiguration: { bakeTimeInMinutes: 0 } });
    release(world);
    passUntil(world, () => service(world).deployments?.length === 1);
    expect(statuses(world)[0]).toBe('SUCCESSFUL');
  });
});
