/**
 * Requests through a load balancer: divides them as its rule says, spreads them evenly over the tasks of
 * each target group, and counts how many went wrong. By expectation unless they are to be drawn.
 */
import { AwsError } from '../kernel/errors.ts';
import { schedule } from '../kernel/timers.ts';
import type { World } from '../kernel/world.ts';
import { alsoOf, answersOf } from './answers.ts';
import {
  type Carry,
  type Chances,
  type Drawn,
  drawn,
  expected,
  factorAt,
  type Pattern,
} from './chances.ts';
import {
  type CommonErrors,
  type CommonErrorsNow,
  commonErrorsAt,
  type Outage,
} from './common-errors.ts';
import { addTo, emptyMinute, groupOf, type Minute, publish, publishLater } from './minutes.ts';
import { type Portion, portionsOf } from './portions.ts';
import type { Readings } from './readings.ts';

export interface TrafficState {
  sources: TrafficSource[];
  /** Of requests that are nobody's (`balancer-fetch.ts`): the fraction of a failure that is left. */
  failing?: number;
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    traffic: TrafficState;
  }
}

export interface TrafficSource extends Route {
  requestsPerSecond: number;
  /** Since the source began. */
  totals: Served;
  /**
   * The same by the service revision that answered, by expectation in fractions; what the load balancer
   * answered is nobody's.
   */
  revisions: Record<string, Served>;
  /** Steps with bad requests, oldest first; `at` is the step's end. */
  badSteps: { readonly at: number; readonly count: number }[];
  carry: Carry;
  minute: Minute;
  /** Absent: by expectation. */
  drawn?: Drawn;
  /** A dependency of every revision is ill: this share of what they would answer well fails, too. */
  outage?: Outage;
  /** What fails whichever revision answers, without an outage. */
  errors?: CommonErrors;
  /** Which of its minutes CloudWatch shows late, in parts, or never. */
  readings?: Readings;
}

interface Served {
  total: number;
  bad: number;
  /** Of a revision: when its first request came. */
  since?: number;
}

export interface Route {
  readonly cluster: string;
  readonly service: string;
  /** As dimensions name it: `app/<name>/<id>`. */
  readonly loadBalancer: string;
  /** `targetgroup/<name>/<id>`. */
  readonly targetGroup: string;
  /** ARN of the rule (of the listener, of a Network Load Balancer) whose weights divide the requests. */
  readonly rule?: string;
}

export interface NewTraffic extends Route {
  readonly requestsPerSecond: number;
  readonly drawn?: { readonly seed: number; readonly pattern?: Pattern };
  readonly errors?: CommonErrors;
  readonly readings?: Readings;
}

const STEP_MS = 5_000;
const MINUTE_MS = 60_000;

export function emptyTraffic(): TrafficState {
  return { sources: [] };
}

/** Lets requests flow from now on. A second call for the same service changes the rate only. */
export function addTraffic(world: World, traffic: NewTraffic): void {
  const { requestsPerSecond, drawn: drawing, errors, readings, ...route } = traffic;
  const known = sourceOf(world, route.cluster, route.service);
  if (known !== undefined) {
    known.requestsPerSecond = requestsPerSecond;
    return;
  }
  world.traffic.sources.push({
    ...route,
    requestsPerSecond,
    totals: { total: 0, bad: 0 },
    revisions: {},
    badSteps: [],
    carry: { requests: 0, portions: {} },
    minute: emptyMinute(Math.floor(world.now / MINUTE_MS) * MINUTE_MS),
    ...(drawing && {
      drawn: { chance: drawing.seed | 0, pattern: drawing.pattern ?? { kind: 'steady' } },
    }),
    // Of its own: what a world plays on with is not what it was made from.
    ...(errors && { errors: { ...errors } }),
    ...(readings && { readings: { ...readings } }),
  });
  if (world.traffic.sources.length === 1) scheduleStep(world);
}

/** A dependency fails, whichever revision asks it: between two moments this share of all answers is bad. */
export function addOutage(
  world: World,
  { cluster, service }: Pick<Route, 'cluster' | 'service'>,
  outage: Outage,
): void {
  const source = sourceOf(world, cluster, service);
  if (source === undefined) {
    throw new AwsError('ServiceNotFoundException', `no traffic reaches ${cluster}/${service}`);
  }
  source.outage = outage;
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
    publish(world, data.loadBalancer as string, data.minute as Minute);
  },
};

/** The step that ends now. Who serves at its end has served all of it. */
function step(world: World, source: TrafficSource): void {
  const { drawn: drawing, carry } = source;
  const chances = drawing === undefined ? expected(carry) : drawn(drawing);
  const factor = drawing === undefined ? 1 : factorAt(drawing, world.now);
  const requests = chances.arrivals((source.requestsPerSecond * factor * STEP_MS) / 1000);
  const portions = portionsOf(world, source);
  const counts = chances.divide(requests, portions);
  const common = commonErrorsAt(source, world.now);
  let bad = 0;
  portions.forEach((portion, index) => {
    bad += serve(world, source, portion, { chances, requests: counts[index] ?? 0, common });
  });
  source.totals.total += requests;
  source.totals.bad += bad;
  if (bad > 0) source.badSteps.push({ at: world.now, count: bad });
  if (world.now % MINUTE_MS === 0) {
    publishLater(world, source, source.minute);
    source.minute = emptyMinute(world.now);
  }
}

interface Serving {
  readonly chances: Chances;
  readonly requests: number;
  readonly common: CommonErrorsNow;
}

/** Answers how many of a portion's requests went wrong. */
function serve(
  world: World,
  { minute, revisions }: TrafficSource,
  { key, targetGroup, tasks, healthy, unhealthy }: Portion,
  { chances, requests, common }: Serving,
): number {
  const group = groupOf(minute, targetGroup);
  addTo(group.healthy, healthy, 1);
  addTo(group.unhealthy, unhealthy, 1);
  if (tasks.length === 0) {
    minute.balancerErrors += requests;
    return requests;
  }
  const counts = chances.spread(requests, tasks.length);
  const parts = tasks.map((task, index) => {
    const count = counts[index] ?? 0;
    const requestsPerSecond = (count * 1_000) / STEP_MS;
    const firstAt = firstRequestAt(revisions[task.revision], world.now);
    const { errorRate, latencyMs } = answersOf(task, {
      now: world.now,
      requestsPerSecond,
      firstAt,
    });
    addTo(group.responseTimes, latencyMs / 1000, count);
    return { count, rate: alsoOf(errorRate, common.rate), clusters: common.clusters };
  });
  const { bad, each } = chances.failures(key, parts);
  group.requests += requests;
  group.targetErrors += bad;
  tasks.forEach(({ revision }, index) => {
    const count = counts[index] ?? 0;
    revisions[revision] ??= { total: 0, bad: 0 };
    const served = revisions[revision];
    if (served.total === 0 && count > 0) served.since = world.now - STEP_MS;
    served.total += count;
    served.bad += each[index] ?? 0;
  });
  return bad;
}

/** When a revision got its first request, which may be in the step that ends now; undefined: nobody remembers. */
export function firstRequestAt(served: Served | undefined, now: number): number | undefined {
  return served === undefined || served.total === 0 ? now - STEP_MS : served.since;
}
