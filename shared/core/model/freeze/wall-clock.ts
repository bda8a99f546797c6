/**
 * What the clock on the wall of a time zone shows, and when it shows a time: the days on which clocks are changed
 * included. The zones are those that the runtime brings (`Intl`), by their names in the IANA database.
 */
import type { Moment } from '../image.ts';
import { parseMoment } from '../moment.ts';

const DAY_MS = 86_400_000;

/** A time on the wall, as if it were UTC: without a zone it is no moment. */
export type WallTime = number;

export type WallClock = (moment: Moment) => WallTime;

/** To make one takes longer than to read it. Throws `RangeError` where the runtime knows no such zone. */
export function wallClock(timeZone: string): WallClock {
  // Sweden writes a moment as ISO 8601 does.
  const written = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone,
  });
  return (moment) => parseMoment(`${written.format(moment).replace(' ', 'T')}Z`) ?? moment;
}

/**
 * When the wall shows it. In the hour that comes twice, the first and the last of both; in the hour that is left out,
 * when it would have been, had nobody changed the clock: as `Temporal` has it.
 */
export function momentsAt(
  wall: WallTime,
  shows: WallClock,
): { readonly first: Moment; readonly last: Moment } {
  const offset = (moment: Moment) => shows(moment) - moment;
  // Clocks are changed at most once within two days.
  const [before, after] = [offset(wall - DAY_MS), offset(wall + DAY_MS)];
  const shown = [wall - before, wall - after].filter((moment) => shows(moment) === wall);
  if (shown.length === 0) return { first: wall - before, last: wall - before };
  return { first: Math.min(...shown), last: Math.max(...shown) };
}

/** `Mon 2026-11-23 08:00`, as the wall shows it. */
export function wallInWords(moment: Moment, timeZone: string): string {
  const day = new Intl.DateTimeFormat('en-US', { weekday: 'short', timeZone }).format(moment);
  return `${day} ${dayTime(moment, timeZone)}`;
}

/** `2026-11-23 08:00` */
export function dayTime(moment: Moment, timeZone: string): string {
  const style = { dateStyle: 'short', timeStyle: 'short', timeZone } as const;
  return new Intl.DateTimeFormat('sv-SE', style).format(moment);
}

export function isTimeZone(name: string): boolean {
  try {
    wallClock(name);
    return true;
  } catch {
    return false;
  }
}
