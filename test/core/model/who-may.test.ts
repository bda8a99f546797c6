/** Who may say yes, and how findings are sorted: what is compared word by word. */
import { expect, test } from 'vitest';
import { mayApprove } from '../../../shared/core/model/approval.ts';
import { byGravity } from '../../../shared/core/model/severity.ts';

test.each([
  ['ada*', 'AROA:ada@example.com', true],
  ['*@example.com', 'AROA:ada@example.com', true],
  ['a*@*.com', 'AROA:ada@example.com', true],
  ['a*@*@*', 'AROA:ada@example.com', false],
  ['*b*', 'AROA:ada@example.com', false],
  ['ada', 'AROA:ada@example.com', false],
  ['ab*ba', 'AROA:aba', false],
  ['ab*ba', 'AROA:abba', true],
  ['AROA:*', 'AROA:ada@example.com', true],
  ['other:*', 'AROA:ada@example.com', false],
])('%s means %s: %s', (entry, sender, may) => {
  expect(mayApprove({ by: [entry] }, sender)).toBe(may);
});

test('where nobody is named everybody may; where nobody fits nobody', () => {
  expect(mayApprove({}, 'AROA:ada')).toBe(true);
  expect(mayApprove({ by: [] }, 'AROA:ada')).toBe(false);
});

test('the gravest finding comes first; of one severity they are sorted by id', () => {
  const found = [
    { id: 'b', severity: 'LOW' },
    { id: 'a', severity: 'LOW' },
    { id: 'c', severity: 'CRITICAL' },
    { id: 'd', severity: 'HIGH' },
    { id: 'a', severity: 'LOW' },
  ] as const;
  expect(
    found
      .toSorted(byGravity)
      .map(({ id }) => id)
      .join(''),
  ).toBe('cdaab');
});
