/** A sample of the crash sweep, one crash in each scenario, spread over all of their ways; `npm run simulate:crashes` takes them all. */
import { expect, test } from 'vitest';
import { runProgram } from './program.ts';

const MAIN = new URL('crashes-main.ts', import.meta.url);
const SHIFTS = 16;

test('a handler killed at any gate of any scenario breaks no rule, and it comes to rest as without', {
  timeout: 600_000,
}, async () => {
  const sample = ['--once', '--shifts', `${SHIFTS}`];
  const half = (part: number) => runProgram(MAIN, [...sample, '--part', `${part}/2`]);
  const both = await Promise.all([half(1), half(2)]);
  for (const said of both) {
    expect(said.split('\n').at(-1)).toMatch(/^([2-9]\d) scenarios, \1 crashes, 0 broken/);
  }
});
