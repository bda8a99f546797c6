/**
 * EventBridge: services emit, rules match, and what matched waits in `ready` until the outer
 * wiring drains it. Delivery may be late, doubled or (for the best-effort sources) lost, all by
 * the world's seed; by default it is prompt and exact.
 */
import { type EventPattern, readPattern } from './pattern.ts';
import type { BusEvent, World } from './world.ts';
import { AwsError, draw, drawUuid, schedule } from './world.ts';

export interface Rule {
  readonly name: string;
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

export interface DeliveryFaults {
  /** Each delivery is late by a drawn time up to this. */
  mostDelayMs: number;
  /** Share of deliveries that come twice (at least once: docs, eb-rule-retry-policy). */
  duplicateShare: number;
  /** Share of the best-effort sources' events that never come. */
  lostShare: number;
}

/** docs, events-ref-*: durable are ECS and CloudWatch, these are not. */
const BEST_EFFORT_SOURCES = new Set(['aws.ecr', 'aws.codebuild', 'aws.codedeploy', 'aws.eks']);

/** A bus remembers this many events; AWS remembers none, our tests and the demo read them. */
const REMEMBERED_PER_BUS = 5_000;

export function emptyEventBridge(): EventBridgeState {
  return {
    rules: [],
    buses: { default: [] },
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
    id: drawUuid(world),
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
  if (name === 'default') deliver(world, event);
  return event;
}

/** "2026-11-21T10:05:00Z": the `time` of AWS's events has no fraction. */
export function isoSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Adds a rule of the default bus, or replaces the one of that name. */
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

function deliver(world: World, event: BusEvent): void {
  const { mostDelayMs, duplicateShare, lostShare } = world.eventbridge.delivery;
  for (const rule of world.eventbridge.rules) {
    if (!patternOf(rule)(event)) continue;
    if (lostShare > 0 && BEST_EFFORT_SOURCES.has(event.source) && draw(world) < lostShare) continue;
    const copies = duplicateShare > 0 && draw(world) < duplicateShare ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delivery: Delivery = { rule: rule.name, target: rule.target, event };
      const delayMs = mostDelayMs > 0 ? Math.floor(draw(world) * (mostDelayMs + 1)) : 0;
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

interface PutEventsEntry {
  readonly Time?: Date | number;
  readonly Source?: string;
  readonly Resources?: readonly string[];
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
}

interface PutEventsResult {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

/** docs, eb-putevents and PutEvents: at most 10 entries, under 1 MB together. */
const ENTRIES_MOST = 10;
const PUT_EVENTS_BYTES_MOST = 1_048_576;

export const eventbridgeOperations = {
  PutEvents(world: World, input: { readonly Entries?: readonly PutEventsEntry[] }) {
    const entries = input.Entries ?? [];
    if (entries.length === 0 || entries.length > ENTRIES_MOST) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${entries.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${ENTRIES_MOST}`}`,
      );
    }
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    if (bytes > PUT_EVENTS_BYTES_MOST) {
      throw new AwsError(
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      );
    }
    const results = entries.map((entry) => putOne(world, entry));
    const failed = results.filter((result) => result.ErrorCode !== undefined).length;
    return { FailedEntryCount: failed, Entries: results };
  },

  CreateEventBus(world: World, input: { readonly Name?: string }) {
    const name = input.Name ?? '';
    if (world.eventbridge.buses[name] !== undefined) {
      throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    }
    createBus(world, name);
    return { EventBusArn: `arn:aws:events:${world.region}:${world.account}:event-bus/${name}` };
  },

  TestEventPattern(
    _world: World,
    input: { readonly EventPattern?: string; readonly Event?: string },
  ) {
    return { Result: readPattern(input.EventPattern ?? '')(JSON.parse(input.Event ?? 'null')) };
  },
};

/** Size as the docs of PutEvents count it: time 14, the texts in UTF-8 bytes. */
function entryBytes(entry: PutEventsEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const time = entry.Time === undefined ? 0 : 14;
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), time);
}

function putOne(world: World, entry: PutEventsEntry): PutEventsResult {
  const { Source, DetailType, Detail } = entry;
  if (!Source || !DetailType || !Detail) {
    const missing = !Source ? 'Source' : !DetailType ? 'DetailType' : 'Detail';
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    };
  }
  if (Source.startsWith('aws.')) {
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  }
  const detail = parseObject(Detail);
  if (detail === undefined) {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
  const time = entry.Time;
  const event = emit(world, {
    source: Source,
    detailType: DetailType,
    resources: entry.Resources ?? [],
    detail,
    ...(time === undefined ? {} : { time: time instanceof Date ? time.getTime() : time * 1000 }),
    bus: (entry.EventBusName ?? 'default').replace(/^.*event-bus\//, ''),
  });
  return { EventId: event.id };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
