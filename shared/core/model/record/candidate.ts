/** The places to return to, and the digests that may not start again. */
import type { ContainerName, ImageSet, Moment, TaskDefinitionArn } from '../image.ts';

/** A proven release: a place to return to. */
export interface RollbackCandidate {
  readonly release: string;
  readonly revision: TaskDefinitionArn;
  /** Digests of the containers that the config names. */
  readonly images: ImageSet;
  /** The containers whose images came with this release; none for what was adopted. */
  readonly changed: readonly ContainerName[];
  /** Its definition names digests; otherwise a return registers a pinned copy. */
  readonly pinned: boolean;
  readonly provenAt: Moment;
  /** Its window: an alarm that rose inside it, heard late, withdraws *proven*. Absent when adopted. */
  readonly window?: {
    readonly from: Moment;
    readonly to: Moment;
    readonly judgedAt?: Moment;
    /** Alarms that had no data in all of that time, so that they proved nothing. */
    readonly unmeasured?: readonly string[];
    readonly alarms: readonly string[];
  };
}

/** Why stands in its own item: a hundred sentences would not fit into the record. */
export interface Quarantined {
  readonly digest: string;
  readonly at: Moment;
  /** What it was built from, of the newest: `shop/web@8f3c2a1b9d04`. Built again, it is as bad. */
  readonly source?: string;
}
