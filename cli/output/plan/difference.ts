/** What differs between two JSON values, as lines that a person reads. */

export interface Difference {
  /** `containerDefinitions.app.image`: members of a list by their name, where they have one. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Keys that `ignored` names are left out, at the top. */
export function differences(
  before: unknown,
  after: unknown,
  ignored: readonly string[] = [],
): readonly Difference[] {
  return compare('', before, after).filter(
    ({ path }) => !ignored.includes(path.split('.')[0] ?? ''),
  );
}

function compare(path: string, before: unknown, after: unknown): readonly Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [a, b] = [partsOf(before), partsOf(after)];
  if (a === undefined || b === undefined) {
    return [
      {
        path,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      },
    ];
  }
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((key) =>
    compare(path === '' ? key : `${path}.${key}`, a.get(key), b.get(key)),
  );
}

/** The members of an object or a list, by name; undefined: it has none. */
function partsOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  return new Map(value.map((one: unknown, i) => named(one) ?? [String(i), one]));
}

/** AWS writes maps as lists: `[{ key, value }]`, and lists of things that have a name. */
function named(one: unknown): [string, unknown] | undefined {
  if (typeof one !== 'object' || one === null) return undefined;
  const { name, key = name, value } = one as { name?: unknown; key?: unknown; value?: unknown };
  if (typeof key !== 'string') return undefined;
  return [key, value !== undefined && Object.keys(one).length === 2 ? value : one];
}
