/** How ECS brings a release to its users: what the user writes, and what is refused (ECS's own ranges). */
import * as z from 'zod';
import type { Hook, Strategy, WhenUnsure } from '../core/model/rules.ts';
import { partitionOf } from '../parsing/names.ts';
import { type Named, prefixOf } from '../parsing/pipeline-name.ts';
import { settings, whole } from './settings.ts';

/** Made by `rolling`. */
export interface Rolling {
  readonly kind: 'rolling';
}

/** ECS's rolling update, which is the default: new tasks take the place of old ones. */
export function rolling(): Rolling {
  return { kind: 'rolling' };
}

/**
 * The new tasks come up beside the old ones, then all traffic moves at once. `bakeMinutes`: how long the
 * old tasks stay, so that going back is a change of a rule; 0 to 1440.
 */
export function blueGreen(given: {
  readonly bakeMinutes: number;
  readonly whenUnsure?: WhenUnsure;
}): Strategy {
  return { kind: 'blueGreen', ...given };
}

/**
 * First a small share of the traffic moves, then all of it. `percent` 0.1 to 100 in steps of 0.1 (default
 * 5), for `canaryBakeMinutes` (0 to 1440, default 10); `bakeMinutes` as in `blueGreen`.
 */
export function canary(given: {
  readonly percent?: number;
  readonly canaryBakeMinutes?: number;
  readonly bakeMinutes: number;
  readonly whenUnsure?: WhenUnsure;
}): Strategy {
  return { kind: 'canary', percent: 5, canaryBakeMinutes: 10, ...given };
}

/**
 * The traffic moves in equal steps. `stepPercent` 3 to 100 in steps of 0.1 (default 10), each for
 * `stepBakeMinutes` (0 to 1440, default 6); `bakeMinutes` as in `blueGreen`.
 */
export function linear(given: {
  readonly stepPercent?: number;
  readonly stepBakeMinutes?: number;
  readonly bakeMinutes: number;
  readonly whenUnsure?: WhenUnsure;
}): Strategy {
  return { kind: 'linear', stepPercent: 10, stepBakeMinutes: 6, ...given };
}

/**
 * The traffic moves in equal steps, each held until the judge calls it harmless: the first for five minutes
 * at least, the last below 100 % for ten, the others for half a minute. `stepPercent` 3 to 100 (default 5);
 * `bakeMinutes` as in `blueGreen` (default 0: what could be compared was, before the last step).
 */
export function judged(
  given: {
    readonly stepPercent?: number;
    readonly bakeMinutes?: number;
    readonly whenUnsure?: WhenUnsure;
  } = {},
): Strategy {
  const steps = { stepPercent: 5, bakeMinutes: 0, ...given };
  return { kind: 'linear', ...steps, stepBakeMinutes: 0, heldByJudge: true };
}

const bakeMinutes = whole('minutes', 0, 1440);
const whenUnsure = z.exactOptional(
  z.enum(['ask', 'proceed', 'rollback'], { error: "'ask', 'proceed' or 'rollback'" }),
);

/** A computed percent (0.1 + 0.2) is off by a hair; ECS wants tenths. */
function percent(least: number) {
  const error = `a percent from ${least} to 100 in steps of 0.1`;
  return z
    .number({ error })
    .min(least, { error })
    .max(100, { error })
    .refine((value) => Math.abs(value * 10 - Math.round(value * 10)) < 1e-6, { error });
}

const WAYS =
  'rolling(), blueGreen({ bakeMinutes: 10 }), canary({ percent: 5, bakeMinutes: 10 }), linear({ stepPercent: 10, bakeMinutes: 10 }) or judged()';

const written = z.discriminatedUnion(
  'kind',
  [
    settings('rolling()', { kind: z.literal('rolling') }),
    settings('blueGreen({ bakeMinutes: 10 })', {
      kind: z.literal('blueGreen'),
      bakeMinutes,
      whenUnsure,
    }),
    settings('canary({ percent: 5, bakeMinutes: 10 })', {
      kind: z.literal('canary'),
      percent: percent(0.1),
      canaryBakeMinutes: whole('minutes', 0, 1440),
      bakeMinutes,
      whenUnsure,
    }),
    settings('linear({ stepPercent: 10, bakeMinutes: 10 })', {
      kind: z.literal('linear'),
      stepPercent: percent(3),
      stepBakeMinutes: whole('minutes', 0, 1440),
      bakeMinutes,
      heldByJudge: z.exactOptional(z.literal(true)),
      whenUnsure,
    }),
  ],
  { error: WAYS },
);

/** `'rolling'` is how 0.2.0 said it. */
export const strategy = z.preprocess((value) => (value === 'rolling' ? rolling() : value), written);

/** The names that the stack gives them. */
export function hookOf(
  pipeline: Named & { readonly account: string; readonly region: string },
): Hook {
  const { account, region } = pipeline;
  const [partition, prefix] = [partitionOf(region), prefixOf(pipeline)];
  return {
    function: `arn:${partition}:lambda:${region}:${account}:function:${prefix}-lifecycle-hook`,
    role: `arn:${partition}:iam::${account}:role/${prefix}-ecs-hook-${region}`,
  };
}
