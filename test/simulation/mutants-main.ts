/**
 * `npm run simulate:mutants`: which scene or world kills each mutant first, and by which rule. What it
 * finds stands in `verdicts.json`, so that the next run tries that killer before it searches.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { readArguments, wholeNumber } from '../../bench/arguments.ts';
import { run, runInStory, type Verdict } from './kill.ts';
import { MUTANTS } from './mutants.ts';
import { RULE_MUTANTS, SEMANTIC_MUTANTS } from './semantic-mutants.ts';
import { parseScene } from './stages/parse-scene.ts';
import type { Scene } from './stages/play.ts';
import { STORY_MUTANTS } from './story-mutants.ts';
import { SURVIVORS, type Verdicts } from './verdicts.ts';

const HELP = `npm run simulate:mutants -- [--seeds N] [--sample N] [--only TEXT] [--known] [--write]
                            [--scene 'PHASE / EVENT / FAULT']

  --seeds N   worlds for each, 300 unless told
  --plain     every scene without a fault, before the sample
  --sample N  every N-th scene before them, 89 unless told; 0: none
  --only TEXT those whose name has this text
  --known     only what killed each before: no search
  --scene S   only this scene, with its log if --verbose
  --write     puts what was found into verdicts.json`;

const values = readArguments(HELP, {
  seeds: { type: 'string', default: '300' },
  sample: { type: 'string', default: '89' },
  only: { type: 'string', default: '' },
  plain: { type: 'boolean', default: false },
  known: { type: 'boolean', default: false },
  scene: { type: 'string' },
  verbose: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
});

const FILE = new URL('verdicts.json', import.meta.url);
const verdicts = { ...(JSON.parse(readFileSync(FILE, 'utf8')) as Verdicts) };
type Each = (typeof MUTANTS)[number] | (typeof SEMANTIC_MUTANTS)[number];

/** What killed it before, and what `npm test` plays. */
function knownOf(name: string): { readonly scenes: readonly Scene[]; readonly seed?: number } {
  const by = MUTANTS.find((one) => one.name === name)?.killedBy;
  const before = verdicts[name];
  const scenes = [
    ...(by !== undefined && 'scene' in by ? [by.scene] : []),
    ...RULE_MUTANTS.flatMap((one) =>
      one.name === name && 'scene' in one ? [parseScene(one.scene)] : [],
    ),
    ...(before?.scene === undefined ? [] : [parseScene(before.scene)]),
  ];
  const seed = before?.seed;
  return seed === undefined ? { scenes } : { scenes, seed };
}

async function verdictOn(mutant: Each): Promise<Verdict> {
  if (values.scene !== undefined) {
    return await run(mutant, { scenes: [parseScene(values.scene)], verbose: values.verbose });
  }
  const { scenes, seed } = knownOf(mutant.name);
  if (scenes.length > 0 || seed !== undefined) {
    const one = seed === undefined ? {} : { from: seed, seeds: 1 };
    const verdict = await run(mutant, { scenes, ...one });
    if (verdict.killed || values.known) return verdict;
  }
  if (values.known) return { killed: false, said: 'nothing is known to kill it' };
  const sample = wholeNumber(HELP, 'sample', values.sample, 0);
  const seeds = wholeNumber(HELP, 'seeds', values.seeds, 0);
  return await run(mutant, { plain: values.plain, sample, from: 1, seeds });
}

const survivors: string[] = [];
let killed = 0;
for (const mutant of STORY_MUTANTS) {
  const { name } = mutant;
  if (!name.includes(values.only) || values.scene !== undefined) continue;
  const verdict = await runInStory(mutant);
  if (verdict.killed) killed++;
  else survivors.push(name);
  const by = verdict.killed ? `killed by the story ${mutant.story}` : 'SURVIVES';
  console.log(`${by}  ${name}\n    ${verdict.said.slice(0, 180)}`);
}
for (const mutant of [...MUTANTS, ...SEMANTIC_MUTANTS]) {
  const { name } = mutant;
  if (!name.includes(values.only)) continue;
  const began = performance.now();
  const verdict = await verdictOn(mutant);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const rule = 'breaks' in mutant ? `breaks ${mutant.breaks}` : '';
  const by = verdict.scene === undefined ? `seed ${verdict.seed}` : `'${verdict.scene}'`;
  if (verdict.killed) killed++;
  else survivors.push(name);
  const why = SURVIVORS[name] === undefined ? '' : `, as it should: ${SURVIVORS[name]}`;
  console.log(
    `${verdict.killed ? `killed by ${by}` : `SURVIVES${why}`}  ${name}  ${rule} (${seconds} s)`,
  );
  console.log(`    ${verdict.said.slice(0, 180)}`);
  const { scene, seed } = verdict;
  const [rulesWords = ''] = verdict.said.split(':');
  if (scene !== undefined) verdicts[name] = { scene, rule: rulesWords };
  else if (seed !== undefined) verdicts[name] = { seed, rule: rulesWords };
  else if (!values.known && values.scene === undefined) delete verdicts[name];
  if (values.write) {
    const names = [...MUTANTS, ...SEMANTIC_MUTANTS].map((one) => one.name);
    const sorted = names.flatMap((one) => {
      const found = verdicts[one];
      return found === undefined ? [] : [[one, found] as const];
    });
    writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
  }
}
console.log(`${killed} killed, ${survivors.length} survive${survivors.map((one) => `\n  ${one}`)}`);
process.exitCode = survivors.some((name) => SURVIVORS[name] === undefined) ? 1 : 0;
