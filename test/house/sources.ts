/** The files of this repository as the rules of the house see them: their imports, exports and functions. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Import {
  readonly file: string;
  readonly line: number;
  /** A file of ours from the root, or the name of a package. */
  readonly target: string;
  /** Nothing of it is left at run time. */
  readonly typesOnly: boolean;
  /** It is loaded when the code gets there, not before the file runs. */
  readonly late: boolean;
  /** What it takes, by the names that the target gives; `*` for all of it. */
  readonly names: readonly string[];
}

export interface Export {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly isType: boolean;
  /** Beside the place where it is declared. */
  readonly isNamedHere: boolean;
}

/** A function. */
export interface Stretch {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly lines: number;
}

export interface Identifier {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

interface Parsed {
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  readonly functions: readonly Stretch[];
  readonly identifiers: readonly Identifier[];
}

/** All files of the repository, from its root. */
export const files = tracked();
/** Those that are code. */
export const sources = files.filter((file) => /\.(ts|js|mts|cts)$/.test(file));
const text = new Map(sources.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));

export function source(file: string): string {
  return text.get(file) ?? '';
}

/** What is in git or may be; without git, all but what is installed or built. */
function tracked(): readonly string[] {
  try {
    const options = { cwd: ROOT, encoding: 'utf8' } as const;
    const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], options);
    return list.split('\n').filter((file) => file !== '' && existsSync(join(ROOT, file)));
  } catch {
    return walk('');
  }
}

function walk(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) => {
    if (['node_modules', '.git', 'cdk.out', '.slipway', 'coverage', 'dist'].includes(name))
      return [];
    const path = join(folder, name);
    return statSync(join(ROOT, path)).isDirectory() ? walk(path) : [path];
  });
}

/** The packages of this repository: each name, and its folder. */
const workspaces = files
  .filter((file) => /^packages\/[^/]+\/package\.json$/.test(file))
  .map((file) => {
    const { name } = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as { name: string };
    return [name, file.slice(0, -'package.json'.length)] as const;
  });

/** A node of the syntax tree (ESTree, with TypeScript's nodes). */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const parsed = new Map(sources.map((file) => [file, parse(file, source(file))]));

export const imports = sources.flatMap((file) => parsed.get(file)?.imports ?? []);
export const exports = sources.flatMap((file) => parsed.get(file)?.exports ?? []);
export const functions = sources.flatMap((file) => parsed.get(file)?.functions ?? []);
export const identifiers = sources.flatMap((file) => parsed.get(file)?.identifiers ?? []);

/** Exported, so that the rules can be tried on a text that breaks them. */
export function parse(file: string, code: string): Parsed {
  const starts = [...code.matchAll(/\n/g)].map(({ index }) => index);
  const lineAt = (offset: number) => {
    const at = starts.findIndex((start) => start >= offset);
    return at < 0 ? starts.length + 1 : at + 1;
  };
  const found = {
    imports: [] as Import[],
    exports: [] as Export[],
    functions: [] as Stretch[],
    identifiers: [] as Identifier[],
  };
  const program = parseAst(code, { lang: 'ts' }, file) as unknown as Node;
  visit(program, (node, parent) => {
    const line = lineAt(node.start);
    const taken = importOf(node);
    if (taken !== undefined) {
      found.imports.push({ ...taken, file, line, target: targetOf(file, taken.target) });
    }
    for (const name of exportedBy(node)) {
      const isNamedHere = code.split(new RegExp(`\\b${name}\\b`)).length > 2;
      found.exports.push({ file, line, name, isType: node.exportKind === 'type', isNamedHere });
    }
    if (/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) {
      const lines = lineAt(node.end) - line + 1;
      found.functions.push({ file, line, lines, name: nameOf(node) ?? nameOf(parent) ?? '' });
    }
    if (/^(Private)?Identifier$/.test(node.type)) {
      found.identifiers.push({ file, line, name: String(node.name) });
    }
  });
  return found;
}

/** From the root; a workspace is imported by its name, or by its path. */
function targetOf(file: string, from: string): string {
  if (from.startsWith('.')) return normalize(join(dirname(file), from));
  for (const [name, folder] of workspaces) {
    if (from.startsWith(`${name}/`)) return folder + from.slice(name.length + 1);
  }
  return from;
}

function visit(
  node: Node,
  look: (node: Node, parent: Node | undefined) => void,
  parent?: Node,
): void {
  look(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) visit(child, look, node);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function importOf(node: Node): Omit<Import, 'file' | 'line'> | undefined {
  const target = textOf(node.source);
  if (target === undefined) return undefined;
  const specifiers = (node.specifiers ?? []) as readonly Node[];
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration': {
      const kind = node.type === 'ImportDeclaration' ? 'importKind' : 'exportKind';
      const typesOnly =
        node[kind] === 'type' ||
        (specifiers.length > 0 && specifiers.every((one) => one[kind] === 'type'));
      return { target, typesOnly, late: false, names: specifiers.map(takenBy) };
    }
    case 'ExportAllDeclaration':
      return { target, typesOnly: node.exportKind === 'type', late: false, names: ['*'] };
    case 'ImportExpression':
      return { target, typesOnly: false, late: true, names: ['*'] };
    case 'TSImportType':
      return { target, typesOnly: true, late: true, names: ['*'] };
    default:
      return undefined;
  }
}

function takenBy(specifier: Node): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return nameIn(specifier.imported ?? specifier.local) ?? '*';
}

function exportedBy(node: Node): readonly string[] {
  if (node.type === 'ExportDefaultDeclaration') return ['default'];
  if (node.type !== 'ExportNamedDeclaration') return [];
  const specifiers = (node.specifiers ?? []) as readonly Node[];
  const declaration = node.declaration;
  const declared = !isNode(declaration)
    ? []
    : declaration.type === 'VariableDeclaration'
      ? (declaration.declarations as readonly Node[]).flatMap((one) => boundBy(one.id))
      : boundBy(declaration.id);
  return [...declared, ...specifiers.flatMap((one) => nameIn(one.exported) ?? [])];
}

/** The names that a declaration binds: one, or those of a pattern. */
function boundBy(id: unknown): readonly string[] {
  if (!isNode(id)) return [];
  if (id.type === 'Identifier') return [String(id.name)];
  const names: string[] = [];
  visit(id, (node, parent) => {
    if (node.type === 'Identifier' && parent?.key !== node) names.push(String(node.name));
  });
  return names;
}

/** Of a function by itself, or of what it is the value of. */
function nameOf(node: Node | undefined): string | undefined {
  return nameIn(node?.id) ?? nameIn(node?.key);
}

function nameIn(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  return textOf(node) ?? (node.name === undefined ? undefined : String(node.name));
}

function textOf(node: unknown): string | undefined {
  const value = isNode(node) && node.type === 'Literal' ? node.value : undefined;
  return typeof value === 'string' ? value : undefined;
}
