/**
 * Metric math, as much of it as alarms on error rates need: numbers, ids, + - * / ^, comparisons,
 * AND OR, IF, FILL, ABS, CEIL, FLOOR, and SUM MAX MIN AVG. Anything else is refused by name.
 * Source: docs, using-metric-math. A point that misses an operand is missing itself.
 */
import type { MetricQuery, MetricStat } from './cloudwatch-state.ts';
import { AwsError } from './world.ts';

type Value = number | undefined;

type Node =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'id'; readonly id: string }
  | { readonly type: 'list'; readonly items: readonly Node[] }
  | {
      readonly type: 'binary';
      readonly operator: string;
      readonly left: Node;
      readonly right: Node;
    }
  | { readonly type: 'call'; readonly name: string; readonly items: readonly Node[] };

type Read = (stat: MetricStat, at: number) => Value;

/**
 * The values of one query at the given moments (oldest first), one for each moment.
 * Throws ValidationError on an expression that it cannot read.
 */
export function valuesOf(
  query: MetricQuery,
  queries: readonly MetricQuery[],
  moments: readonly number[],
  read: Read,
): Value[] {
  if (query.stat !== undefined) {
    const stat = query.stat;
    return moments.map((at) => read(stat, at));
  }
  return evaluate(parseExpression(query.expression ?? ''), { queries, moments, read });
}

interface Context {
  readonly queries: readonly MetricQuery[];
  readonly moments: readonly number[];
  readonly read: Read;
}

function evaluate(node: Node, context: Context): Value[] {
  switch (node.type) {
    case 'number':
      return context.moments.map(() => node.value);
    case 'id': {
      const query = context.queries.find(({ id }) => id === node.id);
      if (query === undefined) throw invalid(`undefined variable: ${node.id}`);
      return valuesOf(query, context.queries, context.moments, context.read);
    }
    case 'list':
      throw invalid('a list stands where a single value is expected');
    case 'binary': {
      const left = evaluate(node.left, context);
      const right = evaluate(node.right, context);
      return left.map((value, index) => combine(node.operator, value, right[index]));
    }
    case 'call':
      return call(node.name, node.items, context);
  }
}

function combine(operator: string, left: Value, right: Value): Value {
  if (left === undefined || right === undefined) return undefined;
  const result = OPERATORS[operator]?.(left, right);
  // A division by zero gives no data point.
  return result === undefined || !Number.isFinite(result) ? undefined : result;
}

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '>': (left, right) => Number(left > right),
  '>=': (left, right) => Number(left >= right),
  '<': (left, right) => Number(left < right),
  '<=': (left, right) => Number(left <= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '&&': (left, right) => Number(left !== 0 && right !== 0),
  '||': (left, right) => Number(left !== 0 || right !== 0),
};

const FUNCTIONS = ['IF', 'FILL', 'ABS', 'CEIL', 'FLOOR', 'SUM', 'MAX', 'MIN', 'AVG', 'METRICS'];

/** Loosest first. */
const PRECEDENCE: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

function call(name: string, items: readonly Node[], context: Context): Value[] {
  const argument = (index: number): Node => {
    const node = items[index];
    if (node === undefined) throw invalid(`${name} misses its argument ${index + 1}`);
    return node;
  };
  const series = (index: number): Value[] => evaluate(argument(index), context);
  switch (name) {
    case 'IF': {
      const [condition, then, otherwise] = [series(0), series(1), items[2] && series(2)];
      return condition.map((value, index) =>
        value === undefined ? undefined : value !== 0 ? then[index] : otherwise?.[index],
      );
    }
    case 'FILL':
      return fill(series(0), argument(1), context);
    case 'ABS':
      return series(0).map((value) => (value === undefined ? value : Math.abs(value)));
    case 'CEIL':
      return series(0).map((value) => (value === undefined ? value : Math.ceil(value)));
    case 'FLOOR':
      return series(0).map((value) => (value === undefined ? value : Math.floor(value)));
    case 'SUM':
    case 'MAX':
    case 'MIN':
    case 'AVG':
      return reduce(name, argument(0), context);
    default:
      throw invalid(`${name} stands where a single value is expected`);
  }
}

function fill(values: readonly Value[], filler: Node, context: Context): Value[] {
  if (filler.type === 'id' && filler.id === 'REPEAT') {
    let last: Value;
    return values.map((value) => {
      last = value ?? last;
      return last;
    });
  }
  const fillers = evaluate(filler, context);
  return values.map((value, index) => value ?? fillers[index]);
}

/** Of a list: point by point across it. Of one series: over time, the same number everywhere. */
function reduce(name: 'SUM' | 'MAX' | 'MIN' | 'AVG', node: Node, context: Context): Value[] {
  const list = listOf(node, context);
  if (list === undefined) {
    const single = aggregate(name, evaluate(node, context));
    return context.moments.map(() => single);
  }
  return context.moments.map((_, index) =>
    aggregate(
      name,
      list.map((values) => values[index]),
    ),
  );
}

function listOf(node: Node, context: Context): Value[][] | undefined {
  if (node.type === 'list') return node.items.map((item) => evaluate(item, context));
  if (node.type !== 'call' || node.name !== 'METRICS') return undefined;
  const [filter] = node.items;
  if (filter !== undefined) throw invalid('METRICS with a filter is not known here');
  return context.queries
    .filter(({ stat }) => stat !== undefined)
    .map((query) => valuesOf(query, context.queries, context.moments, context.read));
}

function aggregate(name: 'SUM' | 'MAX' | 'MIN' | 'AVG', values: readonly Value[]): Value {
  const numbers = values.filter((value) => value !== undefined);
  if (numbers.length === 0) return undefined;
  const sum = numbers.reduce((total, value) => total + value, 0);
  switch (name) {
    case 'SUM':
      return sum;
    case 'AVG':
      return sum / numbers.length;
    case 'MAX':
      return Math.max(...numbers);
    case 'MIN':
      return Math.min(...numbers);
  }
}

/** Parsed expressions by their text: a memo, not state. */
const parsed = new Map<string, Node>();

/** Reads an expression, or throws ValidationError. */
export function parseExpression(text: string): Node {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const tokens = [...text.matchAll(/\s*(\d+\.?\d*(?:[eE][+-]?\d+)?|\w+|[<>=!]=|&&|\|\||\S)/g)].map(
    ([, token = '']) => (token === 'AND' ? '&&' : token === 'OR' ? '||' : token),
  );
  const reader = new Reader(tokens, text);
  const node = reader.expression(0);
  reader.end();
  parsed.set(text, node);
  return node;
}

class Reader {
  readonly #tokens: readonly string[];
  readonly #text: string;
  #next = 0;

  constructor(tokens: readonly string[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  expression(level: number): Node {
    const operators = PRECEDENCE[level];
    if (operators === undefined) return this.#operand();
    let left = this.expression(level + 1);
    for (let token = this.#peek(); operators.includes(token); token = this.#peek()) {
      this.#next++;
      left = { type: 'binary', operator: token, left, right: this.expression(level + 1) };
    }
    return left;
  }

  end(): void {
    if (this.#next < this.#tokens.length) throw this.#unexpected();
  }

  #operand(): Node {
    const token = this.#peek();
    this.#next++;
    if (token === '-') {
      return {
        type: 'binary',
        operator: '-',
        left: { type: 'number', value: 0 },
        right: this.#operand(),
      };
    }
    if (token === '(') {
      const inner = this.expression(0);
      this.#expect(')');
      return inner;
    }
    if (token === '[') return { type: 'list', items: this.#items(']') };
    if (/^\d/.test(token)) return { type: 'number', value: Number(token) };
    if (!/^\w+$/.test(token)) {
      this.#next--;
      throw this.#unexpected();
    }
    if (this.#peek() !== '(') return { type: 'id', id: token };
    if (!FUNCTIONS.includes(token)) {
      throw invalid(
        `the local CloudWatch does not know the function ${token}; it knows ${FUNCTIONS.join(', ')}`,
      );
    }
    this.#next++;
    return { type: 'call', name: token, items: this.#items(')') };
  }

  #items(end: string): Node[] {
    const items: Node[] = [];
    while (this.#peek() !== end) {
      if (items.length > 0) this.#expect(',');
      items.push(this.expression(0));
    }
    this.#expect(end);
    return items;
  }

  #peek(): string {
    return this.#tokens[this.#next] ?? '';
  }

  #expect(token: string): void {
    if (this.#peek() !== token) throw this.#unexpected();
    this.#next++;
  }

  #unexpected(): AwsError {
    const token = this.#peek();
    return invalid(`unexpected ${token === '' ? 'end' : `"${token}"`} in "${this.#text}"`);
  }
}

function invalid(why: string): AwsError {
  return new AwsError('ValidationError', `Error in expression: ${why}`);
}
