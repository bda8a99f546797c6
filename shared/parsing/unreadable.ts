/** Text that claims to be something we know, and that we cannot read. */
import { type core, safeParse } from 'zod/mini';

const SHOWN_MAX = 100;

/**
 * The house's answer: it leaves the handler, and the message goes to the dead-letter queue, where
 * somebody sees it. The text shows at most 100 characters of one value and never an event: what
 * people put into events is theirs, and secrets are among it.
 */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
  /** Where the value stood: `"ECR Image Action" event, detail.image-digest`. */
  readonly what: string;

  constructor(what: string, seen: unknown, expected: string) {
    super(
      `${what}: is ${shown(seen)}, expected ${expected}; the message goes to the dead-letter queue`,
    );
    this.what = what;
  }
}

/**
 * A value for a message: strings in quotes with escapes, cut at 100 characters; of objects and
 * arrays only their kind and size.
 */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null || typeof value === 'boolean') return `${value}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'string') {
    const text = JSON.stringify(value.slice(0, SHOWN_MAX));
    return value.length > SHOWN_MAX ? `${text}… (${value.length} characters)` : text;
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/**
 * The value as the schema describes it, or `UnreadableEvent` with the first thing that is wrong.
 * Each part of the schema says in its own `error` what was expected; `within` is where the value
 * itself stood.
 */
export function read<T>(
  what: string,
  schema: core.$ZodType<T>,
  value: unknown,
  within?: string,
): T {
  const result = safeParse(schema, value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path ?? [];
  const place = inWords([...(within === undefined ? [] : [within]), ...path]);
  const where = place === '' ? what : `${what}, ${place}`;
  throw new UnreadableEvent(where, valueAt(value, path), issue?.message ?? 'something else');
}

/**
 * `targets.web.mode`; a key that is no plain word stands in quotes, with escapes, and is cut: in a
 * record the sender chooses the keys.
 */
export function inWords(path: readonly PropertyKey[]): string {
  const word = (key: string) =>
    /^[\w-]{1,100}$/.test(key) ? key : JSON.stringify(key.slice(0, SHOWN_MAX));
  return path.map((key) => word(String(key))).join('.');
}

/** The value at a path, through own keys only: `__proto__` leads nowhere. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[key];
  }
  return here;
}
