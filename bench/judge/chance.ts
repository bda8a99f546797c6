/** Seeded draws. The distributions are those of the library; what is drawn with them is ours. */
import { Random, Xoshiro128StarStarRNG } from 'random';

const KEPT_MAX = 64;

export class Chance {
  readonly #random: Random;
  readonly #normal: () => number;
  /** Distributions that were made: most minutes have means of minutes before. */
  readonly #poissons = new Map<number, () => number>();

  constructor(seed: number) {
    this.#random = new Random(new Xoshiro128StarStarRNG(seed));
    this.#normal = this.#random.normal(0, 1);
  }

  uniform(least = 0, most = 1): number {
    return least + (most - least) * this.#random.next();
  }

  logUniform(least: number, most: number): number {
    return Math.exp(this.uniform(Math.log(least), Math.log(most)));
  }

  happens(probability: number): boolean {
    return this.#random.next() < probability;
  }

  oneOf<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.#random.next() * list.length)] ?? list[0];
  }

  normal(): number {
    return this.#normal();
  }

  poisson(mean: number): number {
    if (mean <= 0) return 0;
    let draw = this.#poissons.get(mean);
    if (draw === undefined) {
      if (this.#poissons.size >= KEPT_MAX) this.#poissons.clear();
      draw = this.#random.poisson(mean);
      this.#poissons.set(mean, draw);
    }
    return draw();
  }

  /** Errors with this mean in all, in clusters of this mean size; 1: each by itself. */
  clusters(mean: number, meanSize: number, tail: Tail): number {
    let left = this.poisson(mean / meanSize);
    if (meanSize === 1) return left;
    // The sum of n Poisson sizes is Poisson.
    if (tail === 'light') return left === 0 ? 0 : left + this.poisson(left * (meanSize - 1));
    let errors = 0;
    for (; left > 0; left--) errors += this.#geometric(meanSize);
    return errors;
  }

  #geometric(mean: number): number {
    return 1 + Math.floor(Math.log(1 - this.#random.next()) / Math.log(1 - 1 / mean));
  }
}

/** How sizes scatter: one and a Poisson number more, or geometric. */
export type Tail = 'light' | 'heavy';
