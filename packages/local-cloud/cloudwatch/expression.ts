/** Reads a metric math expression into a tree; math.ts computes it. */
import { AwsError } from '../kernel/errors.ts';

export type Node =
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

const FUNCTIONS = [
  'IF',
  'FILL',
  'ABS',
  'CEIL',
  'FLOOR',
  'SUM',
  'MAX',
  'MIN',
  'AVG',
  'METRICS',
  'SERVICE_QUOTA',
];

/** Loosest first. */
const PRECEDENCE: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

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
      throw invalidExpression(
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
    return invalidExpression(
      `unexpected ${token === '' ? 'end' : `"${token}"`} in "${this.#text}"`,
    );
  }
}

export function invalidExpression(why: string): AwsError {
  return new AwsError('ValidationError', `Error in expression: ${why}`);
}
