/** What is done to a sample: small edits that fast-check can draw, shrink and print. */
import fc from 'fast-check';
import { type Change, changedAt, type Path, pathsOf, valueAt } from './paths.ts';
import { BESIDE, nastyNumber, nastyText, nastyValue, nested, polluting, WITHIN } from './values.ts';

/** `at` chooses the place, of all that there are. */
export type Edit = { readonly at: number } & (
  | { readonly do: 'remove' | 'pollute' }
  | { readonly do: 'retype' | 'spoil' | 'copy'; readonly variant: number }
  | { readonly do: 'replace'; readonly value: unknown }
  | { readonly do: 'rename' | 'insert'; readonly text: string; readonly variant: number }
  | { readonly do: 'enlarge'; readonly size: number; readonly by: 'more' | 'ones' }
  | { readonly do: 'nest'; readonly levels: number; readonly as: 'list' | 'object' }
  | { readonly do: 'plant'; readonly how: 'beside' | 'within' | 'key' }
);

// Without bias: every place is as likely as another.
const at = fc.noBias(fc.nat());
const variant = fc.noBias(fc.nat(1_000));
const size = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(300, 1_200, 10_000) },
  { weight: 2, arbitrary: fc.constantFrom(70_000, 250_000) },
  { weight: 1, arbitrary: fc.constant(1_050_000) },
);

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ at, do: fc.constant('remove' as const) }) },
  { weight: 2, arbitrary: fc.record({ at, do: fc.constant('pollute' as const) }) },
  { weight: 3, arbitrary: fc.record({ at, do: fc.constant('retype' as const), variant }) },
  { weight: 3, arbitrary: fc.record({ at, do: fc.constant('spoil' as const), variant }) },
  { weight: 2, arbitrary: fc.record({ at, do: fc.constant('copy' as const), variant }) },
  {
    weight: 6,
    arbitrary: fc.record({
      at,
      do: fc.constant('replace' as const),
      value: fc.oneof(nastyValue, nastyNumber),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ at, do: fc.constant('rename' as const), text: nastyText, variant }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ at, do: fc.constant('insert' as const), text: nastyText, variant }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      at,
      do: fc.constant('enlarge' as const),
      size,
      by: fc.constantFrom('more' as const, 'ones' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      at,
      do: fc.constant('nest' as const),
      levels: fc.constantFrom(1, 2, 30, 1_500),
      as: fc.constantFrom('list' as const, 'object' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      at,
      do: fc.constant('plant' as const),
      how: fc.constantFrom('beside' as const, 'within' as const, 'key' as const),
    }),
  },
);

const TIME = /^\d{4}-\d\d-/;
const TIMES = ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59-23:59', '1969-12-31T23:59:59Z'];
/** As many characters as a name may have, each of which is two in a text. */
const LONG_NAME = '😀'.repeat(255);

/** Without chance: what stands at a place, at the edge of what it may be, and something else. */
export function plainEdits(at: number, value: unknown): readonly Edit[] {
  const replaced = (other: unknown): Edit => ({ at, do: 'replace', value: other });
  if (typeof value === 'number') {
    return [plainEdit(at), ...[-value, value + 0.5, value * 1e300].map(replaced)];
  }
  if (typeof value !== 'string') return [plainEdit(at), replaced(null)];
  return [plainEdit(at), ...(TIME.test(value) ? TIMES : [LONG_NAME]).map(replaced)];
}

/** Another kind at each place. */
function plainEdit(at: number): Edit {
  const kinds: readonly Edit[] = [
    { at, do: 'remove' },
    { at, do: 'replace', value: null },
    { at, do: 'plant', how: 'within' },
    { at, do: 'retype', variant: at },
    { at, do: 'pollute' },
    { at, do: 'insert', text: '\u0000$(id)\ud800', variant: at },
    { at, do: 'enlarge', size: 1_200, by: 'more' },
    { at, do: 'plant', how: 'beside' },
    { at, do: 'plant', how: 'key' },
    { at, do: 'rename', text: '__proto__', variant: at },
  ];
  return kinds[at % kinds.length] ?? { at, do: 'remove' };
}

/** Which place an edit is for. */
export function placeOf({ at }: Edit, paths: readonly Path[]): Path {
  return paths[at % paths.length] ?? [];
}

/** Secrets last, so that nothing carries them to where they may be told. */
export function inOrder(edits: readonly Edit[]): readonly Edit[] {
  const isPlant = (each: Edit) => each.do === 'plant';
  return [...edits.filter((each) => !isPlant(each)), ...edits.filter(isPlant)];
}

/** One edit after the other, each in what the one before it left. */
export function edited(value: unknown, edits: readonly Edit[]): unknown {
  return inOrder(edits).reduce((now, each) => {
    const paths = pathsOf(now);
    const path = placeOf(each, paths);
    return changedAt(now, path, changeFor(each, path, now, paths));
  }, value);
}

function changeFor(edit: Edit, path: Path, whole: unknown, paths: readonly Path[]): Change {
  switch (edit.do) {
    case 'remove':
      return () => [];
    case 'pollute':
      return (key, value) => (isObject(value) ? [[key, polluting(value)]] : [['__proto__', value]]);
    case 'retype':
      return (key, value) => [[key, retyped(value, edit.variant)]];
    case 'spoil':
      return (key, value) => [[key, spoiled(value, edit.variant)]];
    case 'copy':
      return (key) => [[key, valueAt(whole, paths[edit.variant % paths.length] ?? [])]];
    case 'replace':
      return (key) => [[key, edit.value]];
    case 'rename':
      return (key, value) => {
        const name = edit.variant % 2 === 0 ? edit.text : `${key}${edit.text}`;
        // Sometimes both stand there.
        return edit.variant % 3 === 0
          ? [
              [key, value],
              [name, value],
            ]
          : [[name, value]];
      };
    case 'insert':
      return (key, value) => [[key, inserted(value, edit.text, edit.variant)]];
    case 'enlarge':
      return (key, value) => [[key, enlarged(value, edit.size, edit.by)]];
    case 'nest':
      return (key, value) => [[key, nested(value, edit.levels, edit.as)]];
    case 'plant':
      return (key, value) => {
        if (edit.how === 'key') return [[`${key.padEnd(SHOWN_MAX, 'x')}${WITHIN}`, value]];
        return [[key, edit.how === 'beside' ? beside(value) : within(value, path)]];
      };
  }
}

function retyped(value: unknown, variant: number): unknown {
  const forms = [
    () => [value],
    () => ({ value }),
    () => JSON.stringify(value) ?? 'undefined',
    () => Number(value),
    () => String(typeof value),
    () => Boolean(value),
    () => (isObject(value) ? Object.entries(value) : null),
    () => (Array.isArray(value) ? { ...value } : []),
  ];
  return forms[variant % forms.length]?.();
}

/** Still the same kind of value, and no longer right. */
function spoiled(value: unknown, variant: number): unknown {
  if (typeof value === 'number')
    return [-value, value + 0.5, value * 1e6, value * 1e300][variant % 4];
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') {
    const half = variant % (value.length + 1);
    const forms = [
      () => value.toUpperCase(),
      () => value.slice(0, half),
      () => value.slice(half),
      () => value + value,
      () => [...value].reverse().join(''),
      () => value.replace(/\d/g, '9'),
      () => value.replace(/[a-z]/g, '0'),
      () => ` ${value}\n`,
      () => atTheEdge(value, variant),
      () => atTheEdge(value, half),
    ];
    return forms[variant % forms.length]?.();
  }
  if (Array.isArray(value))
    return [value.toReversed(), value.slice(1), [...value, ...value]][variant % 3];
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    [entries.toReversed(), entries.slice(1), entries.slice(0, 1)][variant % 3] ?? [],
  );
}

/** The first and last that are right, and those beside them. */
function atTheEdge(value: string, variant: number): string {
  const sizes = [100, 101, 128, 255, 256, 300, 301, 500, 512, 600];
  if (TIME.test(value)) return TIMES[variant % TIMES.length] ?? '';
  if (variant % 3 === 0) return LONG_NAME;
  return value.padEnd(sizes[variant % sizes.length] ?? 0, value || 'x');
}

function inserted(value: unknown, text: string, variant: number): unknown {
  if (Array.isArray(value)) return value.toSpliced(variant % (value.length + 1), 0, text);
  if (isObject(value)) return Object.fromEntries([...Object.entries(value), [text, text]]);
  const old = String(value);
  const where = variant % (old.length + 1);
  return old.slice(0, where) + text + old.slice(where);
}

/** `size` is about the number of characters. */
function enlarged(value: unknown, size: number, by: 'more' | 'ones'): unknown {
  if (typeof value === 'number') return value * size * 1e300;
  if (Array.isArray(value)) {
    const one = by === 'ones' ? 1 : (value[0] ?? 1);
    return Array.from(
      { length: Math.ceil(size / ((JSON.stringify(one) ?? '').length + 1)) },
      () => one,
    );
  }
  if (isObject(value)) {
    const more = Array.from(
      { length: Math.ceil(size / 12) },
      (_, i) => [by === 'ones' ? `${i}` : `key ${i}`, 1] as const,
    );
    return Object.fromEntries([...Object.entries(value), ...more]);
  }
  const text = typeof value === 'string' && value !== '' ? value : 'x';
  return text.repeat(Math.ceil(size / text.length)).slice(0, size);
}

function beside(value: unknown): unknown {
  const secrets = {
    // Where the whole is a text, its beginning may be shown.
    padding: 'x'.repeat(SHOWN_MAX),
    DB_PASSWORD: BESIDE,
    environment: [{ name: 'TOKEN', value: BESIDE }],
  };
  if (Array.isArray(value)) return [...value, secrets];
  return isObject(value) ? { ...value, ...secrets } : secrets;
}

/** Valid ones are told in full, on purpose: names, ids, and the words of persons and alarms. */
const TOLD_IN_FULL = new Set([
  ...['id', 'MessageId', 'messageId', 'source', 'detailType', 'alarmName', 'AlarmName', 'alarm'],
  ...['cause', 'reason', 'NewStateReason', 'by', 'because', 'to', 'noAlarmsBecause'],
]);
/** Longer than any of them may be. */
const FULL_MAX = 1_100;
/** What an error shows of a value. */
const SHOWN_MAX = 100;

function within(value: unknown, path: Path): unknown {
  const old = typeof value === 'string' ? value : '';
  const hidden = TOLD_IN_FULL.has(path.at(-1) ?? '') ? FULL_MAX : SHOWN_MAX;
  return `${old.padEnd(hidden, 'x')}${WITHIN}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
