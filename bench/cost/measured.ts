/** How much is used, counted in the local cloud: `npm run cost -- --measure` counts it anew. */

export interface Used {
  /** Handlings by a function. */
  readonly invocations: number;
  /** GetItem and Query. */
  readonly tableReads: number;
  /** Of the table itself, without its indexes. */
  readonly tableWriteUnits: number;
  /** Calls of SendMessageBatch; what they sent is received and deleted as well. */
  readonly sends: number;
  readonly cloudwatch: number;
  readonly announcements: number;
}

/** Whatever the targets do: `tick`, and what it sweeps. Of one hour. */
export const HOUR_AT_REST: Used = {
  invocations: 62,
  tableReads: 61,
  tableWriteUnits: 123,
  sends: 2,
  cloudwatch: 0,
  announcements: 0,
};

/** A target at rest, of one hour: its look at whether it could roll back. Ten are a message batch. */
export const HOUR_OF_TARGET: Used = {
  invocations: 0.1,
  tableReads: 3,
  tableWriteUnits: 4,
  sends: 0.1,
  cloudwatch: 0,
  announcements: 0,
};

/** From the push until it is proven, with ten minutes of bake; the mean of three, rounded up. */
export const RELEASE: Used = {
  invocations: 15,
  tableReads: 16,
  tableWriteUnits: 109,
  sends: 9,
  cloudwatch: 4,
  announcements: 3,
};

/**
 * What the local cloud does not show, since nothing runs there as long as on Lambda. Estimates, of 512 MB:
 * a handling at rest 0.1 s, those of a release 40 s together; lines as the functions write them.
 */
export const ESTIMATED = {
  gbSeconds: { hourAtRest: 3, hourOfTarget: 0.1, release: 20 },
  logKb: { hourAtRest: 60, hourOfTarget: 0.6, release: 65 },
  /** Of one build. */
  buildMinutes: 4,
  /** Cached layers of an image that is built here. */
  layersGb: 2,
} as const;
