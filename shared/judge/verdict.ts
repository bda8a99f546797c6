/** The rule: which state the evidence amounts to. The first that holds, from the top. */
import type { Course } from './course.ts';
import { logMean } from './log-space.ts';
import type { Counts } from './minute.ts';
import { evidenceOf } from './onset.ts';
import { suffers } from './suffering.ts';

export type State = 'condemned' | 'alone' | 'alike' | 'suspicious' | 'harmless' | 'waiting';

/** What spoke. */
export type By = 'two-arm' | 'history' | 'latency' | 'history alone';

/** ln E of each process. -Infinity: it has not begun. */
export interface Logs {
  readonly two: number;
  readonly history: number;
  readonly alone: number;
  readonly harmless: number;
  /** Present where latency is judged. */
  readonly latency?: number;
}

export type Verdict =
  | { readonly state: 'condemned'; readonly by: 'two-arm' | 'history' | 'latency' }
  | { readonly state: 'alone'; readonly by: 'history alone' }
  /** The old revision suffers, in this minute of its own. */
  | { readonly state: 'alike'; readonly suffering: Counts }
  | { readonly state: 'suspicious' | 'harmless' | 'waiting' };

export function logsOf(course: Course): Logs {
  return {
    two: evidenceOf(course.two),
    history: evidenceOf(course.history),
    alone: evidenceOf(course.alone),
    harmless: logMean(course.safe),
    ...(course.options.slowMs === undefined ? {} : { latency: evidenceOf(course.slow) }),
  };
}

/** As it stands after the newest minute; *condemned* is kept by whoever asks minute by minute. */
export function verdictOf(course: Course, logs: Logs): Verdict {
  const { thresholds } = course;
  const condemned = condemnedBy(course, logs);
  if (condemned !== undefined) return { state: 'condemned', by: condemned };
  if (!course.control && logs.alone >= thresholds.alone) {
    return { state: 'alone', by: 'history alone' };
  }
  const suffering = course.newest.find(
    (minute) => minute !== undefined && suffers(course.baseline, minute),
  );
  if (suffering !== undefined) return { state: 'alike', suffering };
  if (
    logs.two >= thresholds.suspicious ||
    (logs.history >= thresholds.suspicious && logs.two >= 0) ||
    logs.alone >= thresholds.suspicious
  ) {
    return { state: 'suspicious' };
  }
  return { state: logs.harmless >= thresholds.harmless ? 'harmless' : 'waiting' };
}

function condemnedBy(
  { thresholds }: Course,
  { two, history, latency }: Logs,
): 'two-arm' | 'history' | 'latency' | undefined {
  if (two >= thresholds.two) return 'two-arm';
  if (history >= thresholds.history && two >= thresholds.consent) return 'history';
  if (latency !== undefined && latency >= thresholds.slow) return 'latency';
  return undefined;
}
