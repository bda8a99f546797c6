/**
 * The bundles as Lambda gets them: their bytes, what is in them, and how long they take to import,
 * against an empty module and against nothing but the SDK clients that the function uses, bundled
 * alike. Each import runs in a fresh process of this Node, turn by turn. Prints JSON.
 *
 *   node bench/bundles.ts [--rounds 15]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  BUNDLE_FILE,
  type Bundle,
  bundleFunction,
  bundleText,
  partsOf,
  ROOT,
} from '../infra/bundle.ts';
import { FUNCTION_NAMES, type FunctionName } from '../infra/names.ts';
import pipeline from '../pipeline.config.ts';

/** What the ratio may be at most, and against what. */
export const RATIO_MAX: Readonly<Partial<Record<FunctionName, number>>> = {
  settle: 1.25,
  'image-pushed': 1.35,
  'rollout-changed': 1.35,
  'alarm-changed': 1.35,
};

const PARTS_SHOWN = 8;
const ENTRY =
  'const t=performance.now();await import(process.argv[1]);console.log(performance.now()-t);';

interface Times {
  /** The median. */
  readonly importMs: number;
  /** The least: what the import costs when nothing else runs on this machine. */
  readonly leastMs: number;
}

export interface BundleFigures extends Times {
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly largest: Readonly<Record<string, number>>;
  readonly clientsOnly: Times & { readonly bytes: number };
  /** leastMs over that of the clients only: medians of a busy machine say more about the others. */
  readonly ratio: number;
  readonly ratioMax?: number;
}

export async function measureBundles(rounds: number) {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    const bundles = new Map<string, Bundle>([['empty', bundleText('export const handler = 1;')]]);
    for (const name of FUNCTION_NAMES) {
      const bundle = await bundleFunction(name, pipeline);
      bundles.set(name, bundle);
      bundles.set(`${name} clients`, bundleText(clientsOf(bundle)));
    }
    const times = importTimes(folder, bundles, rounds);
    const bytesOf = (name: string) => Buffer.byteLength(bundles.get(name)?.code ?? '');
    const timesOf = (name: string): Times => {
      const list = times.get(name) ?? [];
      return { importMs: rounded(median(list), 10), leastMs: rounded(Math.min(...list), 10) };
    };
    const figures = FUNCTION_NAMES.map((name): [FunctionName, BundleFigures] => {
      const bundle = bundles.get(name);
      const clients = `${name} clients`;
      const parts = bundle === undefined ? [] : partsOf(bundle).slice(0, PARTS_SHOWN);
      const most = RATIO_MAX[name];
      return [
        name,
        {
          bytes: bytesOf(name),
          gzipBytes: gzipSync(bundle?.code ?? '').length,
          largest: Object.fromEntries(parts.map(([part, bytes]) => [part || 'slipway', bytes])),
          ...timesOf(name),
          clientsOnly: { bytes: bytesOf(clients), ...timesOf(clients) },
          ratio: rounded(timesOf(name).leastMs / timesOf(clients).leastMs, 100),
          ...(most === undefined ? {} : { ratioMax: most }),
        },
      ];
    });
    return {
      node: process.version,
      rounds,
      empty: timesOf('empty'),
      functions: Object.fromEntries(figures),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A module that imports what our files in this bundle import from the SDK, and nothing else. */
export function clientsOf({ metafile }: Bundle): string {
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

/** In ms. One round asks each bundle once, so that a busy minute slows them all alike. */
function importTimes(
  folder: string,
  bundles: ReadonlyMap<string, Bundle>,
  rounds: number,
): ReadonlyMap<string, readonly number[]> {
  const files = [...bundles].map(([name, { code }]) => {
    const place = join(folder, name.replace(' ', '-'));
    mkdirSync(place);
    writeFileSync(join(place, BUNDLE_FILE), code);
    return [name, join(place, BUNDLE_FILE)] as const;
  });
  const times = new Map<string, number[]>(files.map(([name]) => [name, []]));
  // The first round fills the file cache and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, file] of files) {
      const ms = importOnce(file);
      if (round > 0) times.get(name)?.push(ms);
    }
  }
  return times;
}

function importOnce(file: string): number {
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', ENTRY, file], {
    encoding: 'utf8',
    env: { AWS_REGION: pipeline.region },
  });
  return Number(output);
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function rounded(value: number, factor: number): number {
  return Math.round(value * factor) / factor;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
  console.log(JSON.stringify(await measureBundles(Number(values.rounds)), null, 2));
}
