/** The figures of one checkout. What can be told from its text is; tests and bundles are run in it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Arrow, circlesIn, runningUp } from './circles.ts';
import { type Checkout, type Import, readCheckout } from './import-graph.ts';

export interface Figures {
  /** Folders by how many files stand in them, the fullest first; samples and recordings left out. */
  readonly folders: readonly { readonly path: string; readonly files: number }[];
  /** Those of more than `LONG` lines, the longest first. */
  readonly functions: readonly { readonly path: string; readonly lines: number }[];
  readonly circles: readonly (readonly string[])[];
  readonly circlesWithTypes: readonly (readonly string[])[];
  readonly up: readonly Arrow[];
  readonly rooms: readonly {
    readonly path: string;
    readonly files: number;
    readonly lines: number;
  }[];
  readonly testLines: number;
  readonly seconds?: Readonly<Record<string, string>>;
  /** Bytes of each function as Lambda gets it. */
  readonly bundles: Readonly<Record<string, number>>;
  /** What the import of each costs, over that of nothing but the SDK clients that it uses. */
  readonly imports?: Readonly<Record<string, number>>;
}

const PRODUCT = /^(cli|functions|infra|local|packages|shared)\//;
const TESTS = /(^|\/)test\//;
/** Not written, but collected or generated. */
const COLLECTED = /(^|\/)(events|captures|replays|models)\/[^/]+\.json$|(^|\/)captures\//;
/** The innermost first. */
const HALLS = ['shared/core', 'shared', 'packages/local-cloud', 'local', 'cli'];
/** What Biome counts as a long function. */
const LONG = 30;
/** Medians of so many imports of each. */
const ROUNDS = 9;
const OUTPUT_MAX = 1 << 28;
/** So that a function stands beside what it was called in an older checkout. */
const RENAMED: Readonly<Record<string, string>> = { settle: 'reconcile' };

export function measure(root: string, { timed }: { readonly timed: boolean }): Figures {
  const checkout = readCheckout(root);
  const product = checkout.sources.filter(({ path }) => isProduct(path));
  const imports = checkout.imports.filter(({ from, to }) => isProduct(from) && isProduct(to));
  return {
    folders: counted(checkout.files.filter((file) => !COLLECTED.test(file))),
    functions: longFunctions(root),
    circles: circlesIn(
      arrowsOf(
        imports.filter(({ typesOnly }) => !typesOnly),
        same,
      ),
    ),
    circlesWithTypes: circlesIn(arrowsOf(imports, same)),
    up: runningUp(arrowsOf(imports, roomOf)),
    rooms: roomsOf(product),
    testLines: linesIn(
      checkout.sources.filter(({ path }) => TESTS.test(path) || path.startsWith('test/')),
    ),
    bundles: bundlesOf(root),
    ...(timed ? { seconds: secondsOf(root), imports: importsOf(root) } : {}),
  };
}

function isProduct(path: string): boolean {
  return PRODUCT.test(path) && !TESTS.test(path);
}

/** What stands in a folder of a room belongs to it. A hall has rooms, and its own files are one more. */
function roomOf(path: string): string {
  const hall = HALLS.find((one) => path.startsWith(`${one}/`));
  const [first = ''] = path.split('/');
  if (hall === undefined) return first;
  const [room, ...inside] = path.slice(hall.length + 1).split('/');
  return inside.length === 0 ? hall : `${hall}/${room}`;
}

function same(path: string): string {
  return path;
}

function counted(files: readonly string[]): Figures['folders'] {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  return [...counts]
    .map(([path, many]) => ({ path, files: many }))
    .toSorted((a, b) => b.files - a.files || a.path.localeCompare(b.path));
}

function arrowsOf(imports: readonly Import[], nodeOf: (path: string) => string): readonly Arrow[] {
  const weights = new Map<string, Arrow>();
  for (const one of imports) {
    const [from, to] = [nodeOf(one.from), nodeOf(one.to)];
    if (from === to) continue;
    const key = `${from} ${to}`;
    weights.set(key, { from, to, weight: (weights.get(key)?.weight ?? 0) + 1 });
  }
  return [...weights.values()];
}

function roomsOf(sources: Checkout['sources']): Figures['rooms'] {
  const rooms = Map.groupBy(sources, ({ path }) => roomOf(path));
  return [...rooms]
    .map(([path, list]) => ({ path, files: list.length, lines: linesIn(list) }))
    .toSorted((a, b) => a.path.localeCompare(b.path));
}

function linesIn(sources: Checkout['sources']): number {
  return sources.reduce((sum, { lines }) => sum + lines, 0);
}

/** Biome counts, by a rule of its own and with nothing else switched on. */
function longFunctions(root: string): Figures['functions'] {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-figures-'));
  try {
    const rule = { level: 'error', options: { maxLines: LONG, skipBlankLines: false } };
    const rules = { preset: 'none', complexity: { noExcessiveLinesPerFunction: rule } };
    writeFileSync(
      join(folder, 'biome.json'),
      JSON.stringify({
        linter: { rules },
        formatter: { enabled: false },
        assist: { enabled: false },
      }),
    );
    const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
    const args = ['lint', '--reporter=json', '--max-diagnostics=none', `--config-path=${folder}`];
    const rooms = execFileSync('git', ['ls-files', '--', '*.ts'], { cwd: root, encoding: 'utf8' })
      .split('\n')
      .filter(isProduct);
    const { stdout } = spawnSync(process.execPath, [biome, ...args, ...rooms], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: OUTPUT_MAX,
    });
    return longest(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Finding {
  readonly message: unknown;
  readonly location?: { readonly path?: unknown };
}

function longest(report: string): Figures['functions'] {
  const { diagnostics } = JSON.parse(report) as { readonly diagnostics: readonly Finding[] };
  return diagnostics
    .flatMap(({ message, location }) => {
      const lines = /too many lines \((\d+)\)/.exec(JSON.stringify(message))?.[1];
      return lines === undefined ? [] : [{ path: pathIn(location?.path), lines: Number(lines) }];
    })
    .toSorted((a, b) => b.lines - a.lines || a.path.localeCompare(b.path));
}

function pathIn(path: unknown): string {
  if (typeof path === 'string') return path;
  return typeof path === 'object' && path !== null && 'file' in path ? String(path.file) : '?';
}

/** Of the scripts that this checkout has. */
function secondsOf(root: string): Readonly<Record<string, string>> {
  const { scripts } = createRequire(join(root, 'package.json'))('./package.json') as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const took = ['test:unit', 'test'].map((script): readonly [string, string] => {
    if (scripts[script] === undefined) return [script, 'there is none'];
    const began = performance.now();
    const { status } = spawnSync('npm', ['run', script], { cwd: root, stdio: 'ignore' });
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    return [script, status === 0 ? seconds : `${seconds}, and it failed`];
  });
  return Object.fromEntries(took);
}

/** By the checkout's own `infra/bundle.ts`. */
function bundlesOf(root: string): Figures['bundles'] {
  return byFunction(
    root,
    `const { bundleFunction } = await import('./infra/bundle.ts');
    const { FUNCTION_NAMES } = await import('./infra/names.ts');
    const { default: pipeline } = await import('./pipeline.config.ts');
    const bytes = async (name) => Buffer.byteLength((await bundleFunction(name, pipeline)).code);
    console.log(JSON.stringify(await Promise.all(FUNCTION_NAMES.map(async (name) => [name, await bytes(name)]))));`,
  );
}

/** By the checkout's own `bench/bundles.ts`. */
function importsOf(root: string): NonNullable<Figures['imports']> {
  return byFunction(
    root,
    `const { measureBundles } = await import('./bench/bundles.ts');
    const { functions } = await measureBundles(${ROUNDS});
    console.log(JSON.stringify(Object.entries(functions).map(([name, { ratio }]) => [name, ratio])));`,
  );
}

/** Runs a script in the checkout, which prints pairs of a function's name and a number. */
function byFunction(root: string, script: string): Readonly<Record<string, number>> {
  const out = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: OUTPUT_MAX,
  });
  const pairs = JSON.parse(out) as readonly (readonly [string, number])[];
  return Object.fromEntries(pairs.map(([name, figure]) => [RENAMED[name] ?? name, figure]));
}
