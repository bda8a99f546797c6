/**
 * How CloudWatch shows a minute of a load balancer: as a rule whole and in time. Some it shows late, some
 * in two parts, since the counts of a node come later, and some never. Which, a seed of its own draws.
 */
import { random } from '../kernel/random.ts';
import type { GroupMinute, Minute } from './minutes.ts';

/** Of a source, in JSON. Shares of all minutes; what is left of 1 comes as a rule. */
export interface Readings {
  /** State of its generator. */
  chance: number;
  readonly missing?: number;
  readonly late?: number;
  /** How long after its end such a minute can be read. */
  readonly lateMs?: number;
  /** Half of its counts can be read in time, the rest a minute later. */
  readonly halved?: number;
  /** The same with nine tenths. */
  readonly corrected?: number;
}

/** What can be read of a minute, and how long after its end. */
export interface Reading {
  readonly minute: Minute;
  readonly afterMs: number;
}

const LATE_MS = 240_000;
const REST_LATER_MS = 60_000;
const HALF = 0.5;
const NEARLY_ALL = 0.9;

export function readingsOf(
  readings: Readings | undefined,
  minute: Minute,
  inTimeMs: number,
): readonly Reading[] {
  const whole = [{ minute, afterMs: inTimeMs }];
  if (readings === undefined) return whole;
  const { missing = 0, late = 0, lateMs = LATE_MS, halved = 0, corrected = 0 } = readings;
  let left = random(readings);
  const isOf = (share: number) => {
    left -= share;
    return left < 0;
  };
  if (isOf(missing)) return [];
  if (isOf(late)) return [{ minute, afterMs: lateMs }];
  if (isOf(halved)) return inParts(minute, HALF, inTimeMs);
  return isOf(corrected) ? inParts(minute, NEARLY_ALL, inTimeMs) : whole;
}

function inParts(minute: Minute, share: number, inTimeMs: number): readonly Reading[] {
  const first = portionOf(minute, (count) => Math.floor(count * share));
  const rest = portionOf(minute, (count) => count - Math.floor(count * share));
  // How many targets are healthy is told with the first part, and is no count of requests.
  for (const group of Object.values(rest.groups)) {
    group.healthy = [];
    group.unhealthy = [];
  }
  return [
    { minute: first, afterMs: inTimeMs },
    { minute: rest, afterMs: inTimeMs + REST_LATER_MS },
  ];
}

function portionOf(minute: Minute, of: (count: number) => number): Minute {
  const groups = Object.entries(minute.groups).map(([name, group]): [string, GroupMinute] => [
    name,
    {
      ...group,
      requests: of(group.requests),
      targetErrors: of(group.targetErrors),
      responseTimes: group.responseTimes.map(([seconds, count]) => [seconds, of(count)]),
    },
  ]);
  return {
    from: minute.from,
    balancerErrors: of(minute.balancerErrors),
    groups: Object.fromEntries(groups),
  };
}
