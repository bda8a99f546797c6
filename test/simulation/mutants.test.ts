/** The rules that guard us are guarded: whoever takes one out is noticed by the simulation. */
import { describe, expect, test } from 'vitest';
import { run } from './kill.ts';
import { MUTANTS } from './mutants.ts';
import { RULE_MUTANTS, SEMANTIC_MUTANTS } from './semantic-mutants.ts';

describe('the simulation kills', () => {
  test.for(MUTANTS)('$name', async (mutant) => {
    const { rule, ...by } = mutant.killedBy;
    const hunted = 'seed' in by ? { from: by.seed, seeds: 1 } : { scenes: [by.scene] };
    const verdict = await run(mutant, hunted);
    expect(verdict.killed).toBe(true);
    expect(verdict.said).toContain(rule);
  });
});

describe('one scene kills, of each rule,', () => {
  test.for(RULE_MUTANTS)('$name', async ({ name, scene, rule }) => {
    const mutant = SEMANTIC_MUTANTS.find((one) => one.name === name);
    if (mutant === undefined) throw new Error(`no mutant is called "${name}"`);
    const verdict = await run(mutant, { scenes: [scene] });
    expect(verdict).toMatchObject({ killed: true });
    // The rule that it was said to break, and not another one by accident.
    expect(verdict.said.startsWith(rule ?? `${mutant.breaks}. `)).toBe(true);
  });
});
