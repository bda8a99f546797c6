/** The rules that guard us are guarded: whoever takes one out is noticed by the simulation. */
import { describe, expect, test } from 'vitest';
import { run } from './kill.ts';
import { MUTANTS, WORLDS } from './mutants.ts';
import { editsOf, patternOf, placeOf } from './place.ts';
import { RULE_MUTANTS, SEMANTIC_MUTANTS } from './semantic-mutants.ts';
import { parseScene } from './stages/parse-scene.ts';

describe('the simulation kills', () => {
  test.for(MUTANTS)('$name', async (mutant) => {
    const { rule, ...by } = mutant.killedBy;
    const hunted = 'from' in by ? { from: by.from, seeds: WORLDS } : { scenes: [by.scene] };
    const verdict = await run(mutant, { ...hunted, rule });
    expect(verdict).toMatchObject({ killed: true, said: expect.stringContaining(rule) });
  });
});

/** All of them, with the rest of the mutants: `npm run simulate:mutants -- --known`. */
const EVERY = 8;
const SAMPLE = RULE_MUTANTS.filter((_, at) => at % EVERY === 0);

describe('one scene or world kills, of each rule,', () => {
  test.for(SAMPLE)('$rule: $name', async (one) => {
    const { name, rule } = one;
    const mutant = SEMANTIC_MUTANTS.find((each) => each.name === name);
    if (mutant === undefined) throw new Error(`no mutant is called "${name}"`);
    const where =
      'seed' in one ? { from: one.seed, seeds: 1 } : { scenes: [parseScene(one.scene)] };
    const verdict = await run(mutant, { ...where, rule });
    expect(verdict).toMatchObject({ killed: true, said: expect.stringMatching(`^${rule}`) });
  });
});

describe("a mutant's text", () => {
  test.for([...MUTANTS, ...SEMANTIC_MUTANTS])(
    'stands exactly once in our code: $name',
    (mutant) => {
      for (const { text, replace } of editsOf(mutant)) expect(text).not.toBe(replace);
    },
  );

  test('is found however it is formatted', () => {
    const pattern = patternOf('leave(record, { names: [one] })');
    expect('leave(\n  record,\n  { names: [\n one,\n ] },\n)').toMatch(pattern);
    expect('leave(record, { names: [other] })').not.toMatch(pattern);
  });

  test('is no part of a longer word', () => {
    expect('unlifted = lifteds').not.toMatch(patternOf('lifted'));
  });

  test('that is gone, or stands twice, is told', () => {
    const mutant = { name: 'm', file: 'shared/core/decide.ts', replace: '' };
    expect(() => placeOf({ ...mutant, find: 'no such sentence in here' })).toThrow(
      'stands 0 times',
    );
    expect(() => placeOf({ ...mutant, find: 'export function' })).toThrow(/stands \d+ times/);
  });

  test('that was moved is found where it stands now', () => {
    const [mutant] = SEMANTIC_MUTANTS;
    if (mutant === undefined) throw new Error('there are no mutants');
    const moved = { ...mutant, file: 'shared/core/phases/gone-from-here.ts' };
    expect(placeOf(moved)).toEqual(placeOf(mutant));
  });
});
