/** What the load balancer told of one minute of a release, and whether it can be counted. */

/** One pair a minute before the release, of the old revision, oldest first: requests, errors. */
export type History = readonly (readonly [requests: number, errors: number])[];

/**
 * One minute of the clock, from that of the first new request on, in order. Counts may be null or
 * wrong: such a minute is not known.
 */
export interface Minute {
  /** Seconds after the first new request at which it begins; negative for the first. */
  readonly begin: number;
  /** False: neither group has been told of. */
  readonly known: boolean;
  /** The old revision had requests in every moment of it, so the two can be compared. */
  readonly control: boolean;
  readonly oldN: number | null;
  readonly oldE: number | null;
  /** Of one target group for both revisions (ROLLING): all requests, with `newShare`; no control then. */
  readonly newN: number | null;
  readonly newE: number | null;
  /** Slow answers among them, where latency is judged. */
  readonly oldSlow?: number | null;
  readonly newSlow?: number | null;
  /** The mean share of the new revision in `newN`. Absent: all of it. */
  readonly newShare?: number;
}

/** Counts that were checked; errors are at most the requests. */
export interface Counts {
  readonly oldN: number;
  readonly oldE: number;
  readonly newN: number;
  readonly newE: number;
}

/** Why its counts cannot be used; undefined: they can. */
export function faultOf(minute: Minute): string | undefined {
  for (const name of ['oldN', 'oldE', 'newN', 'newE'] as const) {
    if (!isCount(minute[name])) return `${name} is ${minute[name]}`;
  }
  const { newShare } = minute;
  if (newShare !== undefined && !(newShare >= 0 && newShare <= 1)) return `newShare is ${newShare}`;
  return undefined;
}

/** Whether the two can be compared in it: without one old request there is nothing to compare with. */
export function hasControl({ control, oldN }: Minute): boolean {
  return control && oldN !== 0;
}

/** More errors than requests are as many as requests: the two metrics are published apart. */
export function countsOf({ oldN, oldE, newN, newE }: Minute): Counts {
  return {
    oldN: oldN ?? 0,
    oldE: Math.min(oldE ?? 0, oldN ?? 0),
    newN: newN ?? 0,
    newE: Math.min(newE ?? 0, newN ?? 0),
  };
}

/** The same with slow answers in place of errors; undefined: nobody measured them. */
export function slowCountsOf({ oldN, oldSlow, newN, newSlow }: Minute): Counts | undefined {
  if (!isCount(oldSlow) || !isCount(newSlow)) return undefined;
  return {
    oldN: oldN ?? 0,
    oldE: Math.min(oldSlow, oldN ?? 0),
    newN: newN ?? 0,
    newE: Math.min(newSlow, newN ?? 0),
  };
}

/** Not NaN, not negative, not infinite. */
export function isCount(value: number | null | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}
