/** Every place in a value, JSON inside of texts included, and what may be done to it. */

/** The step from a text to the JSON in it: an alarm in a notification, an envelope in a body. */
const INSIDE = '(JSON)';
export type Path = readonly string[];
/** What takes the place of an entry: none, another, or several. In a list the keys do not matter. */
export type Change = (key: string, value: unknown) => readonly (readonly [string, unknown])[];

/** After an enlargement there are more than anybody needs. */
const PATHS_MAX = 2_000;
const DEPTH_MAX = 60;

/** The value itself first. */
export function pathsOf(value: unknown): readonly Path[] {
  const paths: Path[] = [];
  const walk = (part: unknown, path: Path) => {
    if (paths.length >= PATHS_MAX || path.length > DEPTH_MAX) return;
    paths.push(path);
    const json = typeof part === 'string' ? jsonIn(part) : undefined;
    if (json !== undefined) walk(json, [...path, INSIDE]);
    else if (typeof part === 'object' && part !== null) {
      for (const [key, inner] of entriesOf(part)) walk(inner, [...path, key]);
    }
  };
  walk(value, []);
  return paths;
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, step) => {
    if (step === INSIDE && typeof part === 'string') return jsonIn(part);
    return entriesOf(part).find(([key]) => key === step)?.[1];
  }, value);
}

/** A new value; what is not on the path is shared with the old one. */
export function changedAt(value: unknown, path: Path, change: Change): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change('', value)[0]?.[1];
  if (step === INSIDE && typeof value === 'string') {
    // `undefined` is no JSON.
    return JSON.stringify(changedAt(jsonIn(value), rest, change)) ?? '';
  }
  const entries = entriesOf(value).flatMap(([key, part]) => {
    if (key !== step) return [[key, part] as const];
    return rest.length === 0 ? change(key, part) : [[key, changedAt(part, rest, change)] as const];
  });
  return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function jsonIn(text: string): object | undefined {
  if (!text.startsWith('{') || text.length > 100_000) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
