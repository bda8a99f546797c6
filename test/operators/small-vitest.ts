/** As much of Vitest as the tests of the core use, in this process: one mutant is a run of milliseconds. */
import { isDeepStrictEqual } from 'node:util';

interface Case {
  readonly name: string;
  readonly run: () => unknown;
}

export const cases: Case[] = [];
let prefix = '';

type Body = (...values: readonly unknown[]) => unknown;
type Each = (rows: readonly unknown[]) => (name: string, ...rest: readonly unknown[]) => void;

function bodyOf(rest: readonly unknown[]): Body {
  return rest.find((one) => typeof one === 'function') as Body;
}

export const test = Object.assign(
  (name: string, ...rest: readonly unknown[]) => {
    cases.push({ name: prefix + name, run: () => bodyOf(rest)() });
  },
  { each: eachOf(true), for: eachOf(false) },
);

export const describe = Object.assign(
  (name: string, ...rest: readonly unknown[]) => inside(name, () => bodyOf(rest)()),
  {
    each: ((rows) =>
      (name, ...rest) => {
        for (const row of rows) inside(name, () => bodyOf(rest)(...spread(row)));
      }) satisfies Each,
  },
);

function eachOf(spreads: boolean): Each {
  return (rows) =>
    (name, ...rest) => {
      for (const row of rows) {
        const values = spreads ? spread(row) : [row];
        cases.push({ name: `${prefix}${name}`, run: () => bodyOf(rest)(...values) });
      }
    };
}

function spread(row: unknown): readonly unknown[] {
  return Array.isArray(row) ? row : [row];
}

function inside(name: string, body: () => unknown): void {
  const before = prefix;
  prefix = `${before}${name} > `;
  body();
  prefix = before;
}

/** `expect.stringContaining` and its like: they judge the other side. */
class Asymmetric {
  readonly accepts: (value: unknown) => boolean;
  constructor(accepts: (value: unknown) => boolean) {
    this.accepts = accepts;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** As `toEqual`: what is undefined is not there. `partly`: as `toMatchObject`. */
function agrees(seen: unknown, wanted: unknown, partly: boolean): boolean {
  if (wanted instanceof Asymmetric) return wanted.accepts(seen);
  if (Object.is(seen, wanted)) return true;
  if (!isObject(seen) || !isObject(wanted)) return false;
  if (!partly && Array.isArray(wanted) !== Array.isArray(seen)) return false;
  if (Array.isArray(wanted) && wanted.length !== (seen as unknown as unknown[]).length)
    return false;
  if (wanted instanceof Set || wanted instanceof Map || wanted instanceof Date) {
    return isDeepStrictEqual(seen, wanted);
  }
  const names = partly ? Object.keys(wanted) : [...Object.keys(wanted), ...Object.keys(seen)];
  return names.every((name) => agrees(seen[name], wanted[name], partly));
}

const MATCHERS: Readonly<Record<string, (seen: never, ...wanted: never[]) => boolean>> = {
  toBe: (seen: unknown, wanted: unknown) => Object.is(seen, wanted),
  toEqual: (seen: unknown, wanted: unknown) => agrees(seen, wanted, false),
  toStrictEqual: (seen: unknown, wanted: unknown) => isDeepStrictEqual(seen, wanted),
  toMatchObject: (seen: unknown, wanted: unknown) => agrees(seen, wanted, true),
  toBeDefined: (seen: unknown) => seen !== undefined,
  toBeUndefined: (seen: unknown) => seen === undefined,
  toBeGreaterThan: (seen: number, wanted: number) => seen > wanted,
  toBeGreaterThanOrEqual: (seen: number, wanted: number) => seen >= wanted,
  toBeLessThan: (seen: number, wanted: number) => seen < wanted,
  toBeLessThanOrEqual: (seen: number, wanted: number) => seen <= wanted,
  toContain: (seen: string | readonly unknown[], wanted: never) => seen.includes(wanted),
  toContainEqual: (seen: readonly unknown[], wanted: unknown) =>
    seen.some((one) => agrees(one, wanted, false)),
  toHaveLength: (seen: { length: number }, wanted: number) => seen.length === wanted,
  toHaveProperty: (seen: object, wanted: string, ...value: readonly unknown[]) =>
    hasPath(seen, wanted.split('.'), value),
  toMatch: (seen: string, wanted: string | RegExp) =>
    typeof wanted === 'string' ? seen.includes(wanted) : wanted.test(seen),
  toMatchInlineSnapshot: (seen: string, wanted: string) => `"${seen}"` === dedented(wanted),
  toThrow: (seen: () => unknown, wanted?: string | RegExp) => throws(seen, wanted),
};

/** Without the indentation that the test file gives it. */
function dedented(text: string): string {
  const lines = text.trim().split('\n');
  const own = lines.slice(1).filter((line) => line.trim() !== '');
  const indent = Math.min(...own.map((line) => line.search(/\S/)));
  return lines.map((line, i) => (i === 0 ? line : line.slice(indent))).join('\n');
}

/** `value`: nothing, or the one that must stand there. */
function hasPath(
  seen: unknown,
  [name = '', ...rest]: readonly string[],
  value: readonly unknown[],
): boolean {
  if (!isObject(seen) || !(name in seen)) return false;
  if (rest.length > 0) return hasPath(seen[name], rest, value);
  return value.length === 0 || agrees(seen[name], value[0], false);
}

function throws(deed: () => unknown, wanted: string | RegExp | undefined): boolean {
  try {
    deed();
    return false;
  } catch (error) {
    if (wanted === undefined) return true;
    const said = String(error);
    return typeof wanted === 'string' ? said.includes(wanted) : wanted.test(said);
  }
}

function expectation(seen: unknown, negated: boolean): Record<string, unknown> {
  const matchers = Object.entries(MATCHERS).map(([name, holds]) => [
    name,
    (...wanted: never[]) => {
      if (holds(seen as never, ...wanted) === negated) throw new Error(`not as expected: ${name}`);
    },
  ]);
  return Object.fromEntries(matchers);
}

export const expect = Object.assign(
  (seen: unknown) => ({ ...expectation(seen, false), not: expectation(seen, true) }),
  {
    stringContaining: (part: string) =>
      new Asymmetric((value) => typeof value === 'string' && value.includes(part)),
    stringMatching: (pattern: RegExp | string) =>
      new Asymmetric((value) => typeof value === 'string' && new RegExp(pattern).test(value)),
    any: () => new Asymmetric((value) => value !== undefined),
  },
);

/** Types are for the compiler. */
export const expectTypeOf = () => new Proxy({}, { get: () => () => undefined });
