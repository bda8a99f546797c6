/** What a service was sent back from, read off what it ran in turn, where our own record was lost. */
import { expect, test } from 'vitest';
import { type Content, sentBackFrom } from '../../../shared/core/release/sent-back.ts';

const app = (...digests: readonly string[]): readonly Content[] =>
  digests.map((digest) => ({ app: digest }));

test.each<[what: string, ran: readonly Content[], sentBack: readonly string[]]>([
  ['nothing ran', [], []],
  ['one after the other', app('a', 'b', 'c'), []],
  ['b between two times of a', app('a', 'b', 'a'), ['b']],
  ['b and c between two times of a', app('a', 'b', 'c', 'a'), ['b', 'c']],
  ['b, and then it went on to c', app('a', 'b', 'a', 'c'), ['b']],
  ['b runs now: it came again', app('a', 'b', 'a', 'b'), []],
  ['the same content twice in turn is no return', app('a', 'b', 'b'), []],
  ['a came before both times of b', app('a', 'b', 'c', 'b'), ['c']],
])('%s', (_, ran, sentBack) => {
  expect(sentBackFrom(ran)).toEqual(sentBack);
});

test('the order in which the containers are named is no difference', () => {
  const one = { app: 'a', log: 'x' };
  const other = { log: 'x', app: 'a' };
  expect(sentBackFrom([one, { app: 'b', log: 'x' }, other])).toEqual(['b']);
});
