/** What a config may say of times in which nothing new starts, and in which words it is refused. */
import * as z from 'zod';
import type { Freeze } from '../core/model/freeze/freeze.ts';
import { spanOf } from '../core/model/freeze/freeze.ts';
import { isTimeZone } from '../core/model/freeze/wall-clock.ts';
import { meant } from '../parsing/meant.ts';
import { inWords } from '../parsing/unreadable.ts';
import { type ConfigProblem, problem } from './problems.ts';
import { entries, settings, text } from './settings.ts';

/** They stand in the record, which has to stay small. */
const WINDOWS_MAX = 20;
const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const WEEK_MS = 7 * DAY_MS;
/** A quarter: nobody freezes for longer on purpose, and a slip of the year would be one. */
const DAYS_MAX = 92;

const WINDOW = "{ from: 'Fri 16:00', to: 'Mon 08:00', because: 'the weekend' }";
const END =
  "a time of each day ('18:00'), of each week ('Fri 16:00'), or once ('2026-12-24 18:00', or the day alone)";
const ENDLESS = `${END}; a freeze without end is a target with mode: 'watch', or a \`slipway hold\``;
const end = (error: string) =>
  text(/^(?:[A-Z][a-z]{2} )?\d\d:\d\d$|^\d{4}-\d\d-\d\d(?: \d\d:\d\d)?$/, error);

const window = settings(WINDOW, {
  from: end(END),
  to: end(ENDLESS),
  because: text(/^(?=.*\S).{1,100}$/, 'why, in 1 to 100 characters'),
}).superRefine((one, context) => {
  const refuse = (message: string) =>
    context.addIssue({ code: 'custom', path: ['to'], message, input: one.to });
  const span = spanOf(one);
  if (span === undefined) return refuse('a time that there is, of the same kind as `from`');
  if (span.every !== undefined) return;
  if (span.to <= span.from) return refuse('a time after `from`');
  if (span.to - span.from > DAYS_MAX * DAY_MS) {
    refuse(`at most ${DAYS_MAX} days after \`from\`; for longer a target has mode: 'watch'`);
  }
});

const ZONE = "a time zone of the IANA database, like 'Europe/Berlin' or 'UTC'";
export const freeze = settings(`{ timeZone: 'Europe/Berlin', windows: [${WINDOW}] }`, {
  timeZone: z
    .string({ error: ZONE })
    .regex(/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/, { error: ZONE })
    .refine(isTimeZone, {
      error: ({ input }) => `${ZONE}${meant(input, Intl.supportedValuesOf('timeZone'))}`,
    }),
  windows: entries(
    z
      .array(window, { error: 'a list of windows' })
      .min(1, { error: 'at least one window' })
      .max(WINDOWS_MAX, { error: `at most ${WINDOWS_MAX} windows` }),
  ),
});

/** Windows that come again and again and leave no minute between them never end. */
export function endlessFreeze(
  path: readonly PropertyKey[],
  given: Freeze | undefined,
): readonly ConfigProblem[] {
  if (given === undefined || !isWholeWeek(given)) return [];
  const expected = `a minute of the week in which a release may start; a target that deploys nothing has mode: 'watch'`;
  return [problem([...path, 'windows'], given.windows.map(inOneLine).join(', '), expected)];
}

function inOneLine({ from, to }: Freeze['windows'][number]): string {
  return `${from} to ${to}`;
}

function isWholeWeek({ windows }: Freeze): boolean {
  const spans = windows.flatMap((one) => spanOf(one) ?? []);
  const isCovered = (minute: number) =>
    spans.some(({ from, to, every }) => {
      if (every === undefined) return false;
      const lasts = to > from ? to - from : to - from + every;
      const since = (((minute - from) % every) + every) % every;
      return since < lasts;
    });
  for (let at = 0; at < WEEK_MS; at += MINUTE_MS) if (!isCovered(at)) return false;
  return spans.length > 0;
}

/** A dated window that is over holds nothing any more. */
export function endedWindows(given: Freeze | undefined, now: number): readonly string[] {
  return (given?.windows ?? []).flatMap((one) => {
    const span = spanOf(one);
    // A day later it is over in every zone.
    const isOver = span !== undefined && span.every === undefined && span.to + DAY_MS < now;
    return isOver ? [inWords([inOneLine(one)])] : [];
  });
}
