/**
 * JSON that a person wrote: what is wrong in it is told with line and column, and of what is right it is known
 * where it stands. `JSON.parse` tells of some mistakes no place, and takes the last of two keys.
 */
import { evaluate, type MemberNode, parse, type ValueNode } from '@humanwhocodes/momoa';
import type { Json } from '../core/model/json.ts';

export interface Place {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export type JsonText =
  | {
      readonly state: 'read';
      readonly value: Json;
      /** Of the value at that path, or of the nearest around it that is there. */
      readonly placeOf: (path: readonly PropertyKey[]) => Place;
    }
  | Wrong;

interface Wrong {
  readonly state: 'wrong';
  readonly place: Place;
  readonly because: string;
}

/** A task definition has seven levels at the most. */
const DEPTH_MAX = 32;
const TOO_DEEP = `more than ${DEPTH_MAX} levels`;

export function readJsonText(source: string): JsonText {
  const text = source.replace(/^\ufeff/, '');
  let body: ValueNode;
  try {
    ({ body } = parse(text, { mode: 'json' }));
  } catch (error) {
    return unreadable(error, text);
  }
  return (
    mistakeIn(body, 0) ?? {
      state: 'read',
      value: evaluate(body) as Json,
      placeOf: (path) => startOf(nearest(body, path)),
    }
  );
}

function unreadable(error: unknown, text: string): Wrong {
  if (error instanceof RangeError) return wrong({ line: 1, column: 1 }, TOO_DEEP);
  if (!isLocated(error)) throw error;
  const { message, line, column, offset } = error;
  // Of the end the parser tells no place.
  if (message.startsWith('Unexpected end')) {
    const lines = text.split('\n');
    const end = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
    return wrong(end, 'it ends here, in the middle of a value');
  }
  return wrong({ line, column }, `JSON has no ${JSON.stringify(text[offset])} here`);
}

function isLocated(error: unknown): error is Error & Place & { readonly offset: number } {
  return error instanceof Error && 'line' in error && 'column' in error && 'offset' in error;
}

/** A name that stands twice, and what is deeper than anything that is meant: to be found before it is evaluated. */
function mistakeIn(node: ValueNode, depth: number): Wrong | undefined {
  if (depth > DEPTH_MAX) return wrong(startOf(node), TOO_DEEP);
  if (node.type === 'Object') {
    const names = new Set<string>();
    for (const member of node.members) {
      const name = nameOf(member);
      if (names.has(name)) {
        return wrong(startOf(member), `${JSON.stringify(name)} stands here twice`);
      }
      names.add(name);
    }
  }
  for (const [, child] of childrenOf(node)) {
    const found = mistakeIn(child, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nearest(node: ValueNode, [step, ...rest]: readonly PropertyKey[]): ValueNode {
  if (step === undefined) return node;
  const found = childrenOf(node).find(([name]) => name === String(step));
  return found === undefined ? node : nearest(found[1], rest);
}

function childrenOf(node: ValueNode): readonly (readonly [string, ValueNode])[] {
  switch (node.type) {
    case 'Object':
      return node.members.map((member) => [nameOf(member), member.value]);
    case 'Array':
      return node.elements.map(({ value }, index) => [String(index), value]);
    default:
      return [];
  }
}

function nameOf({ name }: MemberNode): string {
  return name.type === 'String' ? name.value : name.name;
}

function startOf({ loc: { start } }: Pick<ValueNode, 'loc'>): Place {
  return { line: start.line, column: start.column };
}

function wrong(place: Place, because: string): Wrong {
  return { state: 'wrong', place, because };
}
