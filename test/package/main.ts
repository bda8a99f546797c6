/**
 * `npm run test:package`: the package as a new user meets it, from the registry. Packs, installs into an empty
 * folder, looks whether types resolve, and goes on to the first "would start …" on `slipway local`. Prints what
 * each step took, as the table of docs/package.md; fails where one of them does.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { emptyFolder, packInto, readUntil, TYPED } from './installed.ts';

interface Step {
  readonly command: string;
  readonly seconds: number;
}

const steps: Step[] = [];
const folder = emptyFolder();
try {
  await play();
} finally {
  folder.remove();
}

async function play(): Promise<void> {
  const tarball = packInto(folder.path);
  timed('npm', ['install', '--no-audit', '--no-fund', '--save-dev', tarball]);
  const modules = join(folder.path, 'node_modules');
  const home = join(modules, 'slipway');
  folder.write('typed.ts', TYPED);
  const bin = join(home, 'cli/slipway.js');
  timed(process.execPath, [bin, 'init', '--example'], 'slipway init --example');
  timed(process.execPath, [bin, 'config', 'check'], 'slipway config check');
  timed(process.execPath, [bin, 'infra', 'synth'], 'slipway infra synth');
  timed(
    process.execPath,
    [compiler(), '--noEmit', '--strict', '--module', 'nodenext', 'typed.ts'],
    'tsc',
  );
  await untilItWouldStart(bin);
  const installed = readdirSync(modules, { recursive: true, withFileTypes: true }).filter(
    isPackage,
  );
  console.log('| step | seconds |\n| --- | --- |');
  for (const { command, seconds } of steps)
    console.log(`| \`${command}\` | ${seconds.toFixed(1)} |`);
  console.log(
    `tarball ${kilobytes([tarball])} kB; unpacked ${kilobytes(filesBelow(home))} kB in ${filesBelow(home).length} files`,
  );
  console.log(
    `${installed.length} packages, ${Math.round(kilobytes(filesBelow(modules)) / 1000)} MB in node_modules`,
  );
}

function timed(command: string, args: readonly string[], name?: string): void {
  const from = performance.now();
  execFileSync(command, args, { cwd: folder.path, stdio: ['ignore', 'ignore', 'pipe'] });
  const shown = name ?? `${command} ${args[0] ?? ''}`;
  steps.push({ command: shown, seconds: (performance.now() - from) / 1000 });
}

async function untilItWouldStart(bin: string): Promise<void> {
  const from = performance.now();
  const local = spawn(process.execPath, [bin, 'local', '--port', '0'], { cwd: folder.path });
  try {
    const said = readUntil(local.stdout);
    const [url] = await said(/http:\/\/localhost:\d+/);
    execFileSync(process.execPath, [bin, 'push', 'shop/web:main-1', '--local', url], {
      cwd: folder.path,
    });
    await said(/would start shop\/web:main-1/);
  } finally {
    local.kill();
  }
  const seconds = (performance.now() - from) / 1000;
  steps.push({ command: 'slipway local & slipway push, until "would start"', seconds });
}

/** Of this checkout: the package brings none along. */
function compiler(): string {
  const home = createRequire(import.meta.url).resolve('typescript/package.json');
  const { bin } = JSON.parse(readFileSync(home, 'utf8')) as { readonly bin: { tsc: string } };
  return join(dirname(home), bin.tsc);
}

/** `node_modules/zod` and `node_modules/@aws-sdk/core`, and those that lie within another one. */
function isPackage(entry: { isDirectory(): boolean; name: string; parentPath: string }): boolean {
  if (!entry.isDirectory() || /^[.@]/.test(entry.name)) return false;
  return /\/node_modules(?:\/@[^/]+)?$/.test(entry.parentPath);
}

function filesBelow(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

function kilobytes(files: readonly string[]): number {
  return Math.round(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1000);
}
