/**
 * The evidence as it stands, minute by minute. However many minutes are taken in, the same few numbers
 * are kept; and they are always taken in from the first one on, so that a minute that came late, or was
 * corrected, heals by itself at the next look.
 */
import { againstHistory, rateFor, warmReference } from './against-history.ts';
import { type Baseline, baselineOf } from './baseline.ts';
import { harmless, KAPPAS, LEVEL_KAPPAS } from './harmless.ts';
import { fillSlow, SLOW_FROM_SECONDS, slowCap } from './latency.ts';
import {
  type Counts,
  countsOf,
  faultOf,
  type History,
  hasControl,
  type Minute,
  slowCountsOf,
} from './minute.ts';
import { ALTERNATIVES, advance, newOnset, type Onset } from './onset.ts';
import { type JudgeOptions, type Thresholds, thresholdsOf } from './options.ts';
import { capOf, isUnmistakable, isWarm, shape } from './shape.ts';
import { addSlow, addTo, leaveOut, newTotals, type Totals } from './totals.ts';
import { twoArms } from './two-arms.ts';

/** Four processes, each with its own threshold, cap, and minutes. */
export interface Course {
  readonly options: JudgeOptions;
  readonly baseline: Baseline;
  readonly thresholds: Thresholds;
  readonly caps: Readonly<Record<'two' | 'history' | 'alone' | 'slow', number>>;
  readonly two: Onset;
  readonly history: Onset;
  readonly alone: Onset;
  readonly slow: Onset;
  /** Of "harmless": one for each kappa. */
  readonly safe: Float64Array;
  /** The same for what fails as often as the old one. */
  readonly level: Float64Array;
  readonly increments: Float64Array;
  readonly totals: Totals;
  /** Minutes since the first with a new request, and those of them that two processes count by themselves. */
  minutes: number;
  minutesAlone: number;
  minutesSlow: number;
  lastBegin: number;
  /** Whether the newest minute has a control. */
  control: boolean;
  /** The two newest minutes that could be compared, the newest first. */
  newest: readonly [Counts | undefined, Counts | undefined];
}

export function beginCourse(history: History, options: JudgeOptions): Course {
  const thresholds = thresholdsOf(options);
  const { capBuckets } = options;
  return {
    options,
    thresholds,
    baseline: baselineOf(history, options),
    caps: {
      two: capOf(thresholds.two, capBuckets),
      history: capOf(thresholds.history, capBuckets),
      alone: capOf(thresholds.alone, capBuckets),
      slow: slowCap(thresholds.slow),
    },
    two: newOnset(),
    history: newOnset(),
    alone: newOnset(),
    slow: newOnset(),
    safe: new Float64Array(KAPPAS.length),
    level: new Float64Array(LEVEL_KAPPAS.length),
    increments: new Float64Array(ALTERNATIVES),
    totals: newTotals(),
    minutes: 0,
    minutesAlone: 0,
    minutesSlow: 0,
    lastBegin: Number.NEGATIVE_INFINITY,
    control: true,
    newest: [undefined, undefined],
  };
}

/** Takes the next minute in. One that stands at the wrong place, or cannot be read, moves no evidence. */
export function takeIn(course: Course, minute: Minute): void {
  const { totals } = course;
  if (!(minute.begin > course.lastBegin)) {
    leaveOut(totals, `it begins ${minute.begin} s after the first new request, out of order`);
    return;
  }
  course.lastBegin = minute.begin;
  const fault = minute.known ? faultOf(minute) : undefined;
  if (fault !== undefined) leaveOut(totals, fault);
  else if (!minute.known) totals.unknown++;
  const counts = minute.known && fault === undefined ? countsOf(minute) : undefined;
  course.control = hasControl(minute);
  if (counts !== undefined && course.control) course.newest = [counts, course.newest[0]];
  if (course.minutes === 0 && (counts?.newN ?? 0) === 0) return;
  course.minutes++;
  if (counts !== undefined) addTo(totals, counts, course.control, minute.newShare !== undefined);
  weigh(course, minute, counts);
}

/** Undefined counts: nobody knows what happened in it, and it adds nothing. */
function weigh(course: Course, minute: Minute, counts: Counts | undefined): void {
  const warm = isWarm(minute, course.options);
  if (course.control) {
    const seen = counts !== undefined;
    if (seen) fillTwo(course, counts, warm);
    advance(course.two, course.minutes, seen ? course.increments : undefined);
    weighPast(course, course.history, course.minutes, course.caps.history, minute, counts);
    if (!seen) return;
    addHarmless(course, counts);
    weighSlow(course, minute);
  } else {
    // What was gathered while there was a control is not carried over: it may tell of an outage that
    // is long gone.
    advance(course.two, course.minutes, undefined);
    course.minutesAlone++;
    weighPast(course, course.alone, course.minutesAlone, course.caps.alone, minute, counts);
  }
}

function fillTwo(
  { options, baseline, increments, caps }: Course,
  counts: Counts,
  warm: boolean,
): void {
  const margin = warm ? options.warmupMargin : options.margin;
  const healthy = { ratio: options.ratio, margin, phi: baseline.phi };
  for (let j = 0; j < ALTERNATIVES; j++) {
    increments[j] = twoArms(counts, healthy, baseline.ratios[j] ?? 1e9);
  }
  shape(
    increments,
    isUnmistakable(counts, baseline.phi) ? Number.POSITIVE_INFINITY : caps.two,
    warm,
  );
}

function weighPast(
  { options, baseline, increments }: Course,
  onset: Onset,
  s: number,
  cap: number,
  minute: Minute,
  counts: Counts | undefined,
): void {
  if (baseline.ref === undefined) return;
  if (counts === undefined) {
    advance(onset, s, undefined);
    return;
  }
  const warm = isWarm(minute, options);
  const more = options.warmupMargin - options.margin;
  const ref = warm ? warmReference(baseline.ref, more) : baseline.ref;
  for (let j = 0; j < ALTERNATIVES; j++) {
    const q = rateFor(ref, j, minute.newShare ?? 1);
    increments[j] = againstHistory(counts.newN, counts.newE, ref, baseline.phi, q);
  }
  shape(increments, isUnmistakable(counts, baseline.phi) ? Number.POSITIVE_INFINITY : cap, warm);
  advance(onset, s, increments);
}

function addHarmless(course: Course, counts: Counts): void {
  addTogether(course, course.safe, KAPPAS, counts);
  addTogether(course, course.level, LEVEL_KAPPAS, counts);
}

function addTogether(
  { options, baseline }: Course,
  sums: Float64Array,
  kappas: readonly number[],
  counts: Counts,
): void {
  for (let k = 0; k < sums.length; k++) {
    const added = harmless(counts, options.mustCatch, baseline.phi, kappas[k] ?? 0.5);
    sums[k] = (sums[k] ?? 0) + added;
  }
}

function weighSlow(course: Course, minute: Minute): void {
  const { options, slow, increments, caps, totals } = course;
  if (options.slowMs === undefined || minute.begin < SLOW_FROM_SECONDS) return;
  const counts = slowCountsOf(minute);
  if (counts === undefined) return;
  fillSlow(increments, counts, caps.slow);
  course.minutesSlow++;
  advance(slow, course.minutesSlow, increments);
  addSlow(totals, counts);
}
