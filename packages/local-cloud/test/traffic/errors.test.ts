/** How errors come: with an onset, a ramp, a warm-up, a blip, in clusters, drifting, in bursts; and how late they are read. */
import { beforeEach, describe, expect, it } from 'vitest';
import { cloudwatchOperations } from '../../cloudwatch/operations.ts';
import type { Behaviour } from '../../ecr/behaviour.ts';
import { answersOf } from '../../traffic/answers.ts';
import { drawn } from '../../traffic/chances.ts';
import { type Clusters, commonErrorsAt } from '../../traffic/common-errors.ts';
import { emptyMinute, type Minute } from '../../traffic/minutes.ts';
import { type Readings, readingsOf } from '../../traffic/readings.ts';
import { addTraffic, type NewTraffic } from '../../traffic/state.ts';
import { MINUTE, pass, worldWithService } from '../ecs/ecs-world.ts';

const SECOND = 1_000;

/** The errors of a task so many seconds after its start and its revision's first request. */
function errorsAfter(behaviour: Behaviour, seconds: number): number {
  const asked = { now: seconds * SECOND, requestsPerSecond: 10, firstAt: 0 };
  return answersOf({ behaviour, runningSince: 0 }, asked).errorRate;
}

describe('an image', () => {
  it('turns faulty at its onset, and grows to its rate along its ramp', () => {
    const behaviour = { errorRate: 0.4, faultyAfterSeconds: 60, rampSeconds: 100 };
    const rates = [0, 59, 60, 85, 110, 160, 9_999].map((at) => errorsAfter(behaviour, at));
    expect(rates).toEqual([0, 0, 0, 0.1, 0.2, 0.4, 0.4]);
  });

  it('warms up: what fails more dies away with its time constant', () => {
    const behaviour = { warmUp: { errorRate: 0.1, seconds: 20 } };
    expect(errorsAfter(behaviour, 0)).toBeCloseTo(0.1);
    expect(errorsAfter(behaviour, 20)).toBeCloseTo(0.1 / Math.E);
    expect(errorsAfter(behaviour, 200)).toBeLessThan(0.00001);
  });

  it('warms up from its first request on, and a task that starts later from its start', () => {
    const behaviour = { warmUp: { errorRate: 0.1, seconds: 20 } };
    const warm = (runningSince: number, firstAt: number | undefined) =>
      answersOf({ behaviour, runningSince }, { now: 500_000, requestsPerSecond: 1, firstAt });
    expect(warm(0, 500_000).errorRate).toBeCloseTo(0.1);
    expect(warm(500_000, 0).errorRate).toBeCloseTo(0.1);
    // Of a world that was saved before anybody remembered.
    expect(warm(0, undefined).errorRate).toBe(0);
  });

  it('has a blip once, so long after its first request', () => {
    const behaviour = { blip: { errorRate: 0.5, seconds: 30, afterSeconds: 300 } };
    const rates = [295, 300, 325, 330].map((at) => errorsAfter(behaviour, at));
    expect(rates).toEqual([0, 0.5, 0.5, 0]);
  });

  it('takes so many times as long to answer', () => {
    const asked = { now: 0, requestsPerSecond: 10, firstAt: 0 };
    const latency = (behaviour: Behaviour) =>
      answersOf({ behaviour, runningSince: 0 }, asked).latencyMs;
    expect(latency({ latencyFactor: 2 })).toBe(100);
    expect(latency({ latencyMs: 30, latencyFactor: 1.5 })).toBe(45);
  });
});

describe('what fails of every revision', () => {
  const now = Date.UTC(2026, 10, 21, 10);
  const drawn = (seed: number) => ({ chance: seed, pattern: { kind: 'steady' } as const });

  it('drifts from minute to minute around its rate, and not within one', () => {
    const source = { drawn: drawn(3), errors: { rate: 0.01, drift: 0.7 } };
    const rates = Array.from({ length: 2_000 }, (_, minute) => {
      const first = commonErrorsAt(source, now + minute * MINUTE + 5 * SECOND).rate;
      const last = commonErrorsAt(source, now + (minute + 1) * MINUTE).rate;
      expect(last).toBe(first);
      return Math.log(first / 0.01);
    });
    const mean = rates.reduce((sum, it) => sum + it, 0) / rates.length;
    const deviation = Math.sqrt(
      rates.reduce((sum, it) => sum + (it - mean) ** 2, 0) / rates.length,
    );
    expect(Math.abs(mean)).toBeLessThan(0.3);
    expect(deviation).toBeGreaterThan(0.5);
    expect(deviation).toBeLessThan(0.9);
    const steps = rates.slice(1).map((it, index) => Math.abs(it - (rates[index] ?? 0)));
    // 0.7 · √(1 − 0.9²) is 0.31: it does not jump.
    expect(steps.reduce((sum, it) => sum + it, 0) / steps.length).toBeLessThan(0.35);
  });

  it('rises in bursts, some minutes apart', () => {
    const bursts = { rate: 0.3, seconds: 20, everyMinutes: 10 };
    const source = { drawn: drawn(3), errors: { rate: 0, bursts } };
    let ill = 0;
    for (let at = now; at < now + 1_000 * MINUTE; at += 5 * SECOND) {
      if (commonErrorsAt(source, at).rate === 0.3) ill += 5;
    }
    // A hundred of 20 s.
    expect(ill).toBeGreaterThan(1_200);
    expect(ill).toBeLessThan(2_800);
  });
});

const ROUTE = {
  cluster: 'main',
  service: 'web',
  loadBalancer: 'app/web/50dc6c495c0c9188',
  targetGroup: 'targetgroup/web/73e2d6bc24d8a067',
};

describe('of the requests of a service', () => {
  let world: ReturnType<typeof worldWithService>;
  beforeEach(() => {
    world = worldWithService({ desiredCount: 2 });
    pass(world, 5 * MINUTE);
  });

  /** Errors of each of sixty minutes as CloudWatch knows them at the end. */
  function errorsOf(more: Partial<NewTraffic>): readonly number[] {
    addTraffic(world, { ...ROUTE, requestsPerSecond: 100, drawn: { seed: 5 }, ...more });
    const from = world.now;
    pass(world, 70 * MINUTE);
    const { MetricDataResults } = cloudwatchOperations.GetMetricData(world, {
      StartTime: new Date(from),
      EndTime: new Date(from + 60 * MINUTE),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: ['HTTPCode_Target_5XX_Count'].map((MetricName) => ({
        Id: 'm',
        MetricStat: {
          Metric: {
            Namespace: 'AWS/ApplicationELB',
            MetricName,
            Dimensions: [{ Name: 'LoadBalancer', Value: ROUTE.loadBalancer }],
          },
          Period: 60,
          Stat: 'Sum',
        },
      })),
    });
    return MetricDataResults[0]?.Values ?? [];
  }

  /** Of 30 a minute in the mean: about 1 where each comes by itself. */
  function scatterOf(errors: readonly number[]): number {
    const mean = errors.reduce((sum, it) => sum + it, 0) / errors.length;
    expect(mean).toBeGreaterThan(20);
    expect(mean).toBeLessThan(42);
    return errors.reduce((sum, it) => sum + (it - mean) ** 2, 0) / errors.length / mean;
  }

  it('errors come each by itself', () => {
    expect(scatterOf(errorsOf({ errors: { rate: 0.005 } }))).toBeLessThan(1.8);
  });

  it('errors come in clusters, as many in the mean, and scatter more', () => {
    expect(scatterOf(errorsOf({ errors: { rate: 0.005, clusterSize: 8 } }))).toBeGreaterThan(4);
  });

  it('clusters of a heavy tail are as many errors in the mean, and scatter 15 times as much, not 9 times', () => {
    const perMinute = (clusters: Clusters) => {
      const chances = drawn({ chance: 7, pattern: { kind: 'steady' } });
      const parts = [{ count: 6_000, rate: 0, clusters }];
      return Array.from({ length: 3_000 }, () => chances.failures('web', parts).bad);
    };
    // E(size²) / E(size): 71 / 8 of one and a Poisson number more, 120 / 8 of geometric sizes.
    const light = scatterOf(perMinute({ rate: 0.005, size: 8 }));
    const heavy = scatterOf(perMinute({ rate: 0.005, size: 8, tail: 'heavy' }));
    expect([Math.round(light), Math.round(heavy)]).toEqual([9, 15]);
  });
});

describe('a minute', () => {
  const minute: Minute = {
    ...emptyMinute(0),
    groups: {
      web: {
        requests: 101,
        targetErrors: 11,
        responseTimes: [[0.05, 101]],
        healthy: [[2, 12]],
        unhealthy: [],
      },
    },
  };
  const read = (readings: Partial<Readings>) =>
    readingsOf({ chance: 1, ...readings }, minute, 70 * SECOND).map(({ afterMs, minute: read }) => [
      afterMs / SECOND,
      read.groups.web?.requests,
      read.groups.web?.targetErrors,
    ]);

  it('is read whole and in time as a rule', () => {
    expect(read({})).toEqual([[70, 101, 11]]);
  });

  it('may be missing, or late', () => {
    expect(read({ missing: 1 })).toEqual([]);
    expect(read({ late: 1 })).toEqual([[240, 101, 11]]);
    expect(read({ late: 1, lateMs: 600 * SECOND })).toEqual([[600, 101, 11]]);
  });

  it('may come in two parts that are the whole together: a half, or nine tenths and a correction', () => {
    expect(read({ halved: 1 })).toEqual([
      [70, 50, 5],
      [130, 51, 6],
    ]);
    expect(read({ corrected: 1 })).toEqual([
      [70, 90, 9],
      [130, 11, 2],
    ]);
  });

  it('is drawn, by shares of all minutes', () => {
    const readings = { chance: 7, missing: 0.1, late: 0.2 };
    const all = Array.from({ length: 1_000 }, () => readingsOf(readings, minute, 0));
    const missing = all.filter((it) => it.length === 0).length;
    const late = all.filter((it) => it[0]?.afterMs === 240_000).length;
    expect(missing / 100).toBeCloseTo(1, 0);
    expect(late / 100).toBeCloseTo(2, 0);
  });
});
