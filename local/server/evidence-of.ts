/** What the judge's evidence for and against a release came to, minute by minute until it ended, to be drawn. */
import type { ShownMinutes } from '../../shared/judge/clock-minutes.ts';
import { evidenceCourse } from '../../shared/judge/judge.ts';
import { type EvidenceLines, evidenceLines } from '../page/charts/evidence.ts';

const MINUTE = 60_000;

export interface JudgedRelease {
  readonly startedAt: number;
  /** Absent: it is still on its way. */
  readonly endedAt?: number;
}

/** What was counted after its end speaks for or against another one. */
export function evidenceOf(
  { history, minutes, from }: ShownMinutes,
  { startedAt, endedAt = Number.POSITIVE_INFINITY }: JudgedRelease,
): EvidenceLines {
  const first = from ?? startedAt;
  const judged = minutes.filter((_, i) => first + i * MINUTE < endedAt);
  const { logs, thresholds } = evidenceCourse(history, judged);
  const named = logs.map(({ two, ...others }) => ({ 'two-arm': two, ...others }));
  return evidenceLines(first, named, thresholds);
}
