/**
 * The operators of EventBridge's patterns: each turns one element of a pattern's array into a
 * question about one value. Reasons of refusals are AWS's words (packages/local-cloud/test/captures/eventbridge).
 */

import { AwsError } from '../kernel/errors.ts';
import { addressBits } from './pattern-address.ts';

export interface Matcher {
  /** What it says of a field that the event does not have. */
  readonly whenAbsent: boolean;
  holds(value: unknown): boolean;
}

/** A number of a pattern's text that a double cannot hold; it equals nothing. */
export class UnmatchableNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export function refuse(reason: string): AwsError {
  return new AwsError(
    'InvalidEventPatternException',
    `Event pattern is not valid. Reason: ${reason}`,
  );
}

/** Reads one element of a field's array: a literal, or an object with exactly one operator. */
export function readMatcher(element: unknown): Matcher {
  if (element instanceof UnmatchableNumber) return present(() => false);
  if (element === null || ['string', 'number', 'boolean'].includes(typeof element)) {
    return present((value) => value === element);
  }
  if (Array.isArray(element) || typeof element !== 'object') {
    throw refuse('Match value must be String, number, true, false, or null');
  }
  const [operator, ...more] = Object.entries(element);
  if (operator === undefined) throw refuse('Match expression name not found');
  if (more.length > 0) throw refuse('Only one key allowed in match expression');
  return readOperator(operator[0], operator[1]);
}

function readOperator(name: string, operand: unknown): Matcher {
  switch (name) {
    case 'exactly':
      return text(new RegExp(`^${quote(stringOperand(name, operand))}$`, 's'));
    case 'prefix':
    case 'suffix':
      return text(affix(name, operand));
    case 'equals-ignore-case':
      return text(new RegExp(`^${foldedSource(stringOperand(name, operand))}$`, 's'));
    case 'wildcard':
      return text(wildcard(stringOperand(name, operand)));
    case 'anything-but':
      return anythingBut(operand);
    case 'numeric':
      return numeric(operand);
    case 'exists':
      if (typeof operand !== 'boolean') {
        throw refuse('exists match pattern must be either true or false.');
      }
      return { whenAbsent: !operand, holds: () => operand };
    case 'cidr':
      return cidr(stringOperand(name, operand));
    default:
      throw refuse(`Unrecognized match type ${name}`);
  }
}

/** A question about a value that is there. */
function present(holds: (value: unknown) => boolean): Matcher {
  return { whenAbsent: false, holds };
}

function text(expression: RegExp): Matcher {
  return present((value) => typeof value === 'string' && expression.test(value));
}

function stringOperand(name: string, operand: unknown): string {
  if (typeof operand !== 'string') throw refuse(`${name} match pattern must be a string`);
  return operand;
}

function affix(name: 'prefix' | 'suffix', operand: unknown): RegExp {
  const folded = typeof operand === 'object' && operand !== null && 'equals-ignore-case' in operand;
  const source = folded
    ? foldedSource(stringOperand('equals-ignore-case', operand['equals-ignore-case']))
    : quote(stringOperand(name, operand));
  return new RegExp(name === 'prefix' ? `^${source}` : `${source}$`, 's');
}

/**
 * AWS folds case one UTF-16 unit at a time: each unit may stand as itself lower-cased or
 * upper-cased, and half of a surrogate pair becomes "?" (captures edge_depth_casefold).
 */
function foldedSource(operand: string): string {
  return operand
    .split('')
    .map((unit) => {
      if (/[\ud800-\udfff]/.test(unit)) return quote('?');
      return `(?:${quote(unit.toLowerCase())}|${quote(unit.toUpperCase())})`;
    })
    .join('');
}

/** `*` is any run of characters; `\*` and `\\` are the characters themselves. */
function wildcard(operand: string): RegExp {
  let source = '';
  for (let at = 0; at < operand.length; at++) {
    const character = operand.charAt(at);
    const next = operand.charAt(at + 1);
    if (character === '\\') {
      if (next !== '*' && next !== '\\') throw refuse(`Invalid escape character at pos ${at + 1}`);
      source += quote(next);
      at++;
    } else if (character === '*') {
      if (next === '*') throw refuse(`Consecutive wildcard characters at pos ${at + 1}`);
      source += '.*';
    } else {
      source += quote(character);
    }
  }
  return new RegExp(`^${source}$`, 's');
}

function anythingBut(operand: unknown): Matcher {
  const forbidden = forbiddenMatchers(operand);
  return present((value) => !forbidden.some((matcher) => matcher.holds(value)));
}

function forbiddenMatchers(operand: unknown): Matcher[] {
  if (typeof operand === 'string' || typeof operand === 'number') return [readMatcher(operand)];
  if (Array.isArray(operand)) {
    const types = new Set(operand.map((item) => typeof item));
    if (types.size !== 1 || !(types.has('string') || types.has('number'))) {
      throw refuse(
        'Inside anything but list, either all values are number or string, mixed type is not supported',
      );
    }
    return operand.map(readMatcher);
  }
  if (typeof operand !== 'object' || operand === null) {
    throw refuse('Value of anything-but must be an array or single string/number value.');
  }
  const [entry, ...more] = Object.entries(operand);
  if (entry === undefined || more.length > 0) {
    throw refuse('Only one key allowed in match expression');
  }
  const [name, value] = entry;
  if (!['prefix', 'suffix', 'wildcard', 'equals-ignore-case'].includes(name)) {
    throw refuse(`Unsupported anything-but pattern: ${name}`);
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if ((name === 'prefix' || name === 'suffix') && values.includes('')) {
    throw refuse('Null prefix/suffix not allowed');
  }
  return values.map((item) => readOperator(name, item));
}

const COMPARISONS: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `["=", n]`, `["<", n]`, … or a range, bottom first: `[">", a, "<=", b]`. */
function numeric(operand: unknown): Matcher {
  const terms: unknown[] = Array.isArray(operand) ? operand : [];
  const [operator, bound, second, top] = terms;
  if (operator === undefined) throw refuse('Invalid member in numeric match: ]');
  const lower = comparison(operator, bound);
  if (terms.length === 2) return number((value) => lower(value));
  if (terms.length !== 4 || (operator !== '>' && operator !== '>=')) {
    throw refuse('Too many elements in numeric expression');
  }
  if (second !== '<' && second !== '<=') {
    throw refuse(`Bad numeric range operator: ${String(second)}`);
  }
  const upper = comparison(second, top);
  if (Number(bound) >= Number(top)) throw refuse('Bottom must be less than top');
  return number((value) => lower(value) && upper(value));
}

function comparison(operator: unknown, bound: unknown): (value: number) => boolean {
  const compare = COMPARISONS[String(operator)];
  if (compare === undefined) throw refuse(`Unrecognized numeric range operator: ${operator}`);
  if (bound instanceof UnmatchableNumber) throw refuse(`Cannot compare number : ${bound.source}`);
  if (typeof bound !== 'number') throw refuse(`Value of ${operator} must be numeric`);
  return (value) => compare(value, bound);
}

function number(holds: (value: number) => boolean): Matcher {
  return present((value) => typeof value === 'number' && holds(value));
}

/** Bits of the host part are allowed and ignored (capture validation_21). */
function cidr(operand: string): Matcher {
  const [address, length, ...more] = operand.split('/');
  if (address === undefined || length === undefined || more.length > 0) {
    throw refuse("Malformed CIDR, one '/' required");
  }
  const base = addressBits(address);
  const size = Number(length);
  if (base === undefined || !/^\d+$/.test(length) || size > base.length) {
    throw refuse('Malformed CIDR');
  }
  return present((value) => {
    const bits = typeof value === 'string' ? addressBits(value) : undefined;
    return bits?.length === base.length && bits.startsWith(base.slice(0, size));
  });
}

function quote(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
