/**
 * `npm run same-bytes -- save DIR` writes down what this checkout does: the synthesized templates, every
 * scenario as `npm start -- --json` tells it, the whole log of fifty simulated worlds, the generated
 * tables. `npm run same-bytes -- compare DIR` does it again and names what differs. A step that moves or
 * renames must change nothing here but its own renames, which stand in a JSON file
 * (`--renames FILE`, pairs of a regular expression and its replacement, applied to what was saved).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPlaces, refuse } from './arguments.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCENARIOS = 'local/scenarios';
const OUTPUT_MAX = 1 << 30;

type Renames = readonly (readonly [pattern: string, replacement: string])[];

const HELP = `npm run same-bytes -- save DIR | compare DIR [--renames FILE]

  --renames FILE  pairs of a regular expression and its replacement, applied to what was saved`;

const { values, positionals } = readPlaces(HELP, { renames: { type: 'string' } }, 2);
const [verb, folder] = positionals;
if ((verb !== 'save' && verb !== 'compare') || folder === undefined) {
  refuse(HELP, 'it takes save or compare, and a folder');
} else if (verb === 'save') {
  save(folder);
} else {
  const renames = values.renames === undefined ? [] : readRenames(values.renames);
  process.exitCode = compare(folder, renames) ? 0 : 1;
}

function readRenames(file: string): Renames {
  return JSON.parse(readFileSync(file, 'utf8')) as Renames;
}

function save(into: string): void {
  mkdirSync(into, { recursive: true });
  for (const [name, text] of outputs()) writeFileSync(join(into, name), text);
}

function compare(saved: string, renames: Renames): boolean {
  const patterns = renames.map(([from, to]) => [new RegExp(from, 'g'), to] as const);
  const now = new Map(outputs());
  const different = readdirSync(saved).filter((name) => {
    const before = patterns.reduce(
      (text, [from, to]) => text.replaceAll(from, to),
      readFileSync(join(saved, name), 'utf8'),
    );
    const after = now.get(name);
    if (before === after) return false;
    console.log(`${name}: ${firstDifference(before, after)}`);
    return true;
  });
  const added = [...now.keys()].filter((name) => !readdirSync(saved).includes(name));
  for (const name of added) console.log(`${name}: was not saved`);
  console.log(`${now.size} outputs, ${different.length + added.length} differ`);
  return different.length + added.length === 0;
}

function firstDifference(before: string, after: string | undefined): string {
  if (after === undefined) return 'is not there any more';
  const [left, right] = [before.split('\n'), after.split('\n')];
  const at = left.findIndex((line, i) => line !== right[i]);
  const line = at < 0 ? left.length : at;
  return `line ${line + 1}\n  - ${left[line]?.slice(0, 300)}\n  + ${right[line]?.slice(0, 300)}`;
}

function* outputs(): Generator<readonly [name: string, text: string]> {
  const scenarios = readdirSync(join(ROOT, SCENARIOS)).filter((name) => name.endsWith('.json'));
  for (const name of scenarios) {
    const text = run('cli/main.ts', 'start', '--json', '--scenario', join(SCENARIOS, name));
    yield [`start-${name}l`, text.replaceAll(/,"wallMs":\d+/g, '')];
  }
  yield* templates();
  const worlds = run('test/simulation/main.ts', '--seeds', '50', '--verbose');
  yield ['simulate.log', worlds.replaceAll(/\b[\d.,]+( ms| s|\/s| a second)/g, '…')];
  yield ['tables.md', tables()];
}

function* templates(): Generator<readonly [name: string, text: string]> {
  const out = mkdtempSync(join(tmpdir(), 'slipway-same-bytes-'));
  try {
    run('infra/app.ts', { CDK_OUTDIR: out });
    const files = readdirSync(out).filter((name) => name.endsWith('.template.json'));
    for (const file of files) yield [basename(file), readFileSync(join(out, file), 'utf8')];
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** The generated tables, wherever the documents keep them. */
function tables(): string {
  const files = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' });
  const texts = files.split('\n').flatMap((file) => {
    if (file === '') return [];
    const text = readFileSync(join(ROOT, file), 'utf8');
    return [...text.matchAll(/<!-- ([\w-]+) -->\n[\s\S]*?<!-- \/\1 -->/g)].map(([table]) => table);
  });
  return texts.sort().join('\n\n');
}

function run(file: string, ...rest: (string | Readonly<Record<string, string>>)[]): string {
  const args = rest.filter((one) => typeof one === 'string');
  const env = Object.assign({}, process.env, ...rest.filter((one) => typeof one !== 'string'));
  try {
    return execFileSync(process.execPath, [join(ROOT, file), ...args], {
      cwd: ROOT,
      env,
      encoding: 'utf8',
      maxBuffer: OUTPUT_MAX,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { status, stdout, stderr } = error as {
      status: number;
      stdout: string;
      stderr: string;
    };
    return `exit ${status}\n${stdout}\n${stderr}`;
  }
}
