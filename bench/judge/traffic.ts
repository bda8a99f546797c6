/**
 * What the two target groups of a release would report, minute by minute. Time goes in steps of five
 * seconds, in each of which the shares and the rates stand still; requests and errors are Poisson, so a
 * minute is drawn once, with the sums of its steps' means.
 */
import type { History, Minute } from '../../shared/judge/minute.ts';
import type { Chance, Tail } from './chance.ts';

const STEP = 5;
const MINUTE = 60;
const HISTORY_MINUTES = 240;
const DRIFT_MEMORY = 0.9;

export interface World {
  readonly requestsPerMinute: number;
  /** Of both revisions, before anything happens. */
  readonly baseRate: number;
  /** Mean size of the clusters in which errors of the base rate come. 1: independent. */
  readonly clusterSize: number;
  readonly clusterTail: Tail;
  /** Standard deviation of the common drift: a lognormal AR(1) by the minute. */
  readonly drift: number;
  /** Of both revisions, added. Seconds after the first new request; negative: before it. */
  readonly outage?: { readonly from: number; readonly to: number; readonly rate: number };
  /** Of the new one. */
  readonly warmUp?: { readonly rate: number; readonly tau: number };
  readonly blip?: { readonly from: number; readonly to: number; readonly rate: number };
  /** Share of minutes that are never published. */
  readonly missing: number;
  /** The share of the new one's good answers that its fault turns bad. 0: healthy. */
  readonly fault: number;
}

export const CALM: Omit<World, 'requestsPerMinute' | 'baseRate'> = {
  clusterSize: 1,
  clusterTail: 'light',
  drift: 0,
  missing: 0,
  fault: 0,
};

/** A minute that ended, when it can be read, and what of it the fault did. */
export interface Published {
  readonly minute: Minute;
  readonly readableAt: number;
  readonly bad: number;
}

/** The four hours before, and how far the rate had drifted at their end. */
export interface Before {
  readonly history: History;
  readonly drift: number;
}

export function drawBefore(world: World, chance: Chance): Before {
  const { requestsPerMinute, baseRate, clusterSize, clusterTail, outage } = world;
  const history = Array.from({ length: HISTORY_MINUTES }, (): [number, number] => [
    chance.poisson(requestsPerMinute),
    0,
  ]);
  let drift = world.drift * chance.normal();
  for (const [i, pair] of history.entries()) {
    const mean = requestsPerMinute * drifted(baseRate, drift);
    const rate = during(outage, (i - HISTORY_MINUTES) * MINUTE);
    const extra = rate === 0 ? 0 : chance.poisson(requestsPerMinute * rate);
    pair[1] = Math.min(pair[0], chance.clusters(mean, clusterSize, clusterTail) + extra);
    drift = nextDrift(drift, world, chance);
  }
  return { history, drift };
}

function drifted(base: number, drift: number): number {
  return drift === 0 ? base : Math.min(0.5, base * Math.exp(drift));
}

function nextDrift(drift: number, world: World, chance: Chance): number {
  if (world.drift === 0) return 0;
  const fresh = Math.sqrt(1 - DRIFT_MEMORY ** 2) * world.drift * chance.normal();
  return DRIFT_MEMORY * drift + fresh;
}

export class Traffic {
  /** Seconds after the first new request. */
  now: number;
  readonly #world: World;
  readonly #chance: Chance;
  #drift: number;
  #begin: number;
  #means = emptyMeans();
  #control = true;

  constructor(world: World, { drift }: Before, chance: Chance) {
    this.#world = world;
    this.#chance = chance;
    // The shift falls somewhere into minute 0.
    this.now = -STEP * (1 + Math.floor(chance.uniform(0, 11)));
    this.#begin = this.now;
    this.#drift = drift;
  }

  /** Five seconds with this share on the new one; a minute that ended with them. */
  step(share: number): Published | undefined {
    const shifted = this.now >= 0 ? share : 0;
    this.#addMeans(shifted);
    if (shifted >= 1) this.#control = false;
    this.now += STEP;
    return this.now - this.#begin === MINUTE ? this.#publish() : undefined;
  }

  /** What the fault did in the minute that has begun. */
  badSoFar(): number {
    return this.#chance.poisson(this.#means.newBad);
  }

  #addMeans(share: number): void {
    const { requestsPerMinute, baseRate, fault, outage, warmUp, blip } = this.#world;
    const requests = (requestsPerMinute * STEP) / MINUTE;
    const base = drifted(baseRate, this.#drift);
    const both = during(outage, this.now);
    const warm =
      warmUp === undefined || this.now < 0 ? 0 : warmUp.rate * Math.exp(-this.now / warmUp.tau);
    const fresh = Math.min(1 - base, both + warm + during(blip, this.now));
    const oldExtra = Math.min(1 - base, both);
    const means = this.#means;
    means.oldGood += requests * (1 - share) * (1 - base - oldExtra);
    means.oldBase += requests * (1 - share) * base;
    means.oldExtra += requests * (1 - share) * oldExtra;
    const good = requests * share * (1 - base - fresh);
    means.newGood += good * (1 - fault);
    means.newBad += good * fault;
    means.newBase += requests * share * base;
    means.newExtra += requests * share * fresh;
  }

  #publish(): Published {
    const { missing } = this.#world;
    const chance = this.#chance;
    const means = this.#means;
    const bad = chance.poisson(means.newBad);
    const [oldN, oldE] = this.#counts(means.oldGood, means.oldBase, means.oldExtra);
    const [otherN, otherE] = this.#counts(means.newGood, means.newBase, means.newExtra);
    const [newN, newE] = [otherN + bad, otherE + bad];
    const known = !chance.happens(missing);
    const minute: Minute = {
      begin: this.#begin,
      known,
      control: this.#control && means.oldGood + means.oldBase > 0,
      oldN,
      oldE,
      newN,
      newE,
    };
    const readableAt = this.now + (known ? chance.uniform(60, 90) : 90);
    this.#begin = this.now;
    this.#means = emptyMeans();
    this.#control = true;
    this.#drift = nextDrift(this.#drift, this.#world, chance);
    return { minute, readableAt, bad };
  }

  /** Requests, and the errors among them: a cluster is never larger than what came. */
  #counts(good: number, base: number, extra: number): readonly [number, number] {
    const chance = this.#chance;
    const { clusterSize, clusterTail } = this.#world;
    if (clusterSize === 1) {
      const errors = chance.poisson(base + extra);
      return [errors + chance.poisson(good), errors];
    }
    const other = chance.poisson(extra);
    const requests = chance.poisson(good + base) + other;
    return [requests, Math.min(requests, other + chance.clusters(base, clusterSize, clusterTail))];
  }
}

function emptyMeans() {
  return {
    oldGood: 0,
    oldBase: 0,
    oldExtra: 0,
    newGood: 0,
    newBad: 0,
    newBase: 0,
    newExtra: 0,
  };
}

function during(
  what: { readonly from: number; readonly to: number; readonly rate: number } | undefined,
  now: number,
): number {
  return what !== undefined && now >= what.from && now < what.to ? what.rate : 0;
}
