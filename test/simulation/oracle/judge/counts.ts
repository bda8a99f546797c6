/**
 * What the two target groups of `web` were asked and failed in each minute of the clock: the load balancer's own
 * book, in which stands as well what CloudWatch never got. Whose group is whose the model says, and not our record.
 */
import { targetGroupPath } from '@slipway/local-cloud/elbv2/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { Minute } from '@slipway/local-cloud/traffic/minutes.ts';
import { readingsOf } from '@slipway/local-cloud/traffic/readings.ts';
import { changesOf, groupOf, partOf } from '../shares.ts';
import type { Trail } from '../trail.ts';
import { MINUTE, type Reign, type Truth } from '../truth.ts';

/** One minute of a deployment and of what ran before it. */
export interface Both {
  readonly from: number;
  readonly oldN: number;
  readonly oldE: number;
  readonly newN: number;
  readonly newE: number;
  /** When CloudWatch had all of it; absent: never. */
  readonly publishedAt?: number | undefined;
  /** What it had of it before. */
  readonly first?: { readonly at: number; readonly counts: Counts } | undefined;
  /** The new one had everything at some moment of it, so what came before that is no control. */
  readonly hadAll: boolean;
}

export type Counts = Pick<Both, 'oldN' | 'oldE' | 'newN' | 'newE'>;

/** The minute that has just ended waits to be published: to be called each minute. */
export function noteMinute(trail: Trail, world: World): void {
  const balancer = balancerOf(world);
  if (balancer === undefined) return;
  for (const { at, minute } of pending(world, balancer)) {
    if (trail.minutes.has(minute.from)) continue;
    trail.minutes.set(minute.from, { groups: groupsOf(minute), publishedAt: at });
  }
}

function groupsOf({ groups }: Minute) {
  return new Map(
    Object.entries(groups).map(
      ([name, { requests, targetErrors }]) => [name, { requests, errors: targetErrors }] as const,
    ),
  );
}

/** Of the minute that has just ended CloudWatch gets that part in time, and the rest a minute later. */
export function halve(trail: Trail, world: World, part: 0.5 | 0.9): void {
  const balancer = balancerOf(world);
  if (balancer === undefined) return;
  noteMinute(trail, world);
  const from = Math.floor(world.now / MINUTE) * MINUTE - MINUTE;
  const known = trail.minutes.get(from);
  const timer = world.timers.find(
    ({ kind, data }) =>
      kind === 'traffic.publish' &&
      data.loadBalancer === balancer &&
      (data.minute as Minute).from === from,
  );
  // Another deed has withheld it, or halved it.
  if (known === undefined || timer === undefined || known.publishedAt !== timer.at) return;
  const how = { chance: 1, ...(part === 0.5 ? { halved: 1 } : { corrected: 1 }) };
  const parts = readingsOf(how, timer.data.minute as Minute, 0);
  const timers = parts.map(({ minute, afterMs }) => ({
    ...timer,
    at: timer.at + afterMs,
    data: { ...timer.data, minute },
  }));
  world.timers = world.timers
    .flatMap((one) => (one === timer ? timers : [one]))
    .sort((a, b) => a.at - b.at || a.order - b.order);
  const [first, last] = [parts[0], timers.at(-1)];
  if (first === undefined || last === undefined) return;
  trail.minutes.set(from, {
    groups: known.groups,
    publishedAt: last.at,
    first: { at: timer.at, groups: groupsOf(first.minute) },
  });
}

/** The minute that has just ended never comes to CloudWatch, or so much later. */
export function withhold(trail: Trail, world: World, lateMs: number | undefined): void {
  const balancer = balancerOf(world);
  if (balancer === undefined) return;
  noteMinute(trail, world);
  const from = Math.floor(world.now / MINUTE) * MINUTE - MINUTE;
  const known = trail.minutes.get(from);
  if (known === undefined) return;
  const isHeld = ({ kind, data }: World['timers'][number]) =>
    kind === 'traffic.publish' &&
    data.loadBalancer === balancer &&
    (data.minute as Minute).from === from;
  const late = (timer: World['timers'][number]) =>
    lateMs === undefined ? [] : [{ ...timer, at: timer.at + lateMs }];
  world.timers = world.timers
    .flatMap((timer) => (isHeld(timer) ? late(timer) : [timer]))
    .sort((a, b) => a.at - b.at || a.order - b.order);
  const publishedAt = lateMs === undefined ? undefined : (known.publishedAt ?? 0) + lateMs;
  trail.minutes.set(from, { groups: known.groups, publishedAt });
}

/** Undefined: nothing is shifted there. */
function balancerOf({ traffic }: World): string | undefined {
  return traffic.sources.find(({ service, rule }) => service === 'web' && rule !== undefined)
    ?.loadBalancer;
}

function pending(world: World, balancer: string) {
  return world.timers.flatMap(({ at, kind, data }) =>
    kind === 'traffic.publish' && data.loadBalancer === balancer
      ? [{ at, minute: data.minute as Minute }]
      : [],
  );
}

/** From the first minute with a request of its own to the end of its time; `until`: to then. */
export function minutesOf(truth: Truth, reign: Reign, until = reign.to): readonly Both[] {
  const own = targetGroupPath(groupOf(truth.world, reign));
  const changes = changesOf(truth, reign.deployment.service);
  const arn = groupOf(truth.world, reign);
  const all = [...truth.trail.minutes].flatMap(([from, { groups, publishedAt, first }]): Both[] => {
    if (from < reign.from - MINUTE || from >= until) return [];
    const part = first && { at: first.at, counts: countsOf(first.groups, own) };
    const before = changes.findLast(({ at }) => at <= from);
    const within = changes.filter(({ at }) => at > from && at <= from + MINUTE);
    const hadAll = [before, ...within].some((one) => one !== undefined && partOf(one, arn) === 1);
    return [{ from, ...countsOf(groups, own), publishedAt, first: part, hadAll }];
  });
  const first = all.findIndex(({ newN }) => newN > 0);
  return first === -1 ? [] : all.slice(first);
}

function countsOf(
  groups: ReadonlyMap<string, { readonly requests: number; readonly errors: number }>,
  own: string,
): Counts {
  let [oldN, oldE, newN, newE] = [0, 0, 0, 0];
  for (const [name, { requests, errors }] of groups) {
    if (name === own) [newN, newE] = [requests, errors];
    else [oldN, oldE] = [oldN + requests, oldE + errors];
  }
  return { oldN, oldE, newN, newE };
}

/** As CloudWatch had it at this moment; undefined: nothing of it. */
export function asRead(minute: Both, at: number): Both | undefined {
  if ((minute.publishedAt ?? Infinity) <= at) return minute;
  const { first } = minute;
  return first === undefined || first.at > at ? undefined : { ...minute, ...first.counts };
}

/** Those in which both had requests, and nothing hides what was a control. */
export function compared(minutes: readonly Both[]): readonly Both[] {
  return minutes.filter(({ oldN, hadAll }) => oldN > 0 && !hadAll);
}

export function sumOf(minutes: readonly Counts[]): Counts {
  const sum = { oldN: 0, oldE: 0, newN: 0, newE: 0 };
  for (const { oldN, oldE, newN, newE } of minutes) {
    sum.oldN += oldN;
    sum.oldE += oldE;
    sum.newN += newN;
    sum.newE += newE;
  }
  return sum;
}

/** Of whoever reads CloudWatch: published, and a minute old. */
export function readable(minutes: readonly Both[], at: number): readonly Both[] {
  return minutes.filter(
    ({ from, publishedAt }) => (publishedAt ?? Infinity) <= at && from + 2 * MINUTE <= at,
  );
}

const PLAIN_MINUTES = 4;
const PLAIN_ERRORS = 60;
const PLAIN_EXCESS = 0.1;

/**
 * So much worse, and counted for so long, that no test may miss it: ten points more than what is healthy, in each of
 * its four newest minutes, by sixty errors, while the old one has as many requests at least.
 */
export function isPlainlyWorse(minutes: readonly Both[]): boolean {
  const newest = compared(minutes).slice(-PLAIN_MINUTES);
  const { oldN, newN, newE } = sumOf(newest);
  return (
    newest.length === PLAIN_MINUTES &&
    newE >= PLAIN_ERRORS &&
    oldN >= newN &&
    newest.every((one) => one.newE / one.newN > (1.25 * one.oldE) / one.oldN + PLAIN_EXCESS)
  );
}
