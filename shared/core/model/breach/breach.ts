/**
 * When the newest breach that made an alarm red ended. CloudWatch tells it in prose (`StateReason`)
 * and in JSON (`StateReasonData`), and neither is promised, so whatever cannot be read is undefined:
 * the alarm then counts from the moment that it rose, which is the careful answer.
 */
import type { Moment } from '../image.ts';
import { parseMoment, utc } from '../moment.ts';

const TEXT_MAX = 16_384;
const DATAPOINTS_MAX = 1_000;
/** A week; CloudWatch's longest is a day. */
const PERIOD_MAX = 604_800;
/** The end of the year 9999: what `Date` can write in four digits. */
export const MOMENT_MAX = 253_402_300_799_999;

/**
 * End of the newest breaching period, or undefined. `reasonData` is JSON text, or already parsed.
 *
 * The reason names the breaching datapoints: "2 out of the last 3 datapoints [26.0 (20/11/26
 * 10:02:00), 25.0 (20/11/26 10:01:00)] were greater than the threshold". The data has the period
 * and all evaluated datapoints, good ones too, so it is used for the period, and for the newest
 * datapoint only where the prose has no time: too late an end counts an alarm, too early an end
 * would ignore one.
 */
export function breachEndsAt(reason: string | undefined, reasonData: unknown): Moment | undefined {
  // The breach is then newer than any datapoint: "… 1 missing datapoint was treated as [Breaching]".
  if (reason !== undefined && /no datapoints|missing datapoint/i.test(reason)) return undefined;
  const data = parsed(reasonData);
  const period = valueIn(data, 'period');
  if (!isPeriod(period)) return undefined;
  const starts = startsInProse(reason);
  const newest = starts.length > 0 ? starts : startsInData(data);
  const ends = Math.max(...newest) + period * 1000;
  // Without any datapoint it is -Infinity.
  return ends >= 0 && ends <= MOMENT_MAX ? ends : undefined;
}

/**
 * Start of the oldest breaching datapoint that the reason names. Only from the prose: the data has
 * the evaluated datapoints that were good, too.
 */
export function breachStartsAt(reason: string | undefined): Moment | undefined {
  const starts = startsInProse(reason);
  return starts.length === 0 ? undefined : Math.min(...starts);
}

function startsInProse(reason: string | undefined): Moment[] {
  if (reason === undefined || reason.length > TEXT_MAX) return [];
  const bracketed = /\[([^\]]*)\]/.exec(reason)?.[1] ?? '';
  const dates = bracketed.matchAll(/\((\d\d)\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)\)/g);
  return [...dates].map(([, day, month, year, hour, minute, second]) =>
    utc(2000 + Number(year), Number(month), Number(day), hour, minute, second),
  );
}

function startsInData(data: unknown): Moment[] {
  const points = valueIn(data, 'evaluatedDatapoints');
  if (!Array.isArray(points)) return [];
  return points.slice(0, DATAPOINTS_MAX).flatMap((point) => {
    const timestamp = valueIn(point, 'timestamp');
    const at = typeof timestamp === 'string' ? parseMoment(timestamp) : undefined;
    return at === undefined ? [] : [at];
  });
}

function parsed(reasonData: unknown): unknown {
  if (typeof reasonData !== 'string') return reasonData;
  if (reasonData.length > TEXT_MAX) return undefined;
  try {
    return JSON.parse(reasonData);
  } catch {
    return undefined;
  }
}

/** In whole seconds. */
function isPeriod(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= PERIOD_MAX;
}

function valueIn(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
