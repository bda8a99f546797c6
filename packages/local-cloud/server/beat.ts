/**
 * Lets a world live on by itself: at each beat of the wall's clock, as much virtual time as its pace
 * says. Time is cut into slices, each a turn of its own, so that no client waits long.
 */
import type { World } from '../kernel/world.ts';
import type { Pace } from './pace.ts';
import type { Turns } from './turns.ts';

export interface Beating {
  readonly world: World;
  readonly pace: Pace;
  readonly turns: Turns;
  /** Moves the world on, to this moment or to one before it. */
  readonly slice: (until: number) => Promise<void>;
}

/** Between two looks at the clock, ms of the wall. */
const BEAT_MS = 50;

export class Beat {
  readonly #beating: Beating;
  #next: NodeJS.Timeout | undefined;

  constructor(beating: Beating) {
    this.#beating = beating;
  }

  /** Lets time pass from now on. */
  start(): void {
    this.#next = setTimeout(() => void this.#live(), BEAT_MS);
  }

  /** No time passes any more. */
  stop(): void {
    clearTimeout(this.#next);
    this.#next = undefined;
  }

  /** Lets this much virtual time pass at once; clients get their turns in between. */
  async advance(ms: number): Promise<void> {
    const { world, pace, turns, slice } = this.#beating;
    const until = world.now + ms;
    while (world.now < until) await turns.take(() => slice(until));
    await turns.take(() => pace.change(pace.speed, world.now));
  }

  async #live(): Promise<void> {
    const { world, pace, turns, slice } = this.#beating;
    for (;;) {
      const until = pace.wanted(world.now);
      if (pace.speed === 0 || until <= world.now || this.#next === undefined) break;
      await turns.take(() => slice(until));
    }
    // Stopped meanwhile.
    if (this.#next === undefined) return;
    this.#next = setTimeout(() => void this.#live(), BEAT_MS);
  }
}
