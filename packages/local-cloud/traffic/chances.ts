/**
 * How many requests come, how they divide, and how many fail. Either by expectation (fractions are carried
 * over, so counts are whole and exact in the long run) or drawn: arrivals are Poisson, divisions and
 * failures binomial. What is drawn comes from the source's own seed: how many requests there are must not
 * change what ECS does.
 */
import { randomBinomial, randomExponential, randomGamma, randomPoisson } from 'd3-random';
import { random } from '../kernel/random.ts';
import { alsoOf } from './answers.ts';
import type { Clusters } from './common-errors.ts';

/** Of a source, in JSON. */
export interface Drawn {
  /** State of its generator. */
  chance: number;
  readonly pattern: Pattern;
  /** The burst that is on, or comes next. */
  burst?: Burst;
}

export interface Burst {
  readonly from: number;
  readonly to: number;
}

/** How the rate changes in time; `requestsPerSecond` is the mean of a day, and the rate between bursts. */
export type Pattern =
  | { readonly kind: 'steady' }
  /** `amplitude` 0.6 at `peakHour` 20 (UTC): 160 % at 20:00, 40 % at 08:00. */
  | { readonly kind: 'daily'; readonly amplitude: number; readonly peakHour: number }
  /** `factor` times the rate for `seconds`, some `everyMinutes` minutes apart. */
  | {
      readonly kind: 'bursts';
      readonly factor: number;
      readonly seconds: number;
      readonly everyMinutes: number;
    };

/** What fractions are left of earlier steps. */
export interface Carry {
  requests: number;
  /** By target group. */
  portions: Record<string, { requests: number; bad: number }>;
}

export interface Chances {
  arrivals(expected: number): number;
  /** `count` divided by shares that add up to 1. */
  divide(count: number, portions: readonly { key: string; share: number }[]): number[];
  /** `count` spread over so many tasks, one after the other. */
  spread(count: number, tasks: number): number[];
  /** How many fail of each part, and of all of them in whole numbers. */
  failures(key: string, parts: readonly Part[]): { readonly bad: number; readonly each: number[] };
}

interface Part {
  readonly count: number;
  readonly rate: number;
  /** Failures that come several at a time, beside those at `rate`. */
  readonly clusters?: Clusters | undefined;
}

export function expected(carry: Carry): Chances {
  const left = (key: string) => {
    carry.portions[key] ??= { requests: 0, bad: 0 };
    return carry.portions[key];
  };
  return {
    arrivals(count) {
      carry.requests += count;
      const whole = Math.floor(carry.requests);
      carry.requests -= whole;
      return whole;
    },
    divide(count, portions) {
      if (portions.length === 1) return [count];
      // The greatest share gets what is left over: a small one is never in debt.
      const greatest = portions.reduce(
        (best, { share }, index) => (share > (portions[best]?.share ?? 0) ? index : best),
        0,
      );
      let rest = count;
      const parts = portions.map(({ key, share }, index) => {
        if (index === greatest) return 0;
        const own = left(key);
        own.requests += count * share;
        const whole = Math.min(rest, Math.floor(own.requests + 1e-9));
        own.requests -= whole;
        rest -= whole;
        return whole;
      });
      parts[greatest] = rest;
      return parts;
    },
    spread: (count, tasks) => new Array<number>(tasks).fill(count / tasks),
    failures(key, parts) {
      const own = left(key);
      const each = parts.map(
        ({ count, rate, clusters }) => count * alsoOf(rate, clusters?.rate ?? 0),
      );
      for (const bad of each) own.bad += bad;
      const most = Math.round(parts.reduce((sum, { count }) => sum + count, 0));
      // A billionth more, for shares that add up to 2.9999999.
      const bad = Math.min(most, Math.floor(own.bad + 1e-9));
      own.bad -= bad;
      return { bad, each };
    },
  };
}

export function drawn(state: Drawn): Chances {
  const next = () => random(state);
  const poisson = randomPoisson.source(next);
  const binomial = randomBinomial.source(next);
  const gamma = randomGamma.source(next);
  // The sum of n Poisson sizes is Poisson; that of n geometric ones is a Poisson number whose mean is gamma.
  const moreThan = (begun: number, { size, tail }: Clusters) =>
    tail === 'heavy' ? gamma(begun, size - 1)() : begun * (size - 1);
  return {
    arrivals: (count) => poisson(count)(),
    divide(count, portions) {
      let rest = count;
      let share = 1;
      return portions.map((portion) => {
        const whole = portion.share >= share ? rest : binomial(rest, portion.share / share)();
        rest -= whole;
        share -= portion.share;
        return whole;
      });
    },
    spread: (count, tasks) =>
      Array.from({ length: tasks }, (_, index) => {
        const upTo = (many: number) => Math.floor((many * count) / tasks);
        return upTo(index + 1) - upTo(index);
      }),
    failures(_key, parts) {
      const each = parts.map(({ count, rate, clusters }) => {
        const single = binomial(count, rate)();
        if (clusters === undefined) return single;
        const begun = poisson((count * clusters.rate) / clusters.size)();
        const more = begun === 0 ? 0 : poisson(moreThan(begun, clusters))();
        // No cluster is larger than what came.
        return Math.min(count, single + begun + more);
      });
      return { bad: each.reduce((sum, bad) => sum + bad, 0), each };
    },
  };
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What the rate is multiplied by at this moment. */
export function factorAt(state: Drawn, now: number): number {
  const { pattern } = state;
  switch (pattern.kind) {
    case 'steady':
      return 1;
    case 'daily': {
      const fromPeak = now - pattern.peakHour * 60 * MINUTE_MS;
      return 1 + pattern.amplitude * Math.cos((2 * Math.PI * fromPeak) / DAY_MS);
    }
    case 'bursts':
      return burstAt(state, state, pattern, now) ? pattern.factor : 1;
  }
}

/** Is a burst on? When the next comes is drawn once one has ended. */
export function burstAt(
  state: { burst?: Burst },
  drawing: Drawn,
  { seconds, everyMinutes }: { readonly seconds: number; readonly everyMinutes: number },
  now: number,
): boolean {
  const between = randomExponential.source(() => random(drawing));
  if (state.burst === undefined || state.burst.to <= now) {
    const from = now + between(1 / (everyMinutes * MINUTE_MS))();
    state.burst = { from, to: from + seconds * 1_000 };
  }
  return state.burst.from <= now;
}
