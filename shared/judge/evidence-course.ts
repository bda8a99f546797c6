/** How the evidence of a release grew, minute by minute: what a chart of it is drawn from. */
import { beginCourse, takeIn } from './course.ts';
import type { History, Minute } from './minute.ts';
import { DEFAULTS, type JudgeOptions, type Thresholds, thresholdsOf } from './options.ts';
import { type Logs, logsOf } from './verdict.ts';

export interface EvidenceCourse {
  /** ln E after each of the minutes, in their order. */
  readonly logs: readonly Logs[];
  /** From which ln E on something is said. */
  readonly thresholds: Thresholds;
}

/** The last one is what `judge` says after all of them. */
export function evidenceCourse(
  history: History,
  minutes: readonly Minute[],
  given: Partial<JudgeOptions> = {},
): EvidenceCourse {
  const options = { ...DEFAULTS, ...given };
  const course = beginCourse(history, options);
  const logs = minutes.map((minute) => {
    takeIn(course, minute);
    return logsOf(course);
  });
  return { logs, thresholds: thresholdsOf(options) };
}
