/**
 * Where a mutant changes our code. Its text is sought token by token, so that neither a formatter nor
 * a file that moves takes it away; it must stand exactly once.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Where the text of a file that was moved is sought. */
const OURS = 'shared/';

export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Change extends Edit {
  readonly name: string;
  /** Where the same rule is guarded once more, that guard goes too. */
  readonly also?: readonly Edit[];
}

export interface Place {
  /** Absolute. */
  readonly file: string;
  /** Exactly as it stands there. */
  readonly text: string;
}

/** Of each of its edits. */
export function editsOf(change: Change): readonly (Place & Pick<Edit, 'replace'>)[] {
  const { name, also = [] } = change;
  return [change, ...also].map((edit) => ({
    ...placeOf({ name, ...edit }),
    replace: edit.replace,
  }));
}

export function placeOf({ name, file, find }: Edit & Pick<Change, 'name'>): Place {
  const pattern = patternOf(find);
  const here = placesIn(file, pattern);
  const places = here.length > 0 ? here : ours().flatMap((one) => placesIn(one, pattern));
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new Error(
      `mutant "${name}": its place stands ${places.length} times in our code, expected once in ${file}`,
    );
  }
  return place;
}

function placesIn(path: string, pattern: RegExp): readonly Place[] {
  const file = `${ROOT}${path}`;
  return [...textOf(file).matchAll(pattern)].map(([text]) => ({ file, text }));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/** Space between tokens does not matter, nor a comma before a bracket that closes. */
export function patternOf(find: string): RegExp {
  const tokens = find.match(/\w+|[^\w\s]/g) ?? [];
  const escaped = tokens.map((token) => token.replace(/[^\w]/, String.raw`\$&`));
  const source = escaped.map((token) => (/^\\[)\]}]$/.test(token) ? `(?:,\\s*)?${token}` : token));
  const begins = /^\w/.test(tokens[0] ?? '') ? String.raw`(?<!\w)` : '';
  const ends = /\w$/.test(tokens.at(-1) ?? '') ? String.raw`(?!\w)` : '';
  return new RegExp(`${begins}${source.join(String.raw`\s*`)}${ends}`, 'g');
}

function ours(): readonly string[] {
  return readdirSync(`${ROOT}${OURS}`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${OURS}${path}`);
}
