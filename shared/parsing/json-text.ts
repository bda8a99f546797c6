/**
 * JSON that a person wrote: what is wrong in it is told with line and column, and of what is right it is known
 * where it stands. `JSON.parse` tells of some mistakes no place, and takes the last of two keys.
 */
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
  | { readonly state: 'wrong'; readonly place: Place; readonly because: string };

/** A task definition has seven levels at the most. */
const DEPTH_MAX = 32;

const SPACE = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in a string
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

export function readJsonText(text: string): JsonText {
  const reader = new Reader(text);
  try {
    const value = reader.whole();
    return { state: 'read', value, placeOf: (path) => reader.placeOf(path) };
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return { state: 'wrong', place: placeIn(text, error.at), because: error.message };
  }
}

class Mistake extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

class Reader {
  readonly #text: string;
  readonly #places = new Map<string, number>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Json {
    if (this.#text.startsWith('\ufeff')) this.#at = 1;
    const value = this.#value([]);
    this.#take(SPACE);
    if (this.#at < this.#text.length) this.#expected('nothing more');
    return value;
  }

  placeOf(path: readonly PropertyKey[]): Place {
    for (let length = path.length; length >= 0; length--) {
      const at = this.#places.get(keyOf(path.slice(0, length)));
      if (at !== undefined) return placeIn(this.#text, at);
    }
    return { line: 1, column: 1 };
  }

  #value(path: readonly PropertyKey[]): Json {
    this.#take(SPACE);
    if (path.length > DEPTH_MAX) throw new Mistake(this.#at, `more than ${DEPTH_MAX} levels`);
    this.#places.set(keyOf(path), this.#at);
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(path);
      case '[':
        return this.#list(path);
      case '"':
        return this.#string();
    }
    const word = this.#take(WORD) ?? this.#take(NUMBER);
    return word === undefined ? this.#expected('a value') : (JSON.parse(word) as Json);
  }

  #object(path: readonly PropertyKey[]): Json {
    const members = new Map<string, Json>();
    this.#at += 1;
    if (this.#next('}')) return {};
    do {
      this.#take(SPACE);
      const at = this.#at;
      if (this.#text[at] !== '"') this.#expected('a name in double quotes');
      const name = this.#string();
      if (members.has(name)) throw new Mistake(at, `${JSON.stringify(name)} stands here twice`);
      if (!this.#next(':')) this.#expected('a colon');
      members.set(name, this.#value([...path, name]));
    } while (this.#next(','));
    if (!this.#next('}')) this.#expected('a comma or }');
    return Object.fromEntries(members);
  }

  #list(path: readonly PropertyKey[]): Json {
    const entries: Json[] = [];
    this.#at += 1;
    if (this.#next(']')) return entries;
    do entries.push(this.#value([...path, entries.length]));
    while (this.#next(','));
    if (!this.#next(']')) this.#expected('a comma or ]');
    return entries;
  }

  #string(): string {
    const text = this.#take(STRING);
    if (text === undefined)
      throw new Mistake(this.#at, 'a text that does not end, or holds what must be escaped');
    return JSON.parse(text) as string;
  }

  /** Is it the next sign? Then it is passed. */
  #next(sign: string): boolean {
    this.#take(SPACE);
    const is = this.#text[this.#at] === sign;
    if (is) this.#at += 1;
    return is;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #expected(what: string): never {
    const seen = this.#text[this.#at];
    const is = seen === undefined ? 'the end' : JSON.stringify(seen);
    throw new Mistake(this.#at, `is ${is}, expected ${what}`);
  }
}

function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

function placeIn(text: string, at: number): Place {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}
