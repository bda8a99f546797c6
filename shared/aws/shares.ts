/**
 * What releases may take of the calls that AWS lets an account make, and when the next may be made. Pure.
 * AWS counts in token buckets (docs: ECS request-throttling, cloudwatch-limits); ours are smaller, so
 * that rollbacks, which take without asking, `tick`, ECS's own polling of alarms and other tools find
 * something left in each.
 */
import type { Moment } from '../core/model/image.ts';
import type { CallFamily, CallsWanted } from '../ports.ts';

interface Share {
  /** Calls that may come at once. */
  readonly burst: number;
  /** Calls a second that it fills up with again. */
  readonly refill: number;
  /** Of those that may come at once, so many in a second. */
  readonly peak?: number;
}

export const SHARES: Readonly<Record<CallFamily, Share>> = {
  /**
   * RegisterTaskDefinition: 20 and 1 a second. With it come one UpdateService (50 and 5), two reads
   * of services and definitions, and one DescribeAlarms, of which there are 9 a second: hence the peak.
   * A little slower than AWS fills up, so that what rollbacks took comes back while releases still wait.
   */
  starts: { burst: 16, refill: 0.96, peak: 4 },
  /** DescribeServices: 100 and 20. */
  services: { burst: 40, refill: 10 },
  /** ListServiceDeployments, DescribeServiceDeployments: 50 and 20. */
  rollouts: { burst: 20, refill: 10 },
  /** ListTasks, DescribeTasks: 100 and 20. */
  tasks: { burst: 40, refill: 14 },
  /** DescribeAlarms: 9 a second, which ECS's own deployment alarms poll with, too. */
  alarms: { burst: 3, refill: 4 },
  /** DescribeAlarmHistory: 20 a second. */
  histories: { burst: 10, refill: 10 },
};

const AHEAD_MOST_MS = 24 * 3_600_000;

export interface Level {
  /** All that was taken has flown back by then. */
  readonly fullAt: Moment;
  /** The newest moment that was given. */
  readonly lastAt: Moment;
}

export type Levels = Readonly<Partial<Record<CallFamily, Level>>>;

/** What is not as we write it counts as nothing taken: the next booking writes it anew. */
export function readLevels(text: string): Levels {
  try {
    const stored: unknown = JSON.parse(text);
    const entries = Object.entries(stored ?? {}).filter(
      ([family, level]) => family in SHARES && Number.isFinite(level?.fullAt + level?.lastAt),
    );
    return Object.fromEntries(entries) as Levels;
  } catch {
    return {};
  }
}

/** The first moment at which every family has what is wanted, and the levels after that. */
export function book(
  levels: Levels,
  calls: CallsWanted,
  now: Moment,
): { readonly levels: Levels; readonly at: Moment } {
  let at = now;
  const taken: Partial<Record<CallFamily, Moment>> = {};
  for (const [family, count] of wanted(calls)) {
    const { burst, refill, peak } = SHARES[family];
    const { fullAt = now, lastAt } = believed(levels[family], now) ?? {};
    const full = Math.max(fullAt, now) + (count * 1000) / refill;
    taken[family] = full;
    at = Math.max(at, full - (burst * 1000) / refill);
    if (peak !== undefined && lastAt !== undefined) at = Math.max(at, lastAt + 1000 / peak);
  }
  const next = Object.entries(taken).map(([family, fullAt]) => [family, { fullAt, lastAt: at }]);
  return { levels: { ...levels, ...(Object.fromEntries(next) as Levels) }, at: Math.ceil(at) };
}

/** Ten thousand releases take three hours: what is booked further ahead is a clock that was wrong. */
function believed(level: Level | undefined, now: Moment): Level | undefined {
  return level !== undefined && level.fullAt <= now + AHEAD_MOST_MS ? level : undefined;
}

/** As if it had not been taken; whoever has a turn keeps it. */
export function returned(levels: Levels, calls: CallsWanted): Levels {
  const next = wanted(calls).flatMap(([family, count]) => {
    const level = levels[family];
    if (level === undefined) return [];
    const fullAt = level.fullAt - (count * 1000) / SHARES[family].refill;
    return [[family, { ...level, fullAt }] as const];
  });
  return { ...levels, ...(Object.fromEntries(next) as Levels) };
}

function wanted(calls: CallsWanted): readonly (readonly [CallFamily, number])[] {
  return Object.entries(calls) as [CallFamily, number][];
}
