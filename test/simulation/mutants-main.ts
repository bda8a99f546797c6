/** `npm run simulate:mutants`: which seed kills each mutant first, and by which rule. */
import { run } from './kill.ts';
import { MUTANTS } from './mutants.ts';

let survivors = 0;
for (const mutant of MUTANTS) {
  const began = performance.now();
  const { killed, seed, said } = await run(mutant, 1, 400);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (!killed) survivors++;
  console.log(`${killed ? `killed by seed ${seed}` : 'SURVIVES'}  ${mutant.name}  (${seconds} s)`);
  console.log(`    ${said.slice(0, 160)}`);
}
process.exitCode = survivors === 0 ? 0 : 1;
