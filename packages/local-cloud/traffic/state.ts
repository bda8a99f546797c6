/**
 * Requests through a load balancer: spreads them evenly over the tasks that serve, counts exactly
 * how many went wrong, and publishes what an Application Load Balancer publishes, as late as it
 * does. Expectation instead of chance: fractions are carried over, so counts are whole and repeatable.
 */
import { putDatum } from '../cloudwatch/metrics.ts';
import { type ServingTask, servingTasks } from '../ecs/scheduler.ts';
import { random } from '../kernel/random.ts';
import { schedule } from '../kernel/timers.ts';
import type { World } from '../kernel/world.ts';

export interface TrafficState {
  sources: TrafficSource[];
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    traffic: TrafficState;
  }
}

export interface TrafficSource extends Route {
  requestsPerSecond: number;
  /** Since the source began. */
  totals: { total: number; bad: number };
  /** Steps with bad requests, oldest first; `at` is the step's end. */
  badSteps: { readonly at: number; readonly count: number }[];
  /** What fractions are left of earlier steps. */
  carry: { requests: number; bad: number };
  minute: Minute;
}

export interface Route {
  readonly cluster: string;
  readonly service: string;
  /** As dimensions name it: `app/<name>/<id>`. */
  readonly loadBalancer: string;
  /** `targetgroup/<name>/<id>`. */
  readonly targetGroup: string;
}

interface Minute {
  readonly from: number;
  requests: number;
  targetErrors: number;
  /** Answered by the load balancer itself, for want of a target. */
  balancerErrors: number;
  /** [seconds, how many]. */
  responseTimes: [number, number][];
  /** [how many targets, in how many steps]. */
  healthy: [number, number][];
  unhealthy: [number, number][];
}

const STEP_MS = 5_000;
const MINUTE_MS = 60_000;

/**
 * How long after a minute's end its ALB metrics can be read. AWS says only that ALB "reports in
 * 60-second intervals"; that the newest minute is incomplete for one to two minutes is experience
 * (unverified).
 */
export const METRICS_LATE_MS = { least: 60_000, most: 90_000 } as const;

const DEFAULT_LATENCY_MS = 50;

export function emptyTraffic(): TrafficState {
  return { sources: [] };
}

/** Lets requests flow from now on. A second call for the same service changes the rate only. */
export function addTraffic(
  world: World,
  { requestsPerSecond, ...route }: Route & { readonly requestsPerSecond: number },
): void {
  const known = sourceOf(world, route.cluster, route.service);
  if (known !== undefined) {
    known.requestsPerSecond = requestsPerSecond;
    return;
  }
  world.traffic.sources.push({
    ...route,
    requestsPerSecond,
    totals: { total: 0, bad: 0 },
    badSteps: [],
    carry: { requests: 0, bad: 0 },
    minute: emptyMinute(Math.floor(world.now / MINUTE_MS) * MINUTE_MS),
  });
  if (world.traffic.sources.length === 1) scheduleStep(world);
}

/** Requests so far, and how many of them were answered with 5xx. */
export function servedBy(
  world: World,
  cluster: string,
  service: string,
): { readonly total: number; readonly bad: number } {
  return { ...(sourceOf(world, cluster, service)?.totals ?? { total: 0, bad: 0 }) };
}

/** Bad requests in the steps that ended after `from`, up to and including `to`. */
export function badRequestsBetween(
  world: World,
  { cluster, service }: Pick<Route, 'cluster' | 'service'>,
  from: number,
  to: number,
): number {
  const steps = sourceOf(world, cluster, service)?.badSteps ?? [];
  return steps.filter(({ at }) => at > from && at <= to).reduce((sum, { count }) => sum + count, 0);
}

function sourceOf(world: World, cluster: string, service: string): TrafficSource | undefined {
  return world.traffic.sources.find(
    (source) => source.cluster === cluster && source.service === service,
  );
}

function scheduleStep(world: World): void {
  schedule(world, (Math.floor(world.now / STEP_MS) + 1) * STEP_MS, 'traffic.step');
}

export const trafficTimers = {
  'traffic.step': (world: World): void => {
    scheduleStep(world);
    for (const source of world.traffic.sources) step(world, source);
  },
  'traffic.publish': (world: World, data: Record<string, unknown>): void => {
    publish(world, data.route as Route, data.minute as Minute);
  },
};

/** The step that ends now. Who serves at its end has served all of it. */
function step(world: World, source: TrafficSource): void {
  const { carry, minute } = source;
  carry.requests += (source.requestsPerSecond * STEP_MS) / 1000;
  const requests = Math.floor(carry.requests);
  carry.requests -= requests;

  const tasks = servingTasks(world, source.cluster, source.service);
  let bad = requests;
  if (tasks.length === 0) {
    minute.balancerErrors += requests;
  } else {
    for (const task of tasks) {
      const { errorRate, latencyMs } = answersOf(task, world.now);
      carry.bad += (requests / tasks.length) * errorRate;
      addTo(minute.responseTimes, latencyMs / 1000, requests / tasks.length);
    }
    // A billionth more, for shares that add up to 2.9999999.
    bad = Math.min(requests, Math.floor(carry.bad + 1e-9));
    carry.bad -= bad;
    minute.requests += requests;
    minute.targetErrors += bad;
  }
  addTo(minute.healthy, tasks.length, 1);
  addTo(minute.unhealthy, Math.max(0, runningCount(world, source) - tasks.length), 1);
  source.totals.total += requests;
  source.totals.bad += bad;
  if (bad > 0) source.badSteps.push({ at: world.now, count: bad });
  if (world.now % MINUTE_MS === 0) endMinute(world, source);
}

/** How a task answers at this moment: the share of errors, and the mean response time. */
export function answersOf(
  { behaviour, runningSince }: Pick<ServingTask, 'behaviour' | 'runningSince'>,
  now: number,
): { readonly errorRate: number; readonly latencyMs: number } {
  const faulty = now - runningSince >= (behaviour.faultyAfterSeconds ?? 0) * 1000;
  if (!faulty) return { errorRate: 0, latencyMs: DEFAULT_LATENCY_MS };
  const { errorRate = 0, latencyMs = DEFAULT_LATENCY_MS } = behaviour;
  return { errorRate, latencyMs };
}

function addTo(samples: [number, number][], value: number, count: number): void {
  if (count === 0) return;
  const same = samples.find(([other]) => other === value);
  if (same) same[1] += count;
  else samples.push([value, count]);
}

/** Tasks that run but do not serve are the target group's unhealthy ones. */
function runningCount(world: World, { cluster, service }: Route): number {
  let count = 0;
  for (const { tasks } of world.ecs.services[`${cluster}/${service}`]?.deployments ?? []) {
    for (const id of tasks) if (world.ecs.tasks[id]?.lastStatus === 'RUNNING') count++;
  }
  return count;
}

function endMinute(world: World, source: TrafficSource): void {
  const { cluster, service, loadBalancer, targetGroup, minute } = source;
  const lateMs =
    METRICS_LATE_MS.least + random(world) * (METRICS_LATE_MS.most - METRICS_LATE_MS.least);
  const route: Route = { cluster, service, loadBalancer, targetGroup };
  schedule(world, world.now + Math.floor(lateMs), 'traffic.publish', { route, minute });
  source.minute = emptyMinute(world.now);
}

function emptyMinute(from: number): Minute {
  return {
    from,
    requests: 0,
    targetErrors: 0,
    balancerErrors: 0,
    responseTimes: [],
    healthy: [],
    unhealthy: [],
  };
}

/**
 * docs, load-balancer-cloudwatch-metrics: counts are reported "if there is a nonzero value", and
 * the load balancer's own errors by LoadBalancer only.
 */
function publish(world: World, { loadBalancer, targetGroup }: Route, minute: Minute): void {
  const whole = { LoadBalancer: loadBalancer };
  const group = { LoadBalancer: loadBalancer, TargetGroup: targetGroup };
  const put = (
    metricName: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    count = 1,
  ) =>
    putDatum(world, {
      namespace: 'AWS/ApplicationELB',
      metricName,
      dimensions,
      at: minute.from,
      value,
      count,
    });
  const good = minute.requests - minute.targetErrors;
  for (const dimensions of [whole, group]) {
    if (minute.requests > 0) put('RequestCount', dimensions, minute.requests);
    if (good > 0) put('HTTPCode_Target_2XX_Count', dimensions, good);
    if (minute.targetErrors > 0) put('HTTPCode_Target_5XX_Count', dimensions, minute.targetErrors);
    for (const [seconds, count] of minute.responseTimes) {
      put('TargetResponseTime', dimensions, seconds, count);
    }
  }
  if (minute.balancerErrors > 0) put('HTTPCode_ELB_5XX_Count', whole, minute.balancerErrors);
  for (const [targets, steps] of minute.healthy) put('HealthyHostCount', group, targets, steps);
  for (const [targets, steps] of minute.unhealthy) put('UnHealthyHostCount', group, targets, steps);
}
