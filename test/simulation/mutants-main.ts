/** `npm run simulate:mutants`: which scene or world kills each mutant first, and by which rule. */
import { parseArgs } from 'node:util';
import { run } from './kill.ts';
import { MUTANTS } from './mutants.ts';
import { RULE_MUTANTS, SEMANTIC_MUTANTS } from './semantic-mutants.ts';
import type { Scene } from './stages/play.ts';

const HELP = `npm run simulate:mutants -- [--seeds N] [--sample N] [--only TEXT]

  --seeds N   worlds for each, 300 unless told
  --sample N  every N-th scene before them, 89 unless told; 0: none
  --only TEXT those whose name has this text`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    sample: { type: 'string', default: '89' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
/** Those that `npm test` plays come first. */
function scenesOf(name: string): readonly Scene[] {
  const by = MUTANTS.find((one) => one.name === name)?.killedBy;
  const mine = by !== undefined && 'scene' in by ? [by.scene] : [];
  return [...mine, ...RULE_MUTANTS.filter((one) => one.name === name).map(({ scene }) => scene)];
}

const seeds = Number(values.seeds);
const sample = Number(values.sample);
const survivors: string[] = [];
let killed = 0;
for (const mutant of [...MUTANTS, ...SEMANTIC_MUTANTS]) {
  if (!mutant.name.includes(values.only)) continue;
  const began = performance.now();
  const verdict = await run(mutant, { scenes: scenesOf(mutant.name), sample, from: 1, seeds });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const rule = 'breaks' in mutant ? `breaks ${mutant.breaks}` : '';
  const by = verdict.scene === undefined ? `seed ${verdict.seed}` : `'${verdict.scene}'`;
  if (verdict.killed) killed++;
  else survivors.push(mutant.name);
  console.log(
    `${verdict.killed ? `killed by ${by}` : 'SURVIVES'}  ${mutant.name}  ${rule} (${seconds} s)`,
  );
  console.log(`    ${verdict.said.slice(0, 180)}`);
}
console.log(`${killed} killed, ${survivors.length} survive${survivors.map((one) => `\n  ${one}`)}`);
process.exitCode = survivors.length === 0 ? 0 : 1;
