/** Which file of a checkout imports which, told from its text: no compiler is asked. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

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
  const workspaces = workspacesOf(root, files);
  const texts = files
    .filter((file) => /\.(ts|js|mjs)$/.test(file))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  return {
    root,
    files,
    sources: texts.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 })),
    imports: texts.flatMap(({ path, text }) => importsOf(path, text, known, workspaces)),
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
  path: string,
  text: string,
  known: ReadonlySet<string>,
  workspaces: Workspaces,
): readonly Import[] {
  return [...text.matchAll(IMPORT)].flatMap((match) => {
    const [, typeWord, clause = '', from, dynamic] = match;
    const name = from ?? dynamic;
    const to = name === undefined ? undefined : targetOf(path, name, workspaces);
    if (to === undefined || !known.has(to)) return [];
    return [{ from: path, to, typesOnly: typeWord !== undefined || namesTypesOnly(clause) }];
  });
}

function namesTypesOnly(clause: string): boolean {
  const named = /^\{([^}]*)\}\s*(?:from\s*)?$/.exec(clause.trim())?.[1]?.split(',');
  const names = (named ?? []).map((one) => one.trim()).filter((one) => one !== '');
  return names.length > 0 && names.every((one) => one.startsWith('type '));
}

/** A file of the checkout: beside the importer, or in one of its workspaces. Undefined: a package. */
function targetOf(path: string, name: string, workspaces: Workspaces): string | undefined {
  if (name.startsWith('.')) return normalize(join(dirname(path), name));
  for (const [workspace, folder] of workspaces) {
    if (name.startsWith(`${workspace}/`)) return join(folder, name.slice(workspace.length));
  }
  return undefined;
}

/** Folders by the name that their package.json has. */
type Workspaces = ReadonlyMap<string, string>;

function workspacesOf(root: string, files: readonly string[]): Workspaces {
  return new Map(
    files
      .filter((file) => /^packages\/[^/]+\/package\.json$/.test(file))
      .map((file) => [JSON.parse(readFileSync(join(root, file), 'utf8')).name, dirname(file)]),
  );
}
