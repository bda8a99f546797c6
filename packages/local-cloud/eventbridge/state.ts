/**
 * EventBridge: services emit, rules match, and what matched waits in `ready` until the outer
 * wiring drains it. Delivery may be late, doubled or (for the best-effort sources) lost, all by
 * the world's seed; by default it is prompt and exact.
 */

import { random, randomUuid } from '../kernel/random.ts';
import { table } from '../kernel/tables.ts';
import { schedule } from '../kernel/timers.ts';
import type { World } from '../kernel/world.ts';
import type { BusEvent } from './bus-event.ts';
import { type EventPattern, readPattern } from './pattern.ts';

export interface Rule {
  readonly name: string;
  /** `default` if absent. */
  readonly bus?: string;
  readonly pattern: Readonly<Record<string, unknown>>;
  /** A name that the outer wiring understands. */
  readonly target: string;
}

export interface Delivery {
  readonly rule: string;
  readonly target: string;
  readonly event: BusEvent;
}

export interface EventBridgeState {
  rules: Rule[];
  /** What each bus received, oldest first; the default bus is `default`. */
  buses: Record<string, BusEvent[]>;
  /** Due and not yet drained. */
  ready: Delivery[];
  /** How delivery misbehaves. */
  delivery: DeliveryFaults;
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    eventbridge: EventBridgeState;
  }
}

export interface DeliveryFaults {
  /** Each delivery is late by a drawn time up to this. */
  mostDelayMs: number;
  /** Share of deliveries that come twice (at least once: docs, eb-rule-retry-policy). */
  duplicateShare: number;
  /** Share of the best-effort sources' events that never come. */
  lostShare: number;
}

/** docs, events-ref-*: durable are ECS and CloudWatch, these are not; of Inspector no page tells. */
const BEST_EFFORT_SOURCES = new Set([
  'aws.ecr',
  'aws.inspector2',
  'aws.codebuild',
  'aws.codedeploy',
  'aws.eks',
]);

/** A bus remembers this many events; AWS remembers none, our tests and the demo read them. */
const REMEMBERED_PER_BUS = 5_000;

export function emptyEventBridge(): EventBridgeState {
  return {
    rules: [],
    buses: Object.assign(table<BusEvent[]>(), { default: [] }),
    ready: [],
    delivery: { mostDelayMs: 0, duplicateShare: 0, lostShare: 0 },
  };
}

export interface EventToEmit {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
  /** ms since 1970; now if absent. */
  readonly time?: number;
  /** `default` if absent. */
  readonly bus?: string;
}

/** Puts an event on a bus as AWS's own services do, and plans its deliveries. */
export function emit(world: World, toEmit: EventToEmit): BusEvent {
  const event: BusEvent = {
    version: '0',
    id: randomUuid(world),
    'detail-type': toEmit.detailType,
    source: toEmit.source,
    account: world.account,
    time: isoSeconds(toEmit.time ?? world.now),
    region: world.region,
    resources: toEmit.resources,
    detail: toEmit.detail,
  };
  const name = toEmit.bus ?? 'default';
  const bus = world.eventbridge.buses[name];
  // Publishing to a bus that does not exist succeeds and drops the event (docs, eb-putevents).
  if (bus === undefined) return event;
  bus.push(event);
  if (bus.length > REMEMBERED_PER_BUS) bus.splice(0, bus.length - REMEMBERED_PER_BUS);
  deliver(world, event, name);
  return event;
}

/** "2026-11-21T10:05:00Z": the `time` of AWS's events has no fraction. */
export function isoSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Adds a rule, or replaces the one of that name. */
export function putRule(world: World, rule: Rule): void {
  readPattern(rule.pattern);
  const rules = world.eventbridge.rules.filter((other) => other.name !== rule.name);
  world.eventbridge.rules = [...rules, rule];
}

/** Makes a bus of our own exist. */
export function createBus(world: World, name: string): void {
  world.eventbridge.buses[name] ??= [];
}

/** What a bus received, oldest first. */
export function eventsOn(world: World, bus: string): readonly BusEvent[] {
  return world.eventbridge.buses[bus] ?? [];
}

/** Takes everything that is due. What is late is due at a timer, so `nextTimerAt` knows of it. */
export function drainDeliveries(world: World): Delivery[] {
  const due = world.eventbridge.ready;
  world.eventbridge.ready = [];
  return due;
}

/** Compiled patterns by rule: a memo, not state. */
const compiled = new WeakMap<Rule, EventPattern>();

function patternOf(rule: Rule): EventPattern {
  const known = compiled.get(rule);
  if (known !== undefined) return known;
  const pattern = readPattern(rule.pattern);
  compiled.set(rule, pattern);
  return pattern;
}

function deliver(world: World, event: BusEvent, bus: string): void {
  const { mostDelayMs, duplicateShare, lostShare } = world.eventbridge.delivery;
  for (const rule of world.eventbridge.rules) {
    if ((rule.bus ?? 'default') !== bus || !patternOf(rule)(event)) continue;
    if (lostShare > 0 && BEST_EFFORT_SOURCES.has(event.source) && random(world) < lostShare)
      continue;
    const copies = duplicateShare > 0 && random(world) < duplicateShare ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delivery: Delivery = { rule: rule.name, target: rule.target, event };
      const delayMs = mostDelayMs > 0 ? Math.floor(random(world) * (mostDelayMs + 1)) : 0;
      if (delayMs === 0) world.eventbridge.ready.push(delivery);
      else schedule(world, world.now + delayMs, 'eventbridge.deliver', { delivery });
    }
  }
}

export const eventbridgeTimers = {
  'eventbridge.deliver': (world: World, data: Record<string, unknown>): void => {
    world.eventbridge.ready.push(data.delivery as Delivery);
  },
};
