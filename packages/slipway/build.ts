/**
 * Makes `dist`, which is what the package has in place of our sources: Node strips types from no file
 * below node_modules. The tree stays as it is here, a file for a file, so that what one module loads late
 * or reads beside itself is found in both. Run by npm before it packs (`prepack`).
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ROOMS = [
  'cli',
  'functions',
  'infra',
  'local',
  'packages/local-cloud',
  'packages/slipway',
  'shared',
];
/** What the repository needs alone: tests, what makes the models, examples, and what makes the package. */
const LEFT_OUT = [
  /^packages\/local-cloud\/(?:test\/|package\.json$)/,
  /^packages\/local-cloud\/models\/(?:generate|newer-members|source)\.ts$/,
  /^packages\/slipway\/build\.ts$/,
  /^infra\/(?:example\/|app\.ts$|check-templates\.ts$)/,
  /tsconfig\.json$/,
];
const READ_BESIDE = /\.(?:css|html|json|svg|yml)$/;
/** As esbuild prints them: `from "./names.ts"`, `import("./names.ts")`. */
const SPECIFIER = /((?:\bfrom|\bimport)\s*\(?\s*)"([^"\n]+)\.ts"/g;
/** Where `cli/start.ts` looks for it. */
const EXAMPLE = 'local/scenarios/pipeline.config.js';
const LOCAL_CLOUD = '@slipway/local-cloud/';

export function buildPackage(out: string): void {
  rmSync(out, { recursive: true, force: true });
  const files = ROOMS.flatMap(filesBelow).filter(
    (file) => !LEFT_OUT.some((pattern) => pattern.test(file)),
  );
  for (const [file, code] of asJavaScript(files.filter((name) => name.endsWith('.ts')))) {
    write(join(out, file), code);
  }
  for (const file of files.filter((name) => READ_BESIDE.test(name))) {
    mkdirSync(dirname(join(out, file)), { recursive: true });
    cpSync(join(ROOT, file), join(out, file));
  }
  // The functions import it, and each bundle has the user's config in its place.
  write(join(out, 'pipeline.config.js'), 'export default undefined;\n');
  // The stories that come along are told of the repository's example, and not of the user's services.
  for (const [, code] of asJavaScript(['pipeline.config.ts'])) {
    write(join(out, EXAMPLE), code.replaceAll('"./shared/', '"../../shared/'));
  }
  const { name, version, license } = packageFile();
  const own = { name, version, license, type: 'module' };
  write(join(out, 'package.json'), `${JSON.stringify(own, undefined, 2)}\n`);
}

/** The types of what the package exports, and of what those name. */
export function buildTypes(out: string): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/package.json');
  const { bin } = JSON.parse(readFileSync(tsc, 'utf8')) as {
    readonly bin: { readonly tsc: string };
  };
  const entries = ['packages/slipway/tsconfig.json'];
  execFileSync(process.execPath, [join(dirname(tsc), bin.tsc), '-p', ...entries, '--outDir', out], {
    cwd: ROOT,
    stdio: 'inherit',
  });
}

/** By the file that it becomes, from the root. */
function asJavaScript(files: readonly string[]): readonly (readonly [string, string])[] {
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [...files],
    outbase: '.',
    outdir: '.',
    bundle: false,
    write: false,
    format: 'esm',
    target: 'es2024',
    supported: { 'import-attributes': true },
    legalComments: 'none',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return outputFiles.map(({ path, text }) => {
    const file = relative(ROOT, path).replaceAll('\\', '/');
    return [file, withJavaScript(file, text)];
  });
}

function withJavaScript(file: string, code: string): string {
  return code.replace(SPECIFIER, (_, before: string, path: string) => {
    const to = path.startsWith(LOCAL_CLOUD) ? fromHere(file, path) : path;
    return `${before}"${to}.js"`;
  });
}

/** The local cloud is a package of the repository, and a folder of the one that is published. */
function fromHere(file: string, path: string): string {
  const to = join('packages/local-cloud', path.slice(LOCAL_CLOUD.length));
  const found = relative(dirname(file), to).replaceAll('\\', '/');
  return found.startsWith('.') ? found : `./${found}`;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path);
    return [path];
  });
}

function packageFile(): {
  readonly name: string;
  readonly version: string;
  readonly license: string;
} {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

if (import.meta.main) {
  const out = join(ROOT, 'dist');
  buildPackage(out);
  buildTypes(out);
}
