/**
 * Holds a request or an answer against AWS's model of it: required members, types, enums, patterns,
 * lengths, ranges, and members that the model does not know. Values are as the local AWS has them
 * in hand: moments are Dates, binary data is base64 text or bytes.
 */
import { hasType, kindOf, WANTED } from './kinds.ts';
import type { Member, ServiceModel, Shape, StringShape } from './model.ts';
import { shapeOf } from './model.ts';
import { patternOf } from './patterns.ts';

export type Violation = {
  /** Where, as the members are written: `containerDefinitions.1.name`, counted from 1. */
  readonly path: string;
  /** What the model says, in the words of AWS's services ("Member must not be null"). */
  readonly constraint: string;
  /** What was seen, as text; absent where it is secret or no scalar. */
  readonly seen?: string;
} & (
  | { readonly kind: 'missing' | 'pattern' | 'length' | 'range' | 'unknown' }
  | { readonly kind: 'enum'; readonly allowed: readonly string[] }
  /** `wanted` and `had` in the words of a parser: `Integer`, `STRING_VALUE`. */
  | { readonly kind: 'type'; readonly wanted: string; readonly had: string }
);

/** A request that is wrong everywhere tells no more than this. */
const VIOLATIONS_MOST = 20;

/** Everything in which the value breaks the shape of that name; nothing if there is no shape. */
export function violationsIn(
  model: ServiceModel,
  shape: string | undefined,
  value: unknown,
): readonly Violation[] {
  const found: Violation[] = [];
  if (shape !== undefined) check({ model, found, isAnswer: false }, { shape }, value, '');
  return found;
}

/**
 * The same for an answer of AWS: its lists may be empty, even where a shape that it shares with
 * requests wants a member (BatchGetBuilds answers `"buildsNotFound": []`, awscli's examples).
 */
export function answerViolationsIn(
  model: ServiceModel,
  shape: string | undefined,
  value: unknown,
): readonly Violation[] {
  const found: Violation[] = [];
  if (shape !== undefined) check({ model, found, isAnswer: true }, { shape }, value, '');
  return found;
}

interface Checking {
  readonly model: ServiceModel;
  readonly found: Violation[];
  readonly isAnswer: boolean;
}

function check(checking: Checking, { shape: name }: Member, value: unknown, path: string): void {
  if (checking.found.length >= VIOLATIONS_MOST) return;
  const shape = shapeOf(checking.model, name);
  if (!hasType(shape, value)) {
    const [wanted, had] = [WANTED[shape.type], kindOf(value)];
    const constraint = `Member must be of type ${wanted}`;
    checking.found.push({ kind: 'type', path, constraint, wanted, had, ...seen(shape, value) });
    return;
  }
  switch (shape.type) {
    case 'structure':
      checkMembers(checking, shape, value as Record<string, unknown>, path);
      return;
    case 'list': {
      const list = value as readonly unknown[];
      if (!checking.isAnswer || list.length > 0) {
        checkBounds(checking, shape, list.length, path, 'length');
      }
      list.forEach((each, index) => {
        check(checking, shape.member, each, joined(path, String(index + 1)));
      });
      return;
    }
    case 'map': {
      const entries = Object.entries(value as object);
      checkBounds(checking, shape, entries.length, path, 'length');
      for (const [key, each] of entries) {
        check(checking, shape.key, key, joined(path, key));
        check(checking, shape.value, each, joined(path, key));
      }
      return;
    }
    case 'string':
      checkText(checking, shape, value as string, path);
      return;
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      checkBounds(checking, shape, Number(value), path, 'range');
      return;
    case 'boolean':
    case 'timestamp':
    case 'blob':
    case 'document':
      return;
  }
}

function checkMembers(
  checking: Checking,
  { members, required = [] }: Extract<Shape, { type: 'structure' }>,
  value: Readonly<Record<string, unknown>>,
  path: string,
): void {
  for (const name of required) {
    if (value[name] !== undefined) continue;
    const constraint = 'Member must not be null';
    checking.found.push({ kind: 'missing', path: joined(path, name), constraint, seen: 'null' });
  }
  for (const [name, each] of Object.entries(value)) {
    if (each === undefined) continue;
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    if (member !== undefined) check(checking, member, each, joined(path, name));
    else {
      const constraint = 'the model has no such member';
      checking.found.push({ kind: 'unknown', path: joined(path, name), constraint });
    }
  }
}

function checkText(checking: Checking, shape: StringShape, value: string, path: string): void {
  checkBounds(checking, shape, value.length, path, 'length', seen(shape, value));
  if (shape.enum !== undefined && !shape.enum.includes(value)) {
    const constraint = `Member must satisfy enum value set: [${shape.enum.join(', ')}]`;
    const allowed = shape.enum;
    checking.found.push({ kind: 'enum', path, constraint, allowed, ...seen(shape, value) });
  }
  if (shape.pattern !== undefined && !patternOf(shape.pattern).test(value)) {
    const constraint = `Member must satisfy regular expression pattern: ${shape.pattern}`;
    checking.found.push({ kind: 'pattern', path, constraint, ...seen(shape, value) });
  }
}

function checkBounds(
  checking: Checking,
  { min, max }: { readonly min?: number; readonly max?: number },
  measure: number,
  path: string,
  kind: 'length' | 'range',
  shown: { readonly seen?: string } = kind === 'range' ? { seen: String(measure) } : {},
): void {
  const what = kind === 'length' ? 'length' : 'value';
  if (min !== undefined && measure < min) {
    const constraint = `Member must have ${what} greater than or equal to ${min}`;
    checking.found.push({ kind, path, constraint, ...shown });
  }
  if (max !== undefined && measure > max) {
    const constraint = `Member must have ${what} less than or equal to ${max}`;
    checking.found.push({ kind, path, constraint, ...shown });
  }
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** A long text is not told whole, a secret not at all. */
const SEEN_MOST = 1_024;

function seen(shape: Shape, value: unknown): { readonly seen?: string } {
  const isSecret = shape.type === 'string' && shape.sensitive === true;
  if (isSecret || (typeof value !== 'string' && typeof value !== 'number')) return {};
  return { seen: String(value).slice(0, SEEN_MOST) };
}
