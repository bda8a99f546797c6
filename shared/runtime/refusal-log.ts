/** Refusals of the webhook in the log: told, but a flood of them is counted and not told line by line. */
import type { Clock, Log } from '../ports.ts';

/** Lines in a minute, of one process; what is above is a number in the first line of a later one. */
const LINES_MAX = 10;
const MINUTE_MS = 60_000;

export type TellRefusal = (
  log: Log,
  facts: { readonly status: number; readonly because: string },
) => void;

export function createRefusalLog({ now }: Pick<Clock, 'now'>): TellRefusal {
  let since = Number.NEGATIVE_INFINITY;
  let told = 0;
  let untold = 0;
  return (log, facts) => {
    if (now() >= since + MINUTE_MS) {
      if (untold > 0) log.warn('refused, and not told line by line', { deliveries: untold });
      [since, told, untold] = [now(), 0, 0];
    }
    if (told < LINES_MAX) {
      told++;
      log.warn('refused', facts);
    } else {
      untold++;
    }
  };
}
