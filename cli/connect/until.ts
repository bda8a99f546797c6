/** How far one waits, and how long: read and checked. */
import { LEVELS, type Level } from '../../shared/core/incident/course.ts';
import { meant } from '../../shared/parsing/meant.ts';
import type { Given } from '../command.ts';
import { UsageError } from '../output/command-error.ts';

export interface UntilOptions {
  readonly until: Level;
  readonly minutes: number;
}

const MINUTES_MAX = 1_440;

/** Of commander; empty: nobody waits. Throws `UsageError`. */
export function untilIn({ until, minutes }: Given): Partial<UntilOptions> {
  if (until === undefined) return {};
  const level = LEVELS.find((one) => one === until);
  if (level === undefined) {
    const word = String(until);
    throw new UsageError(
      `--until is "${word}", expected ${LEVELS.join(', ')}${meant(word, LEVELS)}`,
    );
  }
  return { until: level, minutes: minutesIn(String(minutes)) };
}

function minutesIn(text: string): number {
  const minutes = Number(text);
  if (/^\d+$/.test(text) && minutes >= 1 && minutes <= MINUTES_MAX) return minutes;
  throw new UsageError(`--minutes is "${text}", expected whole minutes from 1 to ${MINUTES_MAX}`);
}
