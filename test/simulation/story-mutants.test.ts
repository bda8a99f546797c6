/** What freezes and promotes is guarded by stories: a mutant of it ends one otherwise. */
import { expect, test } from 'vitest';
import { runInStory } from './kill.ts';
import { editsOf } from './place.ts';
import { STORY_MUTANTS } from './story-mutants.ts';

test.for(STORY_MUTANTS)('the text of a mutant stands exactly once: $name', (mutant) => {
  for (const { text, replace } of editsOf(mutant)) expect(text).not.toBe(replace);
});

/** All of them: `npm run simulate:mutants`. */
test.for(STORY_MUTANTS.slice(0, 1))('a story kills: $name', async (mutant) => {
  const verdict = await runInStory(mutant);
  expect(verdict).toMatchObject({ killed: true, said: expect.stringContaining(mutant.said) });
});
