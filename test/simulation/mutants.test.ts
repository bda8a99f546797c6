/** The rules that guard us are guarded: whoever takes one out is noticed by the simulation. */
import { describe, expect, test } from 'vitest';
import { run } from './kill.ts';
import { MUTANTS } from './mutants.ts';

describe('the simulation kills', () => {
  test.for(MUTANTS)('$name', async (mutant) => {
    const { seed, rule } = mutant.killedBy;
    const verdict = await run(mutant, seed, 1);
    expect(verdict).toMatchObject({ killed: true, seed });
    expect(verdict.said).toContain(rule);
  });
});
