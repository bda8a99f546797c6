/** Moments in words, and out of them: by arithmetic, since the core has no clock and no `Date`. */
import type { Moment } from './image.ts';

/** `10:05:00 UTC` */
export function clockTime(moment: Moment): string {
  const seconds = Math.floor(moment / 1000) % 86_400;
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)} UTC`;
}

/** Milliseconds of `2026-11-20T10:02:00.000+0000`, with `Z`, `+0000`, `+00:00` or no zone (UTC). */
export function parseMoment(text: string): Moment | undefined {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '0', sign, zh = '0', zm = '0'] =
    match;
  const zone = (Number(zh) * 60 + Number(zm)) * 60_000 * (sign === '-' ? -1 : 1);
  const ms = Math.trunc(Number(`0.${fraction}`) * 1000);
  const at = utc(Number(year), Number(month), Number(day), hour, minute, second);
  return at + ms - zone;
}

/** Days from civil: https://howardhinnant.github.io/date_algorithms.html#days_from_civil */
export function utc(
  year: number,
  month: number,
  day: number,
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
): Moment {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  const days = era * 146_097 + dayOfEra - 719_468;
  return (
    days * 86_400_000 + Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1000
  );
}
