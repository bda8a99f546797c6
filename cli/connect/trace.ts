/** A trace of a release in a file, as docs/judge.md has its format, and what is wrong with one. */
import * as z from 'zod/mini';
import type { Trace, TraceMinute } from '../../shared/judge/play.ts';
import { inWords, shown, valueAt } from '../../shared/parsing/unreadable.ts';
import { UsageError } from '../output/command-error.ts';
import { readJson } from './read-json.ts';

export interface ReadTrace extends Trace {
  readonly id?: string;
  /** Absent: slow answers were not counted. */
  readonly slowMs?: number;
}

/** A day of history, and of a release. */
const MINUTES_MAX = 1_440;
const COUNT_MAX = 1e12;
const SECONDS_MAX = 86_400;

const number = (least: number, most: number, error: string) =>
  z.number({ error }).check(z.gte(least, { error }), z.lte(most, { error }));
const count = number(0, COUNT_MAX, `a number of requests from 0 to ${COUNT_MAX}`);
const orNone = z.nullable(count);
const seconds = (least: number) =>
  number(least, SECONDS_MAX, `seconds from ${least} to ${SECONDS_MAX}`);
const flag = z.boolean({ error: 'true or false' });
const list = <T extends z.core.$ZodType>(item: T, least: number, what: string) => {
  const error = `a list of ${least} to ${MINUTES_MAX} ${what}`;
  return z
    .array(item, { error })
    .check(z.minLength(least, { error }), z.maxLength(MINUTES_MAX, { error }));
};

const common = {
  minute: number(0, MINUTES_MAX, `the number of a minute, 0 to ${MINUTES_MAX}`),
  begin: seconds(-60),
  known: flag,
  publishedAfter: z._default(seconds(0), 60),
  bad: z.optional(count),
};

const splitMinute = z.object(
  {
    ...common,
    control: flag,
    oldN: orNone,
    oldE: orNone,
    newN: orNone,
    newE: orNone,
    oldSlow: z.optional(orNone),
    newSlow: z.optional(orNone),
  },
  { error: 'an object with the counts of one minute' },
);

const sharedMinute = z.object(
  {
    ...common,
    totalN: orNone,
    totalE: orNone,
    newShare: number(0, 1, 'the share of the new revision, 0 to 1'),
  },
  { error: 'an object with the counts of one minute' },
);

const pair = z.tuple([count, count], { error: '[requests, errors]' });
const head = {
  id: z.optional(z.string({ error: 'a name' })),
  periodSeconds: z.literal(60, { error: '60: minutes are what the judge reads' }),
  history: list(pair, 0, 'pairs [requests, errors], one a minute'),
  slowMs: z.optional(number(0, SECONDS_MAX * 1_000, 'milliseconds')),
};

const trace = z.discriminatedUnion(
  'split',
  [
    z.object({
      ...head,
      split: z.literal(true),
      minutes: list(splitMinute, 1, 'minutes'),
    }),
    z.object({
      ...head,
      split: z.literal(false),
      minutes: list(sharedMinute, 1, 'minutes'),
    }),
  ],
  { error: 'true (counts by revision) or false (totalN, totalE and newShare)' },
);

/** Throws `UsageError` with the first thing that is wrong: what, what it is, what was expected. */
export async function readTrace(file: string): Promise<ReadTrace> {
  const input = await readJson(file);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw wrong(file, '', shown(input), 'an object');
  }
  const result = trace.safeParse(input);
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = issue?.path ?? [];
    throw wrong(
      file,
      inWords(path),
      shown(valueAt(input, path)),
      issue?.message ?? 'something else',
    );
  }
  const { id, slowMs, history, ...rest } = result.data;
  const minutes = rest.split ? rest.minutes : rest.minutes.map(sharedCounts);
  inOrder(file, minutes);
  const slow = minutes.some(({ newSlow }) => typeof newSlow === 'number') ? slowMs : undefined;
  return {
    history,
    minutes: minutes as readonly TraceMinute[],
    ...(id === undefined ? {} : { id }),
    ...(slow === undefined ? {} : { slowMs: slow }),
  };
}

/** One target group for both: nothing can be compared, and its counts are of old and new requests. */
function sharedCounts({
  totalN,
  totalE,
  ...rest
}: z.infer<typeof sharedMinute>): z.infer<typeof splitMinute> & { readonly newShare: number } {
  return { ...rest, control: false, oldN: 0, oldE: 0, newN: totalN, newE: totalE };
}

function inOrder(file: string, minutes: readonly z.infer<typeof splitMinute>[]): void {
  for (const [i, { begin }] of minutes.entries()) {
    const before = minutes[i - 1]?.begin;
    if (before === undefined || begin >= before + 60 - ROUNDING) continue;
    const expected = `60 s after ${before}: minutes stand in order, one of the clock each`;
    throw wrong(file, `minutes.${i}.begin`, shown(begin), expected);
  }
}

/** Of a beginning that was rounded to a second. */
const ROUNDING = 1;

function wrong(file: string, where: string, seen: string, expected: string): UsageError {
  const what = where === '' ? file : `${file}, ${where}`;
  return new UsageError(
    `${what}: is ${seen}, expected ${expected}; docs/judge.md, "Traces", has the format`,
  );
}
