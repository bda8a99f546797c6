/**
 * How a rollout moves its traffic and what may end it, as far as the figures need it: the judge at the
 * gate before each step, or an alarm of ECS beside a rollout by the clock.
 */
import type { Course } from '../../shared/judge/course.ts';
import { beginCourse, takeIn } from '../../shared/judge/course.ts';
import type { History } from '../../shared/judge/minute.ts';
import { DEFAULTS } from '../../shared/judge/options.ts';
import { logsOf, type State, verdictOf } from '../../shared/judge/verdict.ts';
import type { Chance } from './chance.ts';
import type { Published } from './traffic.ts';

export interface Rollout {
  readonly share: number;
  /** Everything that will happen has: a healthy release need not be followed any further. */
  readonly over: boolean;
  /** Once a step of time, with what was published. What it says sends the traffic back. */
  says(now: number, published: readonly Published[]): Said | undefined;
}

export type Said = 'condemned' | 'alone' | 'alarm';

const LOOK = 30;
const MINUTE = 60;
const BAKE = 10 * MINUTE;
const MAX_HOLD = 20 * MINUTE;
const FIRST_STEP = 5 * MINUTE;

/** Takes in what can be read, in order, and knows what it amounts to. */
class Judging {
  readonly #course: Course;
  #taken = 0;
  state: State = 'waiting';

  constructor(history: History) {
    this.#course = beginCourse(history, DEFAULTS);
  }

  look(now: number, published: readonly Published[]): State {
    for (; this.#taken < published.length; this.#taken++) {
      const next = published[this.#taken];
      if (next === undefined || next.readableAt > now) break;
      takeIn(this.#course, next.minute);
      const { state } = verdictOf(this.#course, logsOf(this.#course));
      this.state = state;
      if (isFinal(state)) break;
    }
    return this.state;
  }
}

function isFinal(state: State): state is 'condemned' | 'alone' {
  return state === 'condemned' || state === 'alone';
}

/** Steps that a gate holds: LINEAR with each step held by the lifecycle hook, or CANARY with two steps. */
export function gated(history: History, steps: readonly number[], middle: number): Rollout {
  const judging = new Judging(history);
  let step = 0;
  let since = 0;
  return {
    get share() {
      return (steps[step] ?? 100) / 100;
    },
    get over() {
      return step === steps.length - 1;
    },
    says(now, published) {
      if (now < 0 || now % LOOK !== 0) return undefined;
      const state = judging.look(now, published);
      if (isFinal(state)) return state;
      if (step < steps.length - 1 && goesOn(state, now - since)) {
        step++;
        since = now;
      }
      return undefined;
    },
  };

  function goesOn(state: State, held: number): boolean {
    const calm = state === 'harmless' || state === 'waiting';
    if (step === 0) {
      if (state === 'harmless') return held > FIRST_STEP;
      return state === 'waiting' && held > MAX_HOLD;
    }
    if (step === steps.length - 2) return held > (calm ? BAKE : BAKE + MAX_HOLD);
    return held > (calm ? middle : MAX_HOLD);
  }
}

/** Steps by the clock, which only a verdict ends. */
export function judgedByTheClock(
  history: History,
  steps: readonly number[],
  seconds: number,
): Rollout {
  const judging = new Judging(history);
  return byTheClock(steps, seconds, (now, published) => {
    if (now < 0 || now % LOOK !== 0) return undefined;
    const state = judging.look(now, published);
    return isFinal(state) ? state : undefined;
  });
}

export function byTheClock(
  steps: readonly number[],
  seconds: number,
  says: Rollout['says'],
): Rollout {
  let share = (steps[0] ?? 100) / 100;
  return {
    get share() {
      return share;
    },
    over: false,
    says(now, published) {
      const step = Math.min(steps.length - 1, Math.max(0, Math.floor(now / seconds)));
      share = (steps[step] ?? 100) / 100;
      return says(now, published);
    },
  };
}

interface Alarm {
  readonly of: 'all' | 'new';
  /** Which minutes breach. */
  readonly breaches: (requests: number, errors: number) => boolean;
  readonly datapoints: number;
  readonly periods: number;
}

export const MORE_THAN_5_PERCENT = (requests: number, errors: number) => errors > 0.05 * requests;
export const MORE_THAN_5_ERRORS = (_: number, errors: number) => errors > 5;

/** Evaluated once a minute at a second of its own; ECS asks for its state within another minute. */
export function alarmed(
  { of, breaches, datapoints, periods }: Alarm,
  chance: Chance,
): Rollout['says'] {
  const second = 5 * Math.floor(chance.uniform(0, 12));
  const poll = 5 * Math.floor(chance.uniform(0, 12));
  let askedAt: number | undefined;
  return (now, published) => {
    if (askedAt !== undefined) return now >= askedAt ? 'alarm' : undefined;
    if (now < 0 || now % MINUTE !== second) return undefined;
    const readable = published.filter(({ readableAt }) => readableAt <= now).slice(-periods);
    const breaching = readable.filter(({ minute: { oldN, oldE, newN, newE } }) =>
      of === 'new'
        ? breaches(newN ?? 0, newE ?? 0)
        : breaches((oldN ?? 0) + (newN ?? 0), (oldE ?? 0) + (newE ?? 0)),
    );
    if (breaching.length >= datapoints) askedAt = now + poll;
    return askedAt === now ? 'alarm' : undefined;
  };
}
