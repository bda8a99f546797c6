/**
 * How virtual time follows the clock on the wall: `speed` virtual seconds a second, 0 stands still.
 * Time that could not be lived through in time (a laptop that slept, a speed that this machine
 * cannot keep) is let go, instead of being owed for ever.
 */

/** More than this behind, in seconds of the wall, and the rest is let go. */
const OWED_SECONDS_MOST = 2;

export class Pace {
  readonly #wall: () => number;
  #speed: number;
  /** Where both clocks stood when the count began. */
  #from: { readonly wall: number; readonly virtual: number };

  /** `wall`: ms of a clock that never runs back. */
  constructor(wall: () => number, virtual: number, speed: number) {
    this.#wall = wall;
    this.#speed = speed;
    this.#from = { wall: wall(), virtual };
  }

  get speed(): number {
    return this.#speed;
  }

  /** From the virtual moment `now` on. */
  change(speed: number, now: number): void {
    this.#from = { wall: this.#wall(), virtual: now };
    this.#speed = speed;
  }

  /** The virtual moment that it should be by now; never before `now`, which is where it stands. */
  wanted(now: number): number {
    const due = this.#from.virtual + (this.#wall() - this.#from.wall) * this.#speed;
    const most = now + OWED_SECONDS_MOST * 1000 * this.#speed;
    if (due > most) this.#from = { wall: this.#wall(), virtual: most };
    // Calls of handlers take virtual time, so it may be later than it should be.
    return Math.floor(Math.max(now, Math.min(due, most)));
  }
}
