/**
 * The local cloud as one value: plain data that survives JSON, moved on by timers and by calls.
 * Nothing here reads a clock, a random source or a network: time is `world.now`, chance
 * `random(world)`. A call changes the world that it is given (the world has one owner) and returns
 * its answer.
 */
import type { Caller } from './authorization.ts';

/**
 * What each service remembers, by the name of its part of the world. A service adds its own
 * (`declare module` in its state.ts), so that the world knows none of them.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the services fill it.
export interface ServiceStates {}

export interface World extends ServiceStates {
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
  /** The same for clients over HTTP, where it is another; `clientAsks` while one of them is answered. */
  clientReadLagMs?: number;
  clientAsks?: true;
  /** Who is answered right now, where it is known. */
  caller?: Caller;
}

/** Something due at a moment. `kind` names a handler of the service that planned it. */
export interface Timer {
  readonly at: number;
  readonly order: number;
  readonly kind: string;
  readonly data: Record<string, unknown>;
}

export interface WorldOptions {
  /** Where virtual time begins, ms since 1970. */
  readonly now: number;
  readonly seed: number;
  readonly account: string;
  readonly region: string;
  readonly readLagMs?: number;
}

/** A world in which there is no service yet. */
export function worldWithoutServices({
  now,
  seed,
  account,
  region,
  readLagMs = 0,
}: WorldOptions): Omit<World, keyof ServiceStates> {
  return { now, account, region, chance: seed | 0, sequence: 0, timers: [], readLagMs };
}
