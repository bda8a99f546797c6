/**
 * Operator mutants of one file: every comparison, connective, condition, negation and sum of it, turned
 * into another one. All of them are put into the text at once, each behind its number, so that the
 * file is loaded once and a mutant is chosen while it runs.
 */
import { parseAst } from 'vitest/node';

export interface Place {
  readonly line: number;
  readonly from: string;
  readonly to: string;
  /** Evaluated when the module is loaded, so that it takes a process of its own. */
  readonly early: boolean;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly operator?: string;
}

/** What each place reads: which mutant is on, and where it leaves that it was come by. A global of this name. */
export const STATE = '__slipwayMutants';

export interface MutantState {
  on: number | undefined;
  /** By the number of the mutant. */
  readonly here: Uint8Array;
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
};

/** The text with its mutants in it, numbered from `first`, and what they are. */
export function withMutants(
  text: string,
  first: number,
): { readonly text: string; readonly places: readonly Place[] } {
  const places: Place[] = [];
  const raw = ({ start, end }: Node) => text.slice(start, end);
  const lineOf = (at: number) => text.slice(0, at).split('\n').length;

  /** Of the node, its text with the mutants inside of it, and itself behind its own. */
  const written = (node: Node, early: boolean): string => {
    const inner = isFunction(node) ? false : early;
    const whole = inside(node, inner);
    const mine = mutantsOf(node, raw);
    if (mine.length === 0) return whole;
    const here: string[] = [];
    const choices = mine.map((to) => {
      const number = first + places.length;
      places.push({ line: lineOf(node.start), from: raw(node), to, early });
      here.push(`${STATE}.here[${number}] = `);
      return `${STATE}.on === ${number} ? (${to}) : `;
    });
    return `(${here.join('')}1, ${choices.join('')}(${whole}))`;
  };

  /** The node's own text, with what stands in it written anew. */
  const inside = (node: Node, early: boolean): string => {
    let out = '';
    let at = node.start;
    for (const child of childrenOf(node)) {
      // A type, or a shorthand that stands twice in the tree.
      if (child.start < at) continue;
      out += text.slice(at, child.start) + written(child, early);
      at = child.end;
    }
    return out + text.slice(at, node.end);
  };

  const program = parseAst(text, { lang: 'ts' }) as unknown as Node;
  // A call of a function at each place would take most of the time.
  const head = `${text.slice(0, program.start)}const ${STATE} = globalThis.${STATE}; `;
  return { text: head + inside(program, true) + text.slice(program.end), places };
}

function mutantsOf(node: Node, raw: (node: Node) => string): readonly string[] {
  const part = (name: string) => raw(Reflect.get(node, name) as Node);
  switch (node.type) {
    case 'BinaryExpression': {
      const other = COMPARISONS[node.operator ?? ''];
      return other === undefined ? [] : [`(${part('left')}) ${other} (${part('right')})`];
    }
    case 'LogicalExpression':
      return [part('left'), part('right')];
    case 'ConditionalExpression':
      return [part('consequent'), part('alternate')];
    case 'UnaryExpression':
      return node.operator === '!' ? [part('argument')] : [];
    default:
      return [];
  }
}

function isFunction({ type }: Node): boolean {
  return /Function/.test(type);
}

/** In the order of the text; types are left out. */
function childrenOf(node: Node): readonly Node[] {
  return Object.values(node)
    .flat()
    .filter(
      (value): value is Node => isNode(value) && !/^TS(?!As|Satisfies|NonNull)/.test(value.type),
    )
    .sort((a, b) => a.start - b.start);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
