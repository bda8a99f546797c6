/** What is packed is whole: an empty folder, the tarball, a config, and everything that the README promises. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyFolder, installLinked, PROJECT, packInto, readUntil } from './installed.ts';

const run = promisify(execFile);
const folder = emptyFolder();
const bin = join(folder.path, 'node_modules/slipway/cli/slipway.js');
const slipway = async (...args: readonly string[]) =>
  (await run(process.execPath, [bin, ...args], { cwd: folder.path })).stdout;

beforeAll(async () => {
  installLinked(folder.path, packInto(folder.path));
  await slipway('init', '--example');
}, 120_000);
afterAll(() => folder.remove());

test('no source and no test is packed, and what is packed has its licence', () => {
  const home = join(folder.path, 'node_modules/slipway');
  const files = readdirSync(home, { recursive: true }).map(String);
  expect(files.filter((file) => /(?<!\.d)\.ts$|(^|\/)tests?\//.test(file))).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md']));
});

test('what its documents link to is packed, but for pictures and the example config', () => {
  const home = join(folder.path, 'node_modules/slipway');
  const pages = readdirSync(join(home, 'docs'), { recursive: true })
    .map((name) => join(home, 'docs', String(name)))
    .filter((page) => page.endsWith('.md'));
  const links = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link = '']) =>
      join(dirname(page), link),
    ),
  );
  const isLeftOut = (file: string) => /\.png$|\/pipeline\.config\.ts$/.test(file);
  const gone = links.filter((file) => !isLeftOut(file) && !existsSync(file));
  expect(links.length).toBeGreaterThan(50);
  expect(gone).toEqual([]);
});

test('a folder whose package.json names no type, as `npm install` makes one, is warned of nothing', async () => {
  folder.write('package.json', JSON.stringify({ name: 'shop' }));
  const { stderr } = await run(process.execPath, [bin, 'config', 'check'], { cwd: folder.path });
  const unread = await run(process.execPath, [bin, 'status', '--local', 'http://127.0.0.1:1'], {
    cwd: folder.path,
  }).catch((error: { readonly stderr: string }) => error);
  folder.write('package.json', JSON.stringify(PROJECT));
  expect(`${stderr}${unread.stderr}`).not.toContain('MODULE_TYPELESS');
});

test('init --example writes a config that imports the package, and leaves one that is there', async () => {
  const config = readFileSync(join(folder.path, 'pipeline.config.ts'), 'utf8');
  expect(config).toContain("import { definePipeline, ecsService } from 'slipway';");
  await expect(slipway('init', '--example')).rejects.toThrow(
    'pipeline.config.ts is there already, and is never overwritten',
  );
});

test('config check reads the config of a folder that has nothing of ours', async () => {
  expect(await slipway('config', 'check')).toMatch(/^The config is right\. Account 123456789012/);
});

/** What `infra synth` does, of one function: all of it takes too long here; `npm run test:package` does it. */
const SYNTH = `
import { SlipwayStack } from 'slipway/cdk';
import pipeline from './pipeline.config.mjs';
const dist = './node_modules/slipway/dist';
const { bundleFunction } = await import(dist + '/infra/bundle.js');
const { sbomOf } = await import(dist + '/infra/sbom.js');
const { createBuilds } = await import(dist + '/infra/builds.js');
console.log(typeof SlipwayStack, typeof createBuilds);
console.log(sbomOf('tick', await bundleFunction('tick', pipeline)));
`;

test('functions are bundled from what is packed, with a list of what is in them; the CDK door opens', async () => {
  const config = readFileSync(join(folder.path, 'pipeline.config.ts'), 'utf8');
  folder.write('pipeline.config.mjs', config);
  folder.write('synth.mjs', SYNTH);
  const { stdout } = await run(process.execPath, ['synth.mjs'], { cwd: folder.path });
  expect(stdout).toMatch(/^function function\n/);
  expect(stdout).toContain('pkg:npm/%40aws-sdk/client-ecs@');
  expect(stdout).not.toContain('pkg:npm/slipway@');
  expect(readdirSync(join(folder.path, 'node_modules/slipway/dist/infra'))).toContain(
    'buildspec.yml',
  );
});

test('local starts, and tells what would start', async () => {
  const local = spawn(process.execPath, [bin, 'local', '--port', '0', '--speed', '20'], {
    cwd: folder.path,
  });
  try {
    const said = readUntil(local.stdout);
    const url = (await said(/http:\/\/localhost:\d+/))[0];
    await slipway('push', 'shop/web:main-1', '--local', url);
    await said(/would start shop\/web:main-1/);
  } finally {
    local.kill();
  }
});

test('a story that comes along is told where there is no config', async () => {
  const empty = { cwd: join(folder.path, 'node_modules') };
  const { stdout } = await run(process.execPath, [bin, 'start', '--scenario', 'watch-mode'], empty);
  expect(stdout).toMatch(/would start shop\/web:[\s\S]*It ended as expected\.\n$/);
});

test('each door has its types, and what those name is packed, too', () => {
  const home = join(folder.path, 'node_modules/slipway');
  const { exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | { types: string; default: string }>>;
  };
  const doors = Object.values(exports).flatMap((door) => (typeof door === 'string' ? [] : [door]));
  expect(doors.length).toBe(2);
  for (const door of doors) expect(existsSync(join(home, door.default))).toBe(true);
  const seen = new Set<string>();
  const follow = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, path = ''] of text.matchAll(/(?:from|import\() ?['"](\.[^'"]+)\.ts['"]/g)) {
      follow(join(dirname(file), `${path}.d.ts`));
    }
  };
  for (const { types } of doors) follow(join(home, types));
  expect(seen.size).toBeGreaterThan(20);
});
