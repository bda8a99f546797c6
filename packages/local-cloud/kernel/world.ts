/**
 * The local AWS as one value: plain data that survives JSON, moved on by `step` and by commands.
 * Nothing here reads a clock, a random source or a network: time is `world.now`, chance `draw(world)`.
 * A command changes the world that it is given (the world has one owner) and returns its answer.
 */
import type { CloudWatchState } from '../cloudwatch/operations.ts';
import type { CodeBuildState } from '../codebuild/state.ts';
import type { EcrState } from '../ecr/state.ts';
import type { EcsState } from '../ecs/state.ts';
import type { EventBridgeState } from '../eventbridge/state.ts';
import type { GithubState } from '../github/state.ts';
import type { SecretsState } from '../secrets/operations.ts';
import type { SqsState } from '../sqs/state.ts';
import type { SsmState } from '../ssm/operations.ts';
import type { TrafficState } from '../traffic/state.ts';

export type { BusEvent } from '../eventbridge/bus-event.ts';

export interface World {
  /** Virtual time, ms since 1970. */
  now: number;
  readonly account: string;
  readonly region: string;
  /** State of the random generator. */
  chance: number;
  /** Numbers given out so far: ids, and the order of timers of one moment. */
  sequence: number;
  /** What happens by itself, soonest first. */
  timers: Timer[];
  /** How late reads may lag behind writes, at most, in ms; 0: never. */
  readLagMs: number;
  ecs: EcsState;
  ecr: EcrState;
  cloudwatch: CloudWatchState;
  traffic: TrafficState;
  eventbridge: EventBridgeState;
  sqs: SqsState;
  ssm: SsmState;
  github: GithubState;
  codebuild: CodeBuildState;
  secrets: SecretsState;
}

/** Something due at a moment. `kind` names a handler that its service registered in `timers.ts`. */
export interface Timer {
  readonly at: number;
  readonly order: number;
  readonly kind: string;
  readonly data: Record<string, unknown>;
}

/** What AWS answers instead of a result; the skins turn it into the wire's form. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Some of AWS's errors carry no message member (see the captures). */
  readonly withMessage: boolean;

  constructor(code: string, message: string, { status = 400, withMessage = true } = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.withMessage = withMessage;
  }
}

/**
 * An empty record whose names come from clients: `constructor` is a name like another in it.
 * What JSON or a copy makes of it has Object's prototype again; see `withTables`.
 */
export function table<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** A part of a world that came out of JSON, with the tables that the empty part has. */
export function withTables<T extends object>(empty: T, part: T): T {
  const entries = Object.entries({ ...empty, ...part }).map(([name, value]) => {
    const isTable = Object.getPrototypeOf(Object(empty[name as keyof T])) === null;
    return [name, isTable ? Object.assign(table(), value) : value];
  });
  return Object.fromEntries(entries) as T;
}

/** A number in [0, 1), the next of the world's seed (mulberry32). */
export function draw(world: Pick<World, 'chance'>): number {
  world.chance = (world.chance + 0x6d2b79f5) | 0;
  let t = Math.imul(world.chance ^ (world.chance >>> 15), 1 | world.chance);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

/** `digits` lower-case hex digits, drawn. */
export function drawHex(world: Pick<World, 'chance'>, digits: number): string {
  let hex = '';
  while (hex.length < digits) {
    hex += Math.floor(draw(world) * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  }
  return hex.slice(0, digits);
}

/** A drawn UUID of version 4's shape. */
export function drawUuid(world: Pick<World, 'chance'>): string {
  const hex = drawHex(world, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Plans something for later. The list stays sorted; timers of one moment keep their order. */
export function schedule(
  world: World,
  at: number,
  kind: string,
  data: Record<string, unknown> = {},
): void {
  const timer: Timer = { at: Math.max(at, world.now), order: world.sequence++, kind, data };
  let low = 0;
  let high = world.timers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = world.timers[middle];
    if (other !== undefined && other.at <= timer.at) low = middle + 1;
    else high = middle;
  }
  world.timers.splice(low, 0, timer);
}
