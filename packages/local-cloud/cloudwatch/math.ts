/**
 * Metric math, as much of it as alarms on error rates need: numbers, ids, + - * / ^, comparisons,
 * AND OR, IF, FILL, ABS, CEIL, FLOOR, SUM MAX MIN AVG, and SERVICE_QUOTA, which has no point here.
 * Anything else is refused by name.
 * Source: docs, using-metric-math. A point that misses an operand is missing itself.
 */

import { invalidExpression, type Node, parseExpression } from './expression.ts';
import type { MetricQuery, MetricStat } from './state.ts';

type Value = number | undefined;

/** The values of a series at these moments, one for each. */
type Read = (stat: MetricStat, moments: readonly number[]) => Value[];

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
  if (query.stat !== undefined) return read(query.stat, moments);
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
      if (query === undefined) throw invalidExpression(`undefined variable: ${node.id}`);
      return valuesOf(query, context.queries, context.moments, context.read);
    }
    case 'list':
      throw invalidExpression('a list stands where a single value is expected');
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

function call(name: string, items: readonly Node[], context: Context): Value[] {
  const argument = (index: number): Node => {
    const node = items[index];
    if (node === undefined) throw invalidExpression(`${name} misses its argument ${index + 1}`);
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
    case 'SERVICE_QUOTA':
      // No usage of a service is measured here, so no metric has a quota.
      return series(0).map(() => undefined);
    case 'SUM':
    case 'MAX':
    case 'MIN':
    case 'AVG':
      return reduce(name, argument(0), context);
    default:
      throw invalidExpression(`${name} stands where a single value is expected`);
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
  if (filter !== undefined) throw invalidExpression('METRICS with a filter is not known here');
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
