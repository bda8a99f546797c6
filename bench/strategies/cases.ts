/** What is measured: the ways by which traffic comes to a release, and what may be wrong with one. */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { blueGreen, canary, judged, linear, rolling } from '../../shared/config/config.ts';
import type { Strategy } from '../../shared/core/model/rules.ts';

/** ECS's own defaults for the steps; ten minutes of bake each. */
export const WAYS = {
  rolling: rolling(),
  'blue/green': blueGreen({ bakeMinutes: 10 }),
  'canary 5 %': canary({ percent: 5, bakeMinutes: 10 }),
  'linear 10 %': linear({ stepPercent: 10, bakeMinutes: 10 }),
  'judged 5 %': judged({ bakeMinutes: 10 }),
} as const;

export type Way = keyof typeof WAYS;

/** What ECS alone has where it cannot have the same: as many steps, and more time in them than the judge takes. */
export const ALONE: Partial<Record<Way, Strategy>> = {
  'judged 5 %': linear({ stepPercent: 5, stepBakeMinutes: 2, bakeMinutes: 10 }),
};

export const REQUESTS_PER_SECOND = 50;
export const TASKS = 4;

const LATER = { faultyAfterSeconds: 600 } as const;
/** Each task has 12.5 a second when all requests come to it and its like; at a share of 5 % it has 0.6. */
const UNDER_LOAD = { faultyAboveRequestsPerSecond: 8 } as const;

export const FAULTS: Readonly<Record<string, Behaviour>> = {
  none: {},
  '0.5 %': { errorRate: 0.005 },
  '2 %': { errorRate: 0.02 },
  '10 %': { errorRate: 0.1 },
  '25 %': { errorRate: 0.25 },
  '100 %': { errorRate: 1 },
  '2 %, after ten minutes': { errorRate: 0.02, ...LATER },
  '25 %, after ten minutes': { errorRate: 0.25, ...LATER },
  '100 %, after ten minutes': { errorRate: 1, ...LATER },
  '25 %, only under load': { errorRate: 0.25, ...UNDER_LOAD },
  '100 %, only under load': { errorRate: 1, ...UNDER_LOAD },
};
