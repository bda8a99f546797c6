/**
 * A process of its own: our code with one rule of its text changed, in memory, against scenes and
 * worlds until one breaks. Its one argument is a `Hunt` as JSON; it prints a `Verdict` as JSON.
 */
import { editCode, type PlacedEdit } from './edited-code.ts';
import type { Scene } from './stages/play.ts';

export interface Hunt {
  readonly edits: readonly PlacedEdit[];
  /** Every so manieth scene; 0: none. */
  readonly sample: number;
  /** These scenes, before all others. */
  readonly scenes: readonly Scene[];
  /** Then every phase with every event, without a fault. */
  readonly plain: boolean;
  readonly from: number;
  readonly seeds: number;
  /** Prints the whole log of each scene. */
  readonly verbose: boolean;
  /** Only what breaks this kills: a part of the sentence; empty: anything. */
  readonly rule: string;
}

export interface Verdict {
  readonly killed: boolean;
  /** The first seed that killed it, or the scene. */
  readonly seed?: number;
  readonly scene?: string;
  /** What it broke. */
  readonly said: string;
}

const hunt = JSON.parse(process.argv[2] ?? '{}') as Hunt;
editCode(hunt.edits);

const { describeScene, play } = await import('./stages/play.ts');
const { faultless, sampleOf } = await import('./stages/sample.ts');
const { unknownOf } = await import('./oracle/known.ts');
const { drawWorld, simulate } = await import('./simulate.ts');

const isMeant = (line: string) => line.includes(hunt.rule);

async function search(): Promise<Verdict> {
  const sampled = hunt.sample === 0 ? [] : sampleOf(hunt.sample);
  const plain = hunt.plain ? faultless() : [];
  for (const scene of [...hunt.scenes, ...plain, ...sampled]) {
    const where = describeScene(scene);
    const { broken, log } = await play(scene, { withLog: hunt.verbose });
    for (const line of log) console.log(line);
    const said = unknownOf(broken, where).find(isMeant);
    if (said !== undefined) return { killed: true, scene: where, said };
  }
  const isOfSources = hunt.edits.every(({ file }) => file.includes('/core/source/'));
  for (let seed = hunt.from; seed < hunt.from + hunt.seeds; seed++) {
    const world = drawWorld(seed);
    // Nothing of it runs there.
    if (isOfSources && world.settings.git === undefined) continue;
    const said = (await simulate(world)).broken.find(isMeant);
    if (said !== undefined) return { killed: true, seed, said };
  }
  return { killed: false, said: 'nothing broke' };
}

console.log(JSON.stringify(await search()));
