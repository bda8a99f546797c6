/** Runs a mutant: a copy of the tree with one rule taken out, in a process of its own. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Mutant } from './mutants.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PARTS = [
  'shared',
  'packages',
  'local',
  'functions',
  'test/simulation',
  'pipeline.config.ts',
  'package.json',
];
const SECONDS_MAX = 600;

export interface Verdict {
  readonly killed: boolean;
  /** The first seed that killed it. */
  readonly seed?: number;
  /** What it broke, or the end of the output. */
  readonly said: string;
}

/** Where the packages of the tree are imported by name: these copies, not those of the original. */
const WORKSPACES = { '@slipway/local-cloud': 'packages/local-cloud' } as const;

/** Worlds `from` … `from + seeds - 1`, until one breaks. Throws when the mutant no longer fits the code. */
export async function run(mutant: Mutant, from: number, seeds: number): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-mutant-'));
  try {
    const tree = await copyTree(folder);
    await mutate(join(tree, mutant.file), mutant);
    return await simulate(tree, from, seeds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Node looks for a package beside the importing file first, then one folder up: workspaces, all else. */
async function copyTree(folder: string): Promise<string> {
  const tree = join(folder, 'tree');
  for (const part of PARTS) await cp(join(ROOT, part), join(tree, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, workspace] of Object.entries(WORKSPACES)) {
    const link = join(tree, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(tree, workspace), link);
  }
  return tree;
}

async function mutate(file: string, { name, find, replace }: Mutant): Promise<void> {
  const text = await readFile(file, 'utf8');
  const times = text.split(find).length - 1;
  if (times !== 1) {
    throw new Error(`mutant "${name}": its place stands ${times} times in the code, expected once`);
  }
  await writeFile(
    file,
    text.replace(find, () => replace),
  );
}

async function simulate(folder: string, from: number, seeds: number): Promise<Verdict> {
  const args = [
    'test/simulation/main.ts',
    '--from',
    `${from}`,
    '--seeds',
    `${seeds}`,
    '--until-broken',
  ];
  const options = { cwd: folder, timeout: SECONDS_MAX * 1000, maxBuffer: 1 << 28 };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, options);
    return { killed: false, said: stdout.trim().split('\n').at(-1) ?? '' };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const seed = /seed (\d+) broke/.exec(stdout)?.[1];
    const said = /broke:\n\s+(.*)/.exec(stdout)?.[1] ?? stderr.slice(0, 500);
    return {
      killed: seed !== undefined,
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      said,
    };
  }
}
