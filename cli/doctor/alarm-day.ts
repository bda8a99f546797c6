/** An alarm held against the last day: were there data, how near to its threshold, and enough for a bake? */
import type { AlarmDay } from '../../shared/aws/alarm-days.ts';
import type { Found } from '../../shared/aws/examine.ts';
import type { Target } from '../../shared/config/config.ts';
import { duration } from '../output/times.ts';
import { type Check, failed, ok, skipped } from './check.ts';

const MINUTE_MS = 60_000;
/** Of the bakes that could have begun on that day, at least so many must have had the points that it needs. */
const JUDGED_SHARE = 0.5;

/** Only of alarms that CloudWatch has: that one is missing is told elsewhere. */
export function alarmDayChecks(
  target: Target,
  days: ReadonlyMap<string, Found<AlarmDay>>,
): readonly Check[] {
  return target.rules.alarms.flatMap((alarm) => {
    const name = `last day of alarm ${alarm}`;
    const day = days.get(alarm);
    if (day === undefined || day.state === 'missing') return [];
    return [day.state === 'seen' ? dayCheck(target, name, day.value) : skipped(name, day.because)];
  });
}

function dayCheck(target: Target, name: string, day: AlarmDay): Check {
  if (day.points.length === 0) return withoutPoints(target, name, day);
  const says = `data in ${inPeriods(day, day.points.length)}; ${extremeInWords(day)}`;
  return enoughFor(target, name, day, says);
}

/** No error all day is well; nothing measured all day is not. */
function withoutPoints(target: Target, name: string, day: AlarmDay): Check {
  const { metric, measuredAt } = day;
  const none = `no data of ${metric} in ${duration(day.to - day.from)}`;
  if (measuredAt.length === 0) {
    return failed(
      name,
      `${none}: it would not have risen, whatever happened`,
      `look at ${metric} and its dimensions in CloudWatch: a target group or a load balancer that was replaced has new ones; a count of errors should be 0 while there are none (of a metric filter: its default value)`,
    );
  }
  const says = `${none}, while what it is counted of was there in ${inPeriods(day, measuredAt.length)}`;
  return enoughFor(target, name, day, says);
}

/** Each bake that could have begun since the first point; with fewer periods than one bake nothing is said. */
function enoughFor({ id, rules }: Target, name: string, day: AlarmDay, says: string): Check {
  const { all, judged } = bakesOf(day, rules.bakeMinutes * MINUTE_MS);
  if (judged === all) return ok(name, says);
  const share = `${Math.round((judged / all) * 100)} %`;
  const told = `${says}; in ${share} of the bakes of ${rules.bakeMinutes} min it would have had the ${day.needs} it needs`;
  // A count that is not there is good, or bad, by its owner's word: then it judges without data, too.
  const isJudgedWithout = day.missing === 'breaching' || day.missing === 'notBreaching';
  if (isJudgedWithout || judged / all >= JUDGED_SHARE) return ok(name, told);
  return failed(
    name,
    `${told}: too few to judge most releases`,
    `pipeline.config.ts: a longer targets.${id}.bakeMinutes, or an alarm on what is measured more often, or a canary that asks every minute`,
  );
}

function bakesOf(day: AlarmDay, bakeMs: number): { all: number; judged: number } {
  const { measuredAt, periodMs, to, needs } = day;
  const first = measuredAt[0] ?? to;
  const last = to - Math.ceil(bakeMs / periodMs) * periodMs;
  let [all, judged] = [0, 0];
  let [left, right] = [0, 0];
  for (let from = first; from <= last; from += periodMs) {
    while ((measuredAt[right] ?? to) < from + bakeMs && right < measuredAt.length) right++;
    while ((measuredAt[left] ?? to) < from && left < right) left++;
    all++;
    if (right - left >= needs) judged++;
  }
  return { all, judged };
}

/** `1,380 of 1,440 minutes`, `280 of 288 periods of 5 min` */
function inPeriods({ from, to, periodMs }: AlarmDay, count: number): string {
  const number = (value: number) => value.toLocaleString('en-US');
  const of = `${number(count)} of ${number(Math.round((to - from) / periodMs))}`;
  return periodMs === MINUTE_MS ? `${of} minutes` : `${of} periods of ${duration(periodMs)}`;
}

interface Comparison {
  readonly isLow: boolean;
  readonly isEnough: boolean;
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  GreaterThanThreshold: { isLow: false, isEnough: false },
  GreaterThanOrEqualToThreshold: { isLow: false, isEnough: true },
  LessThanThreshold: { isLow: true, isEnough: false },
  LessThanOrEqualToThreshold: { isLow: true, isEnough: true },
};

function extremeInWords(day: AlarmDay): string {
  const comparison = COMPARISONS[day.comparison];
  if (comparison === undefined) return `it compares by ${day.comparison}`;
  const { isLow } = comparison;
  const values = day.points.map(({ value }) => value);
  const extreme = values.reduce((a, b) => (isLow ? Math.min(a, b) : Math.max(a, b)));
  const times = breaches(day, comparison);
  const needed = day.of === 1 ? 'a point' : `${day.needs} of ${day.of} points`;
  const rose = times === 0 ? 'never' : times === 1 ? 'once' : `${times} times`;
  return `the ${isLow ? 'lowest' : 'highest'} is ${short(extreme)}; ${rose} ${needed} came ${limitInWords(day, comparison)}`;
}

function limitInWords({ threshold }: AlarmDay, { isLow, isEnough }: Comparison): string {
  const side = isLow ? 'below' : 'above';
  return isEnough ? `to ${short(threshold)} or ${side}` : `${side} ${short(threshold)}`;
}

/** How often so many of so many periods began to be beyond; one without data is not. */
function breaches(
  { points, threshold, needs, of, periodMs }: AlarmDay,
  { isLow, isEnough }: Comparison,
): number {
  const moments = points.flatMap(({ at, value }) => {
    const over = isLow ? threshold - value : value - threshold;
    return over > 0 || (isEnough && over === 0) ? [at] : [];
  });
  let [times, redUntil] = [0, Number.NEGATIVE_INFINITY];
  for (const [i, at] of moments.entries()) {
    const oldest = moments[i - needs + 1];
    if (oldest === undefined || at - oldest >= of * periodMs) continue;
    if (at - redUntil > periodMs) times++;
    // Until then as many are in sight.
    redUntil = oldest + (of - 1) * periodMs;
  }
  return times;
}

function short(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString('en-US', { maximumFractionDigits: 6 });
}
