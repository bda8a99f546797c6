/**
 * The bundles as Lambda gets them: their bytes, what is in them, and how long they take to import,
 * against an empty module and against nothing but the SDK clients that the function uses, bundled
 * alike. Each import runs in a fresh process of this Node, turn by turn. Prints JSON.
 *
 *   node bench/bundles.ts [--rounds 20]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Bundle, bundleFunction, bundleText, partsOf, ROOT } from '../infra/bundle.ts';
import { FUNCTION_NAMES, type FunctionName } from '../infra/names.ts';
import pipeline from '../pipeline.config.ts';

/** What the ratio may be at most, and against what. */
const RATIO_MAX: Readonly<Partial<Record<FunctionName, number>>> = {
  reconcile: 1.25,
  'image-pushed': 1.35,
  'rollout-changed': 1.35,
  'alarm-changed': 1.35,
};

const ROUNDS = 20;
const PARTS_SHOWN = 8;
/** Imports the file, and prints what that cost in ms. */
const ENTRY = `const cpu = process.cpuUsage(), wall = performance.now();
await import(process.argv[1]);
const wallMs = performance.now() - wall, { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs }));`;

/** Medians of all rounds. */
interface Times {
  /** Of all threads: what else runs on this machine disturbs it least. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

export interface BundleFigures extends Times {
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly largest: Readonly<Record<string, number>>;
  readonly clientsOnly: Times & { readonly bytes: number };
  /** cpuMs over that of the clients only. */
  readonly ratio: number;
  readonly ratioMax?: number;
  readonly wallRatio: number;
}

export interface BundlesFigures {
  readonly node: string;
  readonly rounds: number;
  readonly empty: Times;
  readonly functions: Readonly<Record<string, BundleFigures>>;
}

export async function measureBundles(rounds = ROUNDS): Promise<BundlesFigures> {
  const functions = await Promise.all(
    FUNCTION_NAMES.map(async (name) => {
      const bundle = await bundleFunction(name, pipeline);
      return { name, bundle, clients: bundleText(clientsOf(bundle)) };
    }),
  );
  const empty = bundleText('export const handler = 1;');
  const codes = functions.flatMap(({ bundle, clients }) => [bundle.code, clients.code]);
  const times = importTimes([empty.code, ...codes], rounds);
  const timesOf = ({ code }: Bundle): Times => {
    const list = times.get(code) ?? [];
    return { cpuMs: median(list.map((t) => t.cpuMs)), wallMs: median(list.map((t) => t.wallMs)) };
  };
  const figures = functions.map(({ name, bundle, clients }): [FunctionName, BundleFigures] => {
    const [whole, least] = [timesOf(bundle), timesOf(clients)];
    const parts = partsOf(bundle).slice(0, PARTS_SHOWN);
    const ratioMax = RATIO_MAX[name];
    return [
      name,
      {
        bytes: Buffer.byteLength(bundle.code),
        gzipBytes: gzipSync(bundle.code).length,
        largest: Object.fromEntries(parts.map(([part, bytes]) => [part || 'slipway', bytes])),
        ...whole,
        clientsOnly: { bytes: Buffer.byteLength(clients.code), ...least },
        ratio: rounded(whole.cpuMs / least.cpuMs, 100),
        ...(ratioMax === undefined ? {} : { ratioMax }),
        wallRatio: rounded(whole.wallMs / least.wallMs, 100),
      },
    ];
  });
  return {
    node: process.version,
    rounds,
    empty: timesOf(empty),
    functions: Object.fromEntries(figures),
  };
}

/** A module that imports what our files in this bundle import from the SDK, and nothing else. */
function clientsOf({ metafile }: Bundle): string {
  const ours = Object.keys(metafile.inputs).filter((input) => /^(functions|shared)\//.test(input));
  const names = new Map<string, Set<string>>();
  for (const file of ours) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const [, list = '', from = ''] of text.matchAll(
      /^import \{([^}]*)\} from '(@aws-sdk\/[^']+)'/gm,
    )) {
      const values = list.split(',').map((name) => name.trim());
      const known = names.get(from) ?? new Set();
      for (const name of values) if (name !== '' && !name.startsWith('type ')) known.add(name);
      names.set(from, known);
    }
  }
  return [...names]
    .filter(([, values]) => values.size > 0)
    .map(([from, values]) => `export { ${[...values].sort().join(', ')} } from '${from}';`)
    .join('\n');
}

/** By code. One round asks each once, so that a busy minute slows them all alike. */
function importTimes(
  codes: readonly string[],
  rounds: number,
): ReadonlyMap<string, readonly Times[]> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    // Functions that use the same clients are compared with one module.
    const files = [...new Set(codes)].map((code, index) => {
      const file = join(folder, `${index}.mjs`);
      writeFileSync(file, code);
      return { code, file, times: [] as Times[] };
    });
    // The first round fills the file cache and is not counted.
    for (let round = 0; round <= rounds; round++) {
      for (const { file, times } of files) {
        const cost = importOnce(file);
        if (round > 0) times.push(cost);
      }
    }
    return new Map(files.map(({ code, times }) => [code, times]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function importOnce(file: string): Times {
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', ENTRY, file], {
    encoding: 'utf8',
    env: { AWS_REGION: pipeline.region },
  });
  return JSON.parse(output);
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  return rounded(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, 10);
}

function rounded(value: number, factor: number): number {
  return Math.round(value * factor) / factor;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: `${ROUNDS}` } } });
  console.log(JSON.stringify(await measureBundles(Number(values.rounds)), null, 2));
}
