/** Why a release must go, and whose fault that is. */
import type { ContainerName, Moment } from '../model/image.ts';
import type { Innocent } from '../model/record/rollback.ts';

export interface Verdict {
  readonly because: string;
  readonly alarms: readonly string[];
  /** The containers that failed, where the evidence names them for certain. */
  readonly containers?: readonly ContainerName[];
  /** Their images could not be had: nothing that runs beside them does that. */
  readonly wereNotPulled?: boolean;
  /** Of an alarm: when it rose, or since when its data breach. */
  readonly roseAt?: Moment;
  /** Of an alarm: none of its data is younger. */
  readonly dataEndAt?: Moment;
  /** Absent: its images are to blame, or those of `containers`. */
  readonly innocent?: Innocent | undefined;
  /** The release that a person chose to return to. */
  readonly to?: string;
}
