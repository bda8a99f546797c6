/**
 * The files of the page, made in memory: nothing is built before, nothing is written. esbuild is a
 * devDependency, as everything of the local AWS; it takes some tens of milliseconds.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface PageAsset {
  /** For `content-type`. */
  readonly type: string;
  readonly body: Buffer;
}

/** For `content-security-policy`: nothing from elsewhere, nothing inline, in nobody's frame. */
export const PAGE_POLICY =
  "default-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/** By the path at which each is served, `/` being the page itself. Rejects if the code does not build. */
export async function pageAssets(): Promise<ReadonlyMap<string, PageAsset>> {
  const [scripts, page, icon, style] = await Promise.all([
    bundled(['browser/main.ts', 'browser/theme-first.ts']),
    readFile(here('index.html')),
    readFile(here('icon.svg')),
    styleSheet(),
  ]);
  const script = (name: string) => ({
    type: 'text/javascript; charset=utf-8',
    body: Buffer.from(scripts.get(name) ?? ''),
  });
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', body: page }],
    ['/icon.svg', { type: 'image/svg+xml', body: icon }],
    ['/page.css', { type: 'text/css; charset=utf-8', body: Buffer.from(style) }],
    ['/page.js', script('main.js')],
    ['/theme-first.js', script('theme-first.js')],
  ]);
}

function here(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

const SHEETS = [
  'colours',
  'base',
  'layout',
  'top',
  'target',
  'approvals',
  'tasks',
  'charts',
  'timeline',
  'help',
] as const;

/** One sheet of all; uPlot's own rules first, so that ours count. */
async function styleSheet(): Promise<string> {
  const ofCharts = createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css');
  const files = [ofCharts, ...SHEETS.map((name) => here(`style/${name}.css`))];
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
}

/** By the name of the file that comes out. */
async function bundled(entries: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: entries.map(here),
    bundle: true,
    write: false,
    outdir: 'page',
    format: 'iife',
    target: 'es2024',
    minify: true,
    legalComments: 'inline',
    logLevel: 'silent',
    // The server-side configuration knows other types than a browser has.
    tsconfigRaw: '{}',
  });
  return new Map(outputFiles.map(({ path, text }) => [path.split(/[\\/]/).at(-1) ?? path, text]));
}
