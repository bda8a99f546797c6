/** What an Application Load Balancer counts in a minute, and publishes as late as it does. */
import { putDatum } from '../cloudwatch/metrics.ts';
import { random } from '../kernel/random.ts';
import { schedule } from '../kernel/timers.ts';
import type { World } from '../kernel/world.ts';
import { type Readings, readingsOf } from './readings.ts';

/** A minute of a load balancer: of each target group, and what it answered by itself. */
export interface Minute {
  readonly from: number;
  /** Answered by the load balancer itself, for want of a target. */
  balancerErrors: number;
  groups: Record<string, GroupMinute>;
}

export interface GroupMinute {
  requests: number;
  targetErrors: number;
  /** [seconds, how many]. */
  responseTimes: [number, number][];
  /** [how many targets, in how many steps]. */
  healthy: [number, number][];
  unhealthy: [number, number][];
}

/**
 * How long after a minute's end its ALB metrics can be read. AWS says only that ALB "reports in
 * 60-second intervals"; that the newest minute is incomplete for one to two minutes is experience
 * (unverified).
 */
export const METRICS_LATE_MS = { least: 60_000, most: 90_000 } as const;

export function emptyMinute(from: number): Minute {
  return { from, balancerErrors: 0, groups: {} };
}

export function groupOf(minute: Minute, targetGroup: string): GroupMinute {
  minute.groups[targetGroup] ??= {
    requests: 0,
    targetErrors: 0,
    responseTimes: [],
    healthy: [],
    unhealthy: [],
  };
  return minute.groups[targetGroup];
}

export function addTo(samples: [number, number][], value: number, count: number): void {
  if (count === 0) return;
  const same = samples.find(([other]) => other === value);
  if (same) same[1] += count;
  else samples.push([value, count]);
}

/** Whose minutes these are. */
interface Counted {
  readonly loadBalancer: string;
  readonly readings?: Readings;
}

export function publishLater(world: World, { loadBalancer, readings }: Counted, minute: Minute) {
  const lateMs =
    METRICS_LATE_MS.least + random(world) * (METRICS_LATE_MS.most - METRICS_LATE_MS.least);
  for (const reading of readingsOf(readings, minute, Math.floor(lateMs))) {
    const data = { loadBalancer, minute: reading.minute };
    schedule(world, world.now + reading.afterMs, 'traffic.publish', data);
  }
}

type Dimensions = Readonly<Record<string, string>>;

/**
 * docs, load-balancer-cloudwatch-metrics: counts are reported "if there is a nonzero value", and
 * the load balancer's own errors by LoadBalancer only.
 */
export function publish(world: World, loadBalancer: string, minute: Minute): void {
  // A Network Load Balancer counts flows, and Service Connect's metrics are not modelled.
  if (!loadBalancer.startsWith('app/')) return;
  const whole = { LoadBalancer: loadBalancer };
  const groups = Object.entries(minute.groups);
  const put = putterOf(world, minute.from);
  publishRequests(put, whole, together(groups.map(([, group]) => group)));
  for (const [name, group] of groups) {
    publishRequests(put, { ...whole, TargetGroup: name }, group);
  }
  if (minute.balancerErrors > 0) put('HTTPCode_ELB_5XX_Count', whole, minute.balancerErrors);
  for (const [name, group] of groups) {
    const dimensions = { ...whole, TargetGroup: name };
    for (const [targets, steps] of group.healthy)
      put('HealthyHostCount', dimensions, targets, steps);
    for (const [targets, steps] of group.unhealthy) {
      put('UnHealthyHostCount', dimensions, targets, steps);
    }
  }
}

type Put = (metricName: string, dimensions: Dimensions, value: number, count?: number) => void;

function putterOf(world: World, at: number): Put {
  return (metricName, dimensions, value, count = 1) =>
    putDatum(world, {
      namespace: 'AWS/ApplicationELB',
      metricName,
      dimensions,
      at,
      value,
      count,
    });
}

function publishRequests(put: Put, dimensions: Dimensions, group: Requests): void {
  const { requests, targetErrors, responseTimes } = group;
  const good = requests - targetErrors;
  if (requests > 0) put('RequestCount', dimensions, requests);
  if (good > 0) put('HTTPCode_Target_2XX_Count', dimensions, good);
  if (targetErrors > 0) put('HTTPCode_Target_5XX_Count', dimensions, targetErrors);
  for (const [seconds, count] of responseTimes) {
    put('TargetResponseTime', dimensions, seconds, count);
  }
}

type Requests = Pick<GroupMinute, 'requests' | 'targetErrors' | 'responseTimes'>;

function together(groups: readonly GroupMinute[]): Requests {
  const [first, ...others] = groups;
  if (first !== undefined && others.length === 0) return first;
  const sum: Requests = { requests: 0, targetErrors: 0, responseTimes: [] };
  for (const { requests, targetErrors, responseTimes } of groups) {
    sum.requests += requests;
    sum.targetErrors += targetErrors;
    for (const [seconds, count] of responseTimes) addTo(sum.responseTimes, seconds, count);
  }
  return sum;
}
