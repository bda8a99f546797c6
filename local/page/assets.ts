/**
 * The files of both pages, that of `slipway local` and that of `slipway view`, made in memory: nothing is
 * built before, nothing is written. It takes esbuild some tens of milliseconds.
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
    bundled(['main', 'theme-first']),
    readFile(here('index.html')),
    readFile(here('icon.svg')),
    styleSheet(SHEETS),
  ]);
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', body: page }],
    ['/icon.svg', { type: 'image/svg+xml', body: icon }],
    ['/page.css', sheet(style)],
    ['/page.js', script(scripts.get('main.js'))],
    ['/theme-first.js', script(scripts.get('theme-first.js'))],
  ]);
}

/** What the pages of `slipway view` load; the pages themselves are written by its server. */
export async function accountAssets(): Promise<ReadonlyMap<string, PageAsset>> {
  const [scripts, icon, style] = await Promise.all([
    bundled(['account', 'account-charts']),
    readFile(here('icon.svg')),
    styleSheet(['colours', 'unseen', 'charts', 'account']),
  ]);
  return new Map([
    ['/icon.svg', { type: 'image/svg+xml', body: icon }],
    ['/view.css', sheet(style)],
    ['/view.js', script(scripts.get('account.js'))],
    ['/charts.js', script(scripts.get('account-charts.js'))],
  ]);
}

function script(text = ''): PageAsset {
  return { type: 'text/javascript; charset=utf-8', body: Buffer.from(text) };
}

function sheet(text: string): PageAsset {
  return { type: 'text/css; charset=utf-8', body: Buffer.from(text) };
}

function here(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

const SHEETS = [
  'colours',
  'unseen',
  'base',
  'layout',
  'top',
  'fleet',
  'target',
  'approvals',
  'tasks',
  'charts',
  'timeline',
  'help',
] as const;

/** One sheet of all; uPlot's own rules first, so that ours count. */
async function styleSheet(names: readonly string[]): Promise<string> {
  const ofCharts = createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css');
  const files = [ofCharts, ...names.map((name) => here(`style/${name}.css`))];
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
}

/** As this file itself: its sources, or what was made of them for a package. */
const EXTENSION = import.meta.url.slice(-3);

/** By the name of the file that comes out. */
async function bundled(entries: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: entries.map((name) => here(`browser/${name}${EXTENSION}`)),
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
