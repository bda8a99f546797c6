/** The parts that the schemas of config and scenarios are made of: each names what was expected. */
import * as z from 'zod';
import { bounded } from '../parsing/bounded.ts';
import { durationMinutes } from '../parsing/duration.ts';

type Shape = Readonly<Record<string, z.core.SomeType>>;

/** An object that knows its keys. */
export function settings<S extends Shape>(expected: string, shape: S) {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : expected),
  });
}

export function text(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error });
}

export function whole(unit: string, min: number, max: number) {
  const error = `a whole number of ${unit} from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** `30m`, `4h` or `2d`, as minutes. */
export function duration(min: number, max: number, error: string) {
  return z
    .string({ error })
    .transform((written) => durationMinutes(written) ?? Number.NaN)
    .refine((minutes) => minutes >= min && minutes <= max, { error });
}

export function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, { error: values.map((value) => `'${value}'`).join(' or ') });
}

/** A name that is a key of ours; `constructor` and its like would be found on every object. */
export function key(error: string, pattern: RegExp) {
  return text(pattern, error).refine((name) => !(name in {}), {
    error: `${error}, and not one that every object in JavaScript has`,
  });
}

/** A list or record of ours. zod would pass over `__proto__`, which JSON can contain. */
export function entries<T extends z.ZodType>(schema: T) {
  return z
    .unknown()
    .refine((it) => !(typeof it === 'object' && it !== null && Object.hasOwn(it, '__proto__')), {
      error: 'no key __proto__',
      abort: true,
    })
    .pipe(bounded(schema));
}

/** At least one value, by a name. */
export function named<T extends z.ZodType>(name: string, pattern: RegExp, value: T, error: string) {
  return entries(
    recordOf(name, pattern, value, error).refine((values) => Object.keys(values).length > 0, {
      error,
    }),
  );
}

/** Any number of values, by a name. */
export function byName<T extends z.ZodType>(
  name: string,
  pattern: RegExp,
  value: T,
  error: string,
) {
  return entries(recordOf(name, pattern, value, error));
}

function recordOf<T extends z.ZodType>(name: string, pattern: RegExp, value: T, error: string) {
  return z.record(key(name, pattern), value, {
    error: ({ code, issues }) => (code === 'invalid_key' ? keyError(issues) : error),
  });
}

/** A record's key that is refused: the reason is one level down. */
function keyError(issues: unknown): string {
  const first = Array.isArray(issues) ? issues[0] : undefined;
  return typeof first?.message === 'string' ? first.message : 'another name';
}
