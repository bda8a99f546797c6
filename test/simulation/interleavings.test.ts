/** Handlers of one target at once, in a fixed set of orders; `npm run simulate:orders` draws others. */
import { expect, test } from 'vitest';
import { runProgram } from './program.ts';

const MAIN = new URL('interleavings-main.ts', import.meta.url);

test('two and three handlers at once, in any order, break nothing', {
  timeout: 600_000,
}, async () => {
  const said = await runProgram(MAIN, ['--seed', '5', '--runs', '30']);
  expect(said.split('\n').at(-1)).toBe('5 scenes, 30 orders of each, 0 broken');
});
