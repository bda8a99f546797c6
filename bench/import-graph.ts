/** Which file of a checkout imports which, told from its text: no compiler is asked. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';

export interface SourceFile {
  /** From the root of the checkout. */
  readonly path: string;
  readonly lines: number;
}

export interface Import {
  readonly from: string;
  readonly to: string;
  /** Gone when the program runs. */
  readonly typesOnly: boolean;
}

export interface Checkout {
  readonly root: string;
  /** Everything that is in git or may be. */
  readonly files: readonly string[];
  readonly sources: readonly SourceFile[];
  readonly imports: readonly Import[];
}

const IMPORT =
  /^(?:import|export)\s+(type\s)?([^'";]*?)(?:\bfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

export function readCheckout(root: string): Checkout {
  const files = filesIn(root);
  const known = new Set(files);
  const texts = files
    .filter((file) => /\.(ts|js|mjs)$/.test(file))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  return {
    root,
    files,
    sources: texts.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 })),
    imports: texts.flatMap(({ path, text }) => importsOf(root, path, text, known)),
  };
}

function filesIn(root: string): readonly string[] {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return list.split('\n').filter((file) => file !== '' && existsSync(join(root, file)));
}

function importsOf(
  root: string,
  path: string,
  text: string,
  known: ReadonlySet<string>,
): readonly Import[] {
  return [...text.matchAll(IMPORT)].flatMap((match) => {
    const [, typeWord, clause = '', from, dynamic] = match;
    const name = from ?? dynamic;
    const to = name === undefined ? undefined : targetOf(root, path, name);
    if (to === undefined || !known.has(to)) return [];
    return [{ from: path, to, typesOnly: typeWord !== undefined || namesTypesOnly(clause) }];
  });
}

function namesTypesOnly(clause: string): boolean {
  const named = /^\{([^}]*)\}\s*(?:from\s*)?$/.exec(clause.trim())?.[1]?.split(',');
  const names = (named ?? []).map((one) => one.trim()).filter((one) => one !== '');
  return names.length > 0 && names.every((one) => one.startsWith('type '));
}

/** A file of the checkout: beside the importer, or in a workspace of it. Undefined: a package. */
function targetOf(root: string, path: string, name: string): string | undefined {
  if (name.startsWith('.')) return normalize(join(dirname(path), name));
  if (name.startsWith('node:')) return undefined;
  try {
    const found = realpathSync(createRequire(join(root, path)).resolve(name));
    const inside = relative(realpathSync(root), found);
    return inside.startsWith('..') || inside.startsWith('node_modules') ? undefined : inside;
  } catch {
    return undefined;
  }
}
