/** docs/troubleshooting.md says of each gate what ends it, by the rule that `explain` prints, and in that order. */
import { expect, test } from 'vitest';
import { GATES } from '../../shared/core/gates/gates.ts';
import { rowsOf } from './pages.ts';

test('every gate has a row, in the order in which they are asked', () => {
  const rules = GATES.map(({ rule }) => rule);
  const first = rowsOf('docs/troubleshooting.md').map(([cell]) => cell);
  expect(first.slice(0, rules.length)).toEqual(rules);
});
