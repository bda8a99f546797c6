import { beforeEach, describe, expect, it } from 'vitest';
import { cloudwatchOperations } from '../../cloudwatch/operations.ts';
import type { Behaviour } from '../../ecr/behaviour.ts';
import { pushImage } from '../../ecr/images.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld, execute } from '../../services.ts';
import { METRICS_LATE_MS } from '../../traffic/minutes.ts';
import { addTraffic, badRequestsBetween, servedBy } from '../../traffic/state.ts';
import { stateChanges } from '../cloudwatch/cloudwatch-world.ts';

const MINUTE = 60_000;
const READY = Date.UTC(2026, 10, 21, 10, 0, 0);
const ROUTE = {
  cluster: 'main',
  service: 'web',
  loadBalancer: 'app/web/50dc6c495c0c9188',
  targetGroup: 'targetgroup/web/73e2d6bc24d8a067',
};
const WHOLE = [{ Name: 'LoadBalancer', Value: ROUTE.loadBalancer }];
const GROUP = [...WHOLE, { Name: 'TargetGroup', Value: ROUTE.targetGroup }];

let world: World;

beforeEach(() => {
  world = emptyWorld({
    now: READY - 10 * MINUTE,
    seed: 9,
    account: '123456789012',
    region: 'eu-west-1',
  });
});

/** A service whose two tasks behave so, running since some minutes before READY. */
function run(behaviour: Behaviour, desiredCount = 2): void {
  const digest = pushImage(world, { repository: 'web', tag: 'v1', behaviour });
  const ecs = (operation: string, input: object) => execute(world, 'ecs', operation, input);
  ecs('CreateCluster', { clusterName: 'main' });
  ecs('RegisterTaskDefinition', {
    family: 'web',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole',
    containerDefinitions: [
      {
        name: 'app',
        essential: true,
        image: `${world.account}.dkr.ecr.${world.region}.amazonaws.com/web@${digest}`,
      },
    ],
  });
  ecs('CreateService', {
    cluster: 'main',
    serviceName: 'web',
    taskDefinition: 'web:1',
    desiredCount,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: [] } },
  });
  advance(world, READY);
}

function sums(metricName: string, Dimensions: typeof WHOLE, Stat = 'Sum'): readonly number[] {
  const { MetricDataResults } = cloudwatchOperations.GetMetricData(world, {
    StartTime: new Date(READY),
    EndTime: new Date(world.now),
    ScanBy: 'TimestampAscending',
    MetricDataQueries: [
      {
        Id: 'm',
        MetricStat: {
          Metric: { Namespace: 'AWS/ApplicationELB', MetricName: metricName, Dimensions },
          Period: 60,
          Stat,
        },
      },
    ],
  });
  return MetricDataResults[0]?.Values ?? [];
}

describe('requests', () => {
  it('are counted exactly, also at rates that are no whole number', () => {
    run({});
    addTraffic(world, { ...ROUTE, requestsPerSecond: 0.3 });
    advance(world, READY + 10 * MINUTE);
    expect(servedBy(world, 'main', 'web')).toEqual({ total: 180, bad: 0 });
  });

  it('go wrong as often as the image says', () => {
    run({ errorRate: 0.25 });
    addTraffic(world, { ...ROUTE, requestsPerSecond: 10 });
    advance(world, READY + 2 * MINUTE);
    expect(servedBy(world, 'main', 'web')).toEqual({ total: 1200, bad: 300 });
    expect(badRequestsBetween(world, ROUTE, READY, READY + MINUTE)).toBe(150);
  });

  it('go wrong only from when the image turns faulty', () => {
    run({ errorRate: 1, faultyAfterSeconds: 24 * 3600 });
    addTraffic(world, { ...ROUTE, requestsPerSecond: 10 });
    advance(world, READY + MINUTE);
    expect(servedBy(world, 'main', 'web')).toEqual({ total: 600, bad: 0 });
  });

  it('all go wrong when no task serves', () => {
    run({}, 0);
    addTraffic(world, { ...ROUTE, requestsPerSecond: 10 });
    advance(world, READY + 3 * MINUTE);
    expect(servedBy(world, 'main', 'web')).toEqual({ total: 1800, bad: 1800 });
    expect(sums('HTTPCode_ELB_5XX_Count', WHOLE)[0]).toBe(600);
    expect(sums('HTTPCode_ELB_5XX_Count', GROUP)).toEqual([]);
    expect(sums('RequestCount', WHOLE)).toEqual([]);
    expect(sums('HealthyHostCount', GROUP, 'Maximum')[0]).toBe(0);
  });

  it('change their rate without starting anew', () => {
    run({});
    addTraffic(world, { ...ROUTE, requestsPerSecond: 10 });
    advance(world, READY + MINUTE);
    addTraffic(world, { ...ROUTE, requestsPerSecond: 1 });
    advance(world, READY + 2 * MINUTE);
    expect(servedBy(world, 'main', 'web').total).toBe(660);
  });

  it('are the same for the same seed', () => {
    const play = () => {
      world = emptyWorld({ now: READY - 10 * MINUTE, seed: 9, account: '1', region: 'eu-west-1' });
      run({ errorRate: 0.1, latencyMs: 80 });
      addTraffic(world, { ...ROUTE, requestsPerSecond: 7 });
      advance(world, READY + 5 * MINUTE);
      return JSON.stringify(world);
    };
    expect(play()).toBe(play());
  });
});

describe('metrics of the load balancer', () => {
  it('are published one to one and a half minutes after their minute', () => {
    run({ errorRate: 0.25, latencyMs: 80 });
    addTraffic(world, { ...ROUTE, requestsPerSecond: 10 });
    advance(world, READY + MINUTE + METRICS_LATE_MS.least - 1);
    expect(sums('RequestCount', GROUP)).toEqual([]);
    advance(world, READY + MINUTE + METRICS_LATE_MS.most);
    expect(sums('RequestCount', GROUP)).toEqual([600]);
    expect(sums('RequestCount', WHOLE)).toEqual([600]);
    expect(sums('HTTPCode_Target_5XX_Count', GROUP)).toEqual([150]);
    expect(sums('TargetResponseTime', GROUP, 'Average')[0]).toBeCloseTo(0.08);
    expect(sums('HealthyHostCount', GROUP, 'Minimum')).toEqual([2]);
  });

  it('have no errors of targets while there are none', () => {
    run({});
    addTraffic(world, { ...ROUTE, requestsPerSecond: 10 });
    advance(world, READY + 5 * MINUTE);
    expect(sums('HTTPCode_Target_5XX_Count', GROUP)).toEqual([]);
  });

  it('raise an alarm of 2 in 3 minutes within six minutes', () => {
    run({ errorRate: 0.25 });
    const metric = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: {
        Metric: { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions: GROUP },
        Period: 60,
        Stat: 'Sum',
      },
      ReturnData: false,
    });
    cloudwatchOperations.PutMetricAlarm(world, {
      AlarmName: 'web-5xx-rate',
      Metrics: [
        { Id: 'rate', Expression: 'IF(req > 20, 100 * FILL(err,0) / req, 0)', ReturnData: true },
        metric('err', 'HTTPCode_Target_5XX_Count'),
        metric('req', 'RequestCount'),
      ],
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
    addTraffic(world, { ...ROUTE, requestsPerSecond: 10 });
    advance(world, READY + 6 * MINUTE);
    const rise = stateChanges(world).find(({ detail }) => {
      const { value } = detail.state as { value: string };
      return value === 'ALARM';
    });
    const after = (Date.parse(rise?.time ?? '') - READY) / 1000;
    expect(after).toBeGreaterThan(3 * 60);
    expect(after).toBeLessThan(5.5 * 60);
  });
});
