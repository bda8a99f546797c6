/** A config that cannot be loaded is told with its line and column, as an editor opens them, and with what was meant. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const HEAD = "import { definePipeline, ecsService } from 'slipway';\n";
const CASES = [
  [
    'a missing comma',
    `${HEAD}export default definePipeline({\n  account: '123456789012'\n  region: 'eu-central-1',\n});\n`,
    /^0\.ts:4:3 cannot be loaded: Expected ','.*, at "region: 'eu-central-1',"$/,
  ],
  ['half a file', `${HEAD}export default definePipeline({\n`, /^1\.ts:\d cannot be loaded: .*eof/],
  [
    'a misspelt function',
    `${HEAD}export default definePipeline({ targets: { web: ecsServce({}) } });\n`,
    /^2\.ts:2:49 cannot be loaded: ecsServce is not defined; did you mean ecsService\?$/,
  ],
  [
    'a misspelt import',
    "import { definePipelin } from 'slipway';\nexport default definePipelin({});\n",
    /^3\.ts:1:10 cannot be loaded: The requested module 'slipway' does not provide an export named 'definePipelin'; did you mean definePipeline\?, at "definePipelin } from 'slipway';"$/,
  ],
  [
    'what the config itself throws',
    'const empty: { a?: { b: string } } = {};\n\nexport default { account: empty.a!.b };\n',
    /^4\.ts:3:36 cannot be loaded: Cannot read properties of undefined \(reading 'b'\)$/,
  ],
  [
    'a package that is not there',
    "import { x } from 'no-such-package-of-anybody';\nexport default x;\n",
    /^5\.ts cannot be loaded: Cannot find package 'no-such-package-of-anybody'/,
  ],
  [
    'a config that comes from a clone of 0.2.0',
    "import { definePipeline } from './shared/config.ts';\nexport default definePipeline({});\n",
    /^6\.ts cannot be loaded: Cannot find module .*; where the package is installed write from 'slipway'$/,
  ],
] as const;

const folder = mkdtempSync(join(tmpdir(), 'slipway-load-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** One process for all: vitest loads modules in a way of its own, and Node's errors are the point. */
const SCRIPT = `
const { loadPipeline } = await import(process.argv[1]);
for (const file of process.argv.slice(2)) {
  await loadPipeline({ config: file }).catch((error) => console.log(error.message));
}`;

test('each of these is one line', () => {
  const files = CASES.map(([, text], i) => {
    writeFileSync(join(folder, `${i}.ts`), text);
    return `${i}.ts`;
  });
  const pipeline = new URL('../../cli/connect/pipeline.ts', import.meta.url).href;
  const args = ['--input-type=module', '--eval', SCRIPT, pipeline, ...files];
  const said = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  const lines = said.trimEnd().split('\n');
  expect(lines.length).toBe(CASES.length);
  for (const [i, [rule, , expected]] of CASES.entries()) expect(lines[i], rule).toMatch(expected);
});
