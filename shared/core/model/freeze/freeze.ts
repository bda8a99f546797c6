/** The windows in which nothing new starts, as the config writes them, and until when one of them lasts. */
import type { Moment } from '../image.ts';
import { parseMoment } from '../moment.ts';
import { momentsAt, type WallClock, type WallTime, wallClock } from './wall-clock.ts';

export interface Freeze {
  /** `Europe/Berlin`, as the IANA database has it. */
  readonly timeZone: string;
  readonly windows: readonly FreezeWindow[];
}

/**
 * Both ends are of one kind: each day (`18:00`), each week (`Fri 16:00`), or once (`2026-12-24 18:00`, or a day alone:
 * from its beginning, to its end).
 */
export interface FreezeWindow {
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

export interface Frozen {
  readonly until: Moment;
  /** Of the window that is open now. */
  readonly because: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const WEEK_MS = 7 * DAY_MS;
/** Windows that follow each other without a gap are one; a config in which that never ends is refused. */
const CHAINED_MAX = 100;

/** Undefined: nothing is frozen at that moment. */
export function frozenAt(freeze: Freeze, at: Moment): Frozen | undefined {
  const shows = wallClock(freeze.timeZone);
  const first = openAt(freeze.windows, at, shows);
  if (first === undefined) return undefined;
  let { until } = first;
  for (let i = 0; i < CHAINED_MAX; i += 1) {
    const next = openAt(freeze.windows, until, shows);
    if (next === undefined) break;
    until = next.until;
  }
  return { until, because: first.because };
}

/** The one that lasts longest of those that are open. */
function openAt(
  windows: readonly FreezeWindow[],
  at: Moment,
  shows: WallClock,
): Frozen | undefined {
  const wall = shows(at);
  let open: Frozen | undefined;
  for (const window of windows) {
    for (const [from, to] of occurrences(window, wall)) {
      const [begins, until] = [momentsAt(from, shows).first, momentsAt(to, shows).last];
      const lasts = until > (open?.until ?? at);
      if (begins <= at && lasts) open = { until, because: window.because };
    }
  }
  return open;
}

/** Those that may be open when the wall shows that: the last that began, and what is around it. */
function occurrences(window: FreezeWindow, wall: WallTime): readonly [WallTime, WallTime][] {
  const span = spanOf(window);
  if (span === undefined) return [];
  const { from, to, every } = span;
  if (every === undefined) return [[from, to]];
  const lasts = to > from ? to - from : to - from + every;
  const latest = from + Math.floor((wall - from) / every) * every;
  return [-1, 0, 1].map((n) => [latest + n * every, latest + n * every + lasts]);
}

export interface Span {
  readonly from: WallTime;
  readonly to: WallTime;
  /** It comes again after so long; absent: it comes once. */
  readonly every?: number;
}

/** Undefined: an end that is not written so, or two of different kinds. */
export function spanOf({ from, to }: Pick<FreezeWindow, 'from' | 'to'>): Span | undefined {
  const [begin, end] = [endOf(from, 0), endOf(to, DAY_MS)];
  if (begin === undefined || end === undefined || begin.every !== end.every) return undefined;
  return begin.every === undefined
    ? { from: begin.at, to: end.at }
    : { from: begin.at, to: end.at, every: begin.every };
}

/** Sunday first. */
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const END =
  /^(?:(?<day>Sun|Mon|Tue|Wed|Thu|Fri|Sat) |(?<date>\d{4}-\d\d-\d\d)(?: |$))?(?<time>\d\d:\d\d)?$/;

/** `wholeDay`: what a day without a time means beside its beginning. */
function endOf(
  written: string,
  wholeDay: number,
): { readonly at: WallTime; readonly every?: number } | undefined {
  const { day, date, time } = END.exec(written)?.groups ?? {};
  const minutes = time === undefined ? undefined : minutesOf(time);
  if (time !== undefined && minutes === undefined) return undefined;
  if (date !== undefined) {
    const begins = parseMoment(`${date}T00:00:00Z`);
    if (begins === undefined || !isOfCalendar(date)) return undefined;
    return { at: begins + (minutes === undefined ? wholeDay : minutes * MINUTE_MS) };
  }
  if (minutes === undefined) return undefined;
  // The count of moments begins on a Thursday.
  const sunday = 3 * DAY_MS;
  return day === undefined
    ? { at: minutes * MINUTE_MS, every: DAY_MS }
    : { at: sunday + DAYS.indexOf(day) * DAY_MS + minutes * MINUTE_MS, every: WEEK_MS };
}

/** The 31st of a month that has 30 days would be the first of the next. */
function isOfCalendar(date: string): boolean {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (days[month - 1] ?? 0);
}

function minutesOf(time: string): number | undefined {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours <= 23 && minutes <= 59 ? hours * 60 + minutes : undefined;
}
