/** Why, in counts: whoever reads it needs to know no statistics. Says nothing that was not counted. */
import { count, failed, percent, rate } from './count-words.ts';
import type { Course } from './course.ts';
import type { Counts } from './minute.ts';
import type { JudgeOptions } from './options.ts';
import type { Totals } from './totals.ts';
import type { Verdict } from './verdict.ts';

type Names = JudgeOptions['names'];

export function becauseOf(verdict: Verdict, totals: Totals, course: Course): string {
  return [sentence(verdict, totals, course), ...doubts(totals, course)].join('; ');
}

function sentence(verdict: Verdict, totals: Totals, course: Course): string {
  const { names, mustCatch } = course.options;
  const both = compared(totals.compared, names);
  switch (verdict.state) {
    case 'condemned':
      return condemned(verdict.by, both, totals, course);
    case 'alone':
      return `${alone(totals.alone, totals, course)}; there is nothing to compare with, and an outage would look the same`;
    case 'alike':
      return `${inOneMinute(verdict.suffering, names)}; while ${names.old} suffers itself, nothing is advanced and nobody condemned`;
    case 'suspicious':
      return `${measured(both, totals, course)}; that is more than chance makes likely, and not enough to condemn`;
    case 'harmless':
      return `${both}; it does not fail ${Number((mustCatch * 100).toFixed(2))} percentage points more`;
    case 'waiting':
      return waiting(both, totals, course);
  }
}

function condemned(
  by: 'two-arm' | 'history' | 'latency',
  both: string,
  totals: Totals,
  { baseline, options: { names, slowMs } }: Course,
): string {
  switch (by) {
    case 'two-arm':
      return both;
    case 'history':
      return `${both}; before the release up to ${percent(baseline.ref ?? 0)} was no news`;
    case 'latency': {
      const took = `took longer than ${slowMs} ms`;
      const { oldN, oldE, newN, newE } = totals.slow;
      return `of ${count(newN)} answers of ${names.new}, ${count(newE)} ${took} (${rate(newE, newN)}); of ${count(oldN)} of ${names.old} in the same minutes, ${count(oldE)} (${rate(oldE, oldN)})`;
    }
  }
}

function waiting(both: string, totals: Totals, course: Course): string {
  const { names } = course.options;
  if (course.minutes === 0)
    return `no request has reached ${names.new} in any minute that is known`;
  return `${measured(both, totals, course)}; that is too little to call it harmless, or to condemn it`;
}

/** Whatever could be measured: against the other one, or against history alone. */
function measured(both: string, totals: Totals, course: Course): string {
  if (totals.alone.newN === 0) return both;
  const single = alone(totals.alone, totals, course);
  return totals.compared.newN === 0 ? single : `${both}; ${single}`;
}

/** "of 550 requests to web:8, 136 failed (24.7 %); of 11,400 to web:7 in the same minutes, 12 (0.1 %)" */
function compared({ oldN, oldE, newN, newE }: Counts, names: Names): string {
  return `${failed(names.new, newN, newE)}; of ${count(oldN)} to ${names.old} in the same minutes, ${count(oldE)} (${rate(oldE, oldN)})`;
}

/** The newest minute in which the old one fails more than it ever did. */
function inOneMinute({ oldN, oldE, newN, newE }: Counts, names: Names): string {
  return `in one minute ${failed(names.old, oldN, oldE)}, of ${count(newN)} to ${names.new} ${count(newE)} (${rate(newE, newN)})`;
}

function alone({ newN, newE }: Counts, { shared }: Totals, { baseline, options }: Course): string {
  const { names } = options;
  const whom = shared ? `${names.old} and ${names.new} together` : `${names.new} by itself`;
  const { ref } = baseline;
  const usual = ref === undefined ? '' : `; before the release up to ${percent(ref)} was no news`;
  return `${failed(whom, newN, newE)}${usual}`;
}

/** What was not measured, and so proves nothing. */
function doubts({ unknown, leftOut, firstFault }: Totals, { baseline }: Course): readonly string[] {
  return [
    ...(baseline.ref === undefined
      ? ['before the release fewer than 30 minutes had requests, so only the comparison speaks']
      : []),
    ...(unknown > 0 ? [`${minutes(unknown)} not known`] : []),
    ...(leftOut > 0
      ? [`${minutes(leftOut)} left out, since the counts are impossible (${firstFault})`]
      : []),
  ];
}

function minutes(number: number): string {
  return number === 1 ? '1 minute is' : `${number} minutes are`;
}
