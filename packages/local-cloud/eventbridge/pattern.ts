/**
 * EventBridge's event patterns: reads a pattern once, then says of any event whether it matches.
 * Follows what TestEventPattern answers (packages/local-cloud/test/captures/eventbridge) where that surprises; the
 * operators themselves stand in pattern-operators.ts.
 */
import { type Matcher, readMatcher, refuse, UnmatchableNumber } from './pattern-operators.ts';

/** One of the alternatives that `$or` leads to: leaves are the matchers of one field. */
type Tree = Map<string, Tree | readonly Matcher[]>;

export type EventPattern = (event: unknown) => boolean;

/** Field names that are operators; `$or` refuses them (capture validation_27). */
const RESERVED = new Set([
  'exactly',
  'prefix',
  'suffix',
  'equals-ignore-case',
  'wildcard',
  'anything-but',
  'numeric',
  'exists',
  'cidr',
]);

/**
 * Reads a pattern (an object, or its JSON text). Throws `InvalidEventPatternException` with AWS's
 * reason; the position in the text that AWS adds to it is left out.
 */
export function readPattern(pattern: unknown): EventPattern {
  const parsed = typeof pattern === 'string' ? parsePattern(pattern) : pattern;
  if (!isObject(parsed)) throw refuse('Filter is not an object');
  const alternatives = expand(parsed, false);
  return (event) => isObject(event) && alternatives.some((tree) => matchesTree(tree, event));
}

/** Whether the event matches. Reads the pattern anew: keep `readPattern`'s answer for many events. */
export function matches(pattern: unknown, event: unknown): boolean {
  return readPattern(pattern)(event);
}

/** Numbers that a double cannot hold are kept as such: AWS compares them with nothing. */
function parsePattern(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== 'number' || context?.source === undefined) return value;
    return heldByDouble(value, context.source) ? value : new UnmatchableNumber(context.source);
  };
  try {
    return JSON.parse(text, revive);
  } catch {
    throw refuse('Unexpected character in JSON');
  }
}

function heldByDouble(value: number, source: string): boolean {
  const mantissa = source.replace(/[eE].*$/, '').replace(/^-?0*\.?0*|\./g, '');
  const digits = mantissa.replace(/\./g, '').replace(/0+$/, '').length;
  if (!Number.isFinite(value)) return false;
  if (value === 0) return !/[1-9]/.test(mantissa);
  return digits < 17;
}

/**
 * `$or` is carried out by writing each alternative out in full, in the order of the keys: a field
 * named twice counts as it was named last (capture logic: `"a": [0], "$or": [{"a": [1]}, …]`
 * matches a = 1, with the `$or` in front it does not).
 */
function expand(pattern: Record<string, unknown>, insideOr: boolean): Tree[] {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw refuse('Empty objects are not allowed');
  let trees: Tree[] = [new Map()];
  for (const [key, value] of entries) {
    if (key === '$or') {
      const members = orMembers(value).flatMap((member) => expand(member, true));
      trees = trees.flatMap((tree) => members.map((member) => merge(tree, member)));
      continue;
    }
    if (insideOr && RESERVED.has(key)) {
      throw refuse(`${key} is Ruler reserved fieldName which cannot be used inside $or.`);
    }
    const fields = readField(key, value, insideOr);
    trees = trees.flatMap((tree) => fields.map((field) => merge(tree, nest(key, field))));
  }
  return trees;
}

function orMembers(value: unknown): Record<string, unknown>[] {
  const members = Array.isArray(value) ? value : [];
  const objects = members.filter(isObject);
  if (objects.length < members.length) {
    throw refuse('Only JSON object is allowed in array of $or relationship.');
  }
  if (objects.length < 2) throw refuse('There must have at least 2 Objects in $or relationship.');
  return objects;
}

function readField(
  key: string,
  value: unknown,
  insideOr: boolean,
): readonly (Tree | readonly Matcher[])[] {
  if (isObject(value)) return expand(value, insideOr);
  if (!Array.isArray(value)) throw refuse(`"${key}" must be an object or an array`);
  if (value.length === 0) throw refuse('Empty arrays are not allowed');
  return [value.map(readMatcher)];
}

/** A key with dots names a path (capture dots_duplicates). */
function nest(key: string, field: Tree | readonly Matcher[]): Tree {
  const names = key.split('.');
  return names
    .slice(1)
    .reduceRight<Tree>(
      (inner, _, index) => new Map([[names[index] ?? '', inner]]),
      new Map([[names.at(-1) ?? '', field]]),
    );
}

function merge(base: Tree, over: Tree): Tree {
  const merged: Tree = new Map(base);
  for (const [key, value] of over) {
    const before = merged.get(key);
    merged.set(key, before instanceof Map && value instanceof Map ? merge(before, value) : value);
  }
  return merged;
}

function matchesTree(tree: Tree, event: unknown): boolean {
  for (const [key, expected] of tree) {
    const actual = isObject(event) ? event[key] : undefined;
    const matched =
      expected instanceof Map
        ? matchesNested(expected, actual)
        : matchesLeaf(expected, leafValues(actual));
    if (!matched) return false;
  }
  return true;
}

/** Fields below an array of objects must be met by one and the same element. */
function matchesNested(tree: Tree, actual: unknown): boolean {
  if (!Array.isArray(actual)) return matchesTree(tree, actual);
  if (actual.length === 0) return matchesTree(tree, undefined);
  return actual.some((element) => matchesNested(tree, element));
}

/** One matcher that holds for one value is enough; `exists: false` wants no value at all. */
function matchesLeaf(matchers: readonly Matcher[], values: readonly unknown[]): boolean {
  return matchers.some((matcher) =>
    values.length === 0 ? matcher.whenAbsent : values.some((value) => matcher.holds(value)),
  );
}

/** The values of a field: arrays are opened, an object is no leaf and so no value. */
function leafValues(actual: unknown): readonly unknown[] {
  if (actual === undefined) return [];
  if (Array.isArray(actual)) return actual.flatMap(leafValues);
  return isObject(actual) ? [] : [actual];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof UnmatchableNumber)
  );
}
