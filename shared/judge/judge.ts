/**
 * Judges a release by comparing it with the revision that it replaces, over the same minutes. Pure: no
 * clock, no I/O, nothing kept between looks. Every look reads the whole release again; what a caller
 * keeps is the verdict *condemned*, which is never taken back.
 *
 * The method, its source and what it was measured to do: docs/judge.md.
 */
import { becauseOf } from './because.ts';
import { beginCourse, takeIn } from './course.ts';
import { logMean } from './log-space.ts';
import type { History, Minute } from './minute.ts';
import {
  checkOptions,
  DEFAULTS,
  type JudgeOptions,
  type Thresholds,
  thresholdsOf,
} from './options.ts';
import { copyOf } from './totals.ts';
import { type By, type Logs, logsOf, type State, verdictOf } from './verdict.ts';

export interface Judgement {
  readonly state: State;
  /** In counts, for people. */
  readonly because: string;
  /** ln E after the last minute, also after a verdict. */
  readonly logs: Logs;
  /** What spoke, and in which of the minutes: of `condemned` and `alone` only. */
  readonly by?: By;
  readonly minute?: number;
  /** It does not fail `mustCatch` more than the old one, whatever that one fails. */
  readonly isNotWorse: boolean;
  /** Dispersion of the errors of history, and the rate that would be no news. */
  readonly phi: number;
  readonly ref?: number;
}

/** Throws `RangeError` for options that are none; never for what the minutes say. */
export function judge(
  history: History,
  minutes: readonly Minute[],
  given: Partial<JudgeOptions> = {},
): Judgement {
  const options: JudgeOptions = { ...DEFAULTS, ...given };
  checkOptions(options);
  const course = beginCourse(history, options);
  let logs = logsOf(course);
  let verdict = verdictOf(course, logs);
  let totals = course.totals;
  let at = 0;
  for (const [index, minute] of minutes.entries()) {
    takeIn(course, minute);
    logs = logsOf(course);
    if (verdict.state === 'condemned') continue;
    const before = verdict.state;
    verdict = verdictOf(course, logs);
    if (verdict.state !== before) at = index;
    // The sentence tells what was counted when it was said.
    totals = verdict.state === 'condemned' ? copyOf(course.totals) : course.totals;
  }
  const { phi, ref } = course.baseline;
  return {
    state: verdict.state,
    because: becauseOf(verdict, totals, course),
    logs,
    isNotWorse: logMean(course.level) >= course.thresholds.harmless,
    ...('by' in verdict ? { by: verdict.by, minute: at } : {}),
    phi,
    ...(ref === undefined ? {} : { ref }),
  };
}

/** What a chart of a release is drawn from. */
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
